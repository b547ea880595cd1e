"""The files of a bundle, and what is submitted and said of them."""

from __future__ import annotations

import io

from govern.actions.office import Office
from govern.catalogue.objects import Catalogue
from govern.evidence.filename import clean_name
from govern.evidence.media import media_type
from govern.evidence.readers import read_file as read_content
from govern.facts.commands import ReadFile
from govern.facts.evidence import Answered, Basis, Reply
from govern.facts.findings import Findings, Value
from govern.facts.moments import Instant
from govern.jobs.demo import tools
from govern.jobs.demo.chance import between
from govern.jobs.demo.documents import document
from govern.jobs.demo.plan import Bundle, Fate

BY_HAND = "by-hand/1"


def gap_of(bundle: Bundle) -> tuple[str, str] | None:
    """(ask, check) that a failing bundle is told «no» for: the first question that no expression decides."""
    for ask in bundle.asks:
        for check in ask.checks:
            if not check.computed_for(bundle.kind):
                return ask.id, check.id
    return None


def _file(catalogue: Catalogue, bundle: Bundle, subject: str, slug: str, author: str, number: int,
          worked: Instant) -> tuple[bytes, str]:
    last = number == len(bundle.worked)
    failing = bundle.fate is Fate.FAILING and last
    if bundle.kind == "adversarial-test-report":
        worst = 0.11 if failing else 0.032 if last else 0.045
        return tools.garak_report(slug, worked, number, worst), f"garak.{slug}.{number}.report.jsonl"
    if bundle.kind == "aibom":
        return tools.cyclonedx_bill(subject, slug, worked, number), f"{slug}-{number}.cdx.json"
    if bundle.kind == "threat-model":
        return tools.threat_model(subject, slug, worked, number, 3 if failing else 0), f"{slug}-threat-model-{number}.json"
    gap = gap_of(bundle)
    text = document(catalogue.kinds[bundle.kind], f"{bundle.title}, {subject}", subject, author, worked, number,
                    bundle.asks, gap[1] if failing and gap else None)
    return text, f"{bundle.kind}-{slug}-{number}.md"


def _by_hand(catalogue: Catalogue, bundle: Bundle, number: int) -> Findings | None:
    """Values that a person typed for a kind that has fields, such that its checks pass (or, failing, do not)."""
    fields = catalogue.kinds[bundle.kind].fields
    if not fields or bundle.fate is Fate.UNDECIDED:
        return None
    failing = bundle.fate is Fate.FAILING and number == len(bundle.worked)
    stated: dict[str, Value] = {}
    for field in fields:
        stated[field.name] = _TOOL.get(bundle.kind, "stated by hand") if field.name == "tool" else _value(
            field.name, field.type, bundle.title, failing)
    return Findings(bundle.kind, stated)


_BAD = ("failed", "errors", "findings.critical", "findings.high", "not_judged", "excessive", "breaches", "skipped",
        "risks.without_owner", "risks.high_untreated", "entries.without_owner", "items.left", "open.critical", "open.high",
        "files.without_digest")
_TOOL = {"scan-report": "trivy", "evaluation-report": "inspect"}
_GOOD_SHARE = ("rate.pass", "rate.completed")


def _value(name: str, type_: str, title: str, failing: bool) -> Value:
    if type_ == "bool":
        return True
    if type_ == "string":
        return {"tool_version": "1.4.2", "target": "release candidate"}.get(name, "stated by hand")
    if name in _BAD:
        return 3 if failing else 0
    if type_ == "double":
        return 0.97 if name in _GOOD_SHARE else 0.02
    total = between(40, 400, title, "total")
    return total if name in ("cases", "tests", "passed", "people", "completed", "accounts", "entries.total",
                             "risks.total", "files", "items.total", "metrics", "total") else between(0, 9, title, name)


def read_file(office: Office, catalogue: Catalogue, bundle: Bundle, subject: str, slug: str, author: str, number: int,
              worked: Instant) -> ReadFile:
    """Write a version's file into the vault and read it, as an upload does."""
    content, filename = _file(catalogue, bundle, subject, slug, author, number, worked)
    blob = office.vault.receive(io.BytesIO(content), len(content) + 1)
    name = clean_name(filename)
    reading = read_content(io.BytesIO(content), name)
    findings = reading.findings or _by_hand(catalogue, bundle, number)
    recognised = reading.recognised
    reader = reading.reader or (BY_HAND if findings else "")
    return ReadFile(blob.sha256, blob.size, name, media_type(blob.head, name), recognised.format, recognised.sure,
                    recognised.why, reader, findings, reading.problem)


def basis_of(bundle: Bundle) -> Basis:
    """The strongest basis that any of its asks wants."""
    wanted = {ask.basis for ask in bundle.asks}
    return Basis.TESTED if "tested" in wanted else Basis.ATTESTED if "attested" in wanted else Basis.CLAIMED


def answers(bundle: Bundle, number: int) -> tuple[Answered, ...]:
    """The reviewer's answers to a version."""
    last = number == len(bundle.worked)
    gap = gap_of(bundle) if bundle.fate is Fate.FAILING and last else None
    left = gap_of(bundle) if bundle.fate is Fate.UNDECIDED and last else None
    said = []
    for ask in bundle.asks:
        for check in ask.checks:
            if check.computed_for(bundle.kind) or (ask.id, check.id) == left:
                continue
            reply = Reply.NO if (ask.id, check.id) == gap else Reply.YES
            said.append(Answered(ask.id, check.id, reply))
    return tuple(said)


