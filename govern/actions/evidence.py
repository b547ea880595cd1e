"""Submitting evidence: a file as something new, or as a new version of what is there; and the controls it speaks for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert

from govern.access.actor import Actor, Place
from govern.access.policy import Act
from govern.actions.office import Office, authorise, known_controls
from govern.actions.standing import standing_review
from govern.assurance.setting import holds, vocables
from govern.catalogue.objects import Catalogue
from govern.errors import BlobMissing, Duplicate, InputRefused, NotFound
from govern.evidence.findings_text import to_text
from govern.facts.audit import Action
from govern.facts.commands import LinkEvidence, ReadFile, SubmitEvidence
from govern.facts.evidence import About, Evidence, Version
from govern.facts.moments import DAY, Instant
from govern.facts.systems import RequestState
from govern.records import control as control_query
from govern.records import evidence as query
from govern.records.decode import stated_from, stated_text
from govern.records.people import units
from govern.records.readers import reader_for
from govern.records.systems import place_of, system_by_key
from govern.records.tables.control import RequestRow
from govern.records.tables.evidence import EvidenceRow, LinkRow, ReviewRow, VersionRow
from govern.records.tables.ledger import ORGANISATION
from govern.records.tables.plain import WaitingRow
from govern.records.tailoring import circumstances_of
from govern.records.work import Done, Once, Work, perform


@dataclass(frozen=True)
class Submitted:
    """What became of a submission. `accepted` tells that a standing acceptance took it."""

    evidence: str
    version: str
    number: int
    controls: tuple[str, ...]
    answered: tuple[str, ...]
    accepted: bool
    problem: str | None


def submit_evidence(office: Office, actor: Actor, command: SubmitEvidence, now: Instant, *,
                    once: Once[Submitted] | None = None) -> Done[Submitted]:
    """Record a file that lies in the vault as evidence; it waits for review unless a standing acceptance takes it."""

    def act(work: Work) -> Submitted:
        catalogue = office.catalogue(work.connection)
        before = _before(work, actor, command)
        about, about_key = (before.about, before.about_key) if before else (command.about, command.about_key)
        place = _place(work, actor, about, about_key)
        authorise(actor, Act.SUBMIT, place)
        kind = before.kind if before else command.kind
        _check(office, work, actor, catalogue, command, kind, about_key, before)
        ground = [about_key or ORGANISATION] + ([ORGANISATION] if about is About.UNIT else [])
        key = before.key if before else work.thing("evidence")
        if before is None:
            work.put(EvidenceRow, key, {
                "title": command.title, "kind": kind, "about": about.value, "about_key": about_key,
                "layer": command.layer, "basis": command.basis.value, "note": command.note,
            }, touches=ground)
        controls = _link(work, actor, catalogue, command, kind, about_key, before, key, ground)
        version = _write_version(work, actor, command, key, before, ground)
        accepted = _review_by_standing(office, work, actor, command, catalogue, key, kind, controls, version, before,
                                       place, ground)
        answered = _answer_requests(work, command, about_key, controls, key, actor)
        return Submitted(key, version.key, version.number, tuple(sorted(controls)), answered, accepted,
                         command.file.problem)

    return perform(office.store, actor=actor.key, action=Action.EVIDENCE_SUBMIT, now=now, act=act, once=once)


def _before(work: Work, actor: Actor, command: SubmitEvidence) -> Evidence | None:
    if command.evidence is None:
        return None
    reader = reader_for(work.connection, actor, None, work.now)
    found = query.evidence(work.connection, reader, command.evidence)
    if found is None:
        raise NotFound("There is no such evidence to add a version to.", field="evidence",
                       mend="Leave it out to submit something new.")
    work.watch(found.key)
    return found


def _place(work: Work, actor: Actor, about: About, about_key: str | None) -> Place:
    if about in (About.RELEASE, About.ASSET):
        raise InputRefused("Releases and assets are not registered here yet.", field="about",
                           mend="Submit it about the system, and name the release or asset in the title.")
    if (about_key is None) != (about is About.ORGANISATION):
        raise InputRefused("Evidence about a system or unit names it; about the organisation it names nothing.",
                           field="about")
    if about is About.SYSTEM and about_key is not None:
        reader = reader_for(work.connection, actor, None, work.now)
        if system_by_key(work.connection, reader, about_key) is None:
            raise NotFound("There is no such system.", field="about")
        work.watch(about_key)
        return place_of(work.connection, about_key)
    if about is About.UNIT and about_key not in units(work.connection):
        raise NotFound("There is no such unit.", field="about")
    return query.place_of_evidence(work.connection, about, about_key)


def _check(office: Office, work: Work, actor: Actor, catalogue: Catalogue, command: SubmitEvidence, kind: str,
           about_key: str | None, before: Evidence | None) -> None:
    if kind not in catalogue.kinds:
        raise InputRefused(f"There is no kind of evidence “{kind[:80]}”." if kind else "The kind of evidence is missing.",
                           field="kind", mend="Choose one from the list, such as threat-model or policy.")
    if command.layer is not None and command.layer not in {layer.id for layer in catalogue.layers}:
        raise InputRefused(f"There is no layer “{command.layer[:80]}”.", field="layer",
                           mend="Choose one from the list or none.")
    known_controls(catalogue, command.controls or frozenset())
    for field, instant in (("worked", command.worked), ("period_until", command.period_until)):
        if instant is not None and instant > work.now + DAY:
            raise InputRefused("This day has not come yet.", field=field, mend="Write the day of the work itself.")
    if command.period_from and command.period_until and command.period_from > command.period_until:
        raise InputRefused("The period ends before it begins.", field="period_until", mend="Exchange the two days.")
    if not office.vault.has(command.file.sha256):
        raise BlobMissing("The file's bytes are not in the vault.", mend="Send the file again.")
    if before is not None and any(version.sha256 == command.file.sha256 for version in before.versions):
        number = next(one.number for one in before.versions if one.sha256 == command.file.sha256)
        raise Duplicate(f"These bytes are version {number} of this evidence already.", field="file",
                        existing=before.key, mend="Nothing was changed. Send the new file, or look at that version.")
    if before is None:
        _refuse_same_bytes(work, actor, command, about_key)


def _refuse_same_bytes(work: Work, actor: Actor, command: SubmitEvidence, about_key: str | None) -> None:
    reader = reader_for(work.connection, actor, None, work.now)
    for key, title, number in query.same_bytes(work.connection, reader, command.file.sha256):
        found = query.evidence(work.connection, reader, key)
        if found is not None and found.about_key == about_key:
            raise Duplicate(f"These bytes are here already: “{title}”, version {number}.", field="file", existing=key,
                            mend="Nothing was changed. Link that evidence to more controls instead.")


def _link(work: Work, actor: Actor, catalogue: Catalogue, command: SubmitEvidence, kind: str, about_key: str | None,
          before: Evidence | None, key: str, ground: list[str]) -> frozenset[str]:
    linked = before.controls if before else frozenset()
    wanted = command.controls
    if wanted is None:
        wanted = frozenset() if before else _suggested(work, actor, catalogue, kind, about_key)
    for control in sorted(wanted - linked):
        work.put(LinkRow, work.thing("link"), {"evidence": key, "control": control}, touches=[key, *ground])
    return linked | wanted


def _suggested(work: Work, actor: Actor, catalogue: Catalogue, kind: str, about_key: str | None) -> frozenset[str]:
    """The controls that ask for this kind and apply to the system, or (no system) that ask for it at all."""
    asking = catalogue.controls_by_kind.get(kind, ())
    reader = reader_for(work.connection, actor, None, work.now)
    system = system_by_key(work.connection, reader, about_key) if about_key else None
    if system is None:
        return frozenset(asking)
    known, given = vocables(catalogue), circumstances_of(work.connection, catalogue, system)
    return frozenset(one for one in asking if holds(catalogue.controls[one].applies, known, given))


def _write_version(work: Work, actor: Actor, command: SubmitEvidence, key: str, before: Evidence | None,
                   ground: list[str]) -> Version:
    file: ReadFile = command.file
    number = (before.versions[-1].number if before and before.versions else 0) + 1
    version = work.thing("version")
    stated = stated_text(file.findings) if file.findings else None
    values = {
        "evidence": key, "number": number, "sha256": file.sha256, "size": file.size, "media_type": file.media_type,
        "filename": file.filename, "format": file.format, "sure": file.sure, "why": file.why, "reader": file.reader,
        "stated": stated, "findings": to_text(file.findings) if file.findings else None,
        "worked": command.worked if command.worked is not None else work.now, "period_from": command.period_from,
        "period_until": command.period_until, "expires": command.expires, "submitted_by": actor.key,
        "via_token": actor.token.key if actor.token else None, "submitted": work.now,
    }
    work.put(VersionRow, version, values, touches=[key, *ground])
    work.draft.blobs.add(file.sha256)
    findings, digest = stated_from(stated) if stated else (None, "")
    known = {name: value for name, value in values.items() if name not in ("stated", "findings")}
    # The row's columns and the fact's fields have the same names, which is what makes them one.
    return Version(key=version, findings=findings, findings_digest=digest, **known)  # type: ignore[arg-type] # each value is its column's


def _review_by_standing(office: Office, work: Work, actor: Actor, command: SubmitEvidence, catalogue: Catalogue,
                        key: str, kind: str, controls: frozenset[str], version: Version, before: Evidence | None,
                        place: Place, ground: list[str]) -> bool:
    candidate = Evidence(key, "", before.title if before else command.title, kind,
                         before.about if before else command.about, before.about_key if before else command.about_key,
                         command.layer, command.basis, command.note, controls,
                         (*(before.versions if before else ()), version))
    given = standing_review(work, catalogue, candidate, version)
    if given is None:
        work.afterwards(insert(WaitingRow).values(version=version.key, evidence=key, system=place.system,
                                                  submitted_by=actor.key, submitted=work.now))
        return False
    work.put(ReviewRow, work.thing("review"), given, touches=[version.key, key, *ground])
    return True


def _answer_requests(work: Work, command: SubmitEvidence, system: str | None, controls: frozenset[str], key: str,
                     actor: Actor) -> tuple[str, ...]:
    """Open requests that this answers: the named one, and those asked of the submitter on its controls."""
    if system is None:
        return ()
    answered: list[str] = []
    for one in control_query.open_requests_on(work.connection, system, controls):
        if one.key != command.request and one.asked_of != actor.key:
            continue
        work.put(RequestRow, one.key, {
            "system": one.system, "control": one.control, "asked_of": one.asked_of, "asked_by": one.asked_by,
            "due": one.due, "note": one.note, "state": RequestState.ANSWERED.value, "answer": key, "asked": one.asked,
        }, touches=[one.system], replaces=True)
        answered.append(one.key)
    return tuple(answered)


def link_evidence(office: Office, actor: Actor, command: LinkEvidence, now: Instant) -> Done[frozenset[str]]:
    """Set the controls that a piece of evidence speaks for; gives them."""

    def act(work: Work) -> frozenset[str]:
        reader = reader_for(work.connection, actor, None, work.now)
        found = query.evidence(work.connection, reader, command.evidence)
        if found is None:
            raise NotFound("There is no such evidence.", mend="Check the address, or ask for access.")
        authorise(actor, Act.SUBMIT, query.place_of_evidence(work.connection, found.about, found.about_key))
        known_controls(office.catalogue(work.connection), command.controls)
        work.watch(found.key)
        ground = [found.key, found.about_key or ORGANISATION] + ([ORGANISATION] if found.about is About.UNIT else [])
        keys = query.link_keys(work.connection, found.key)
        for control in sorted(command.controls - keys.keys()):
            work.put(LinkRow, work.thing("link"), {"evidence": found.key, "control": control}, touches=ground)
        for control in sorted(keys.keys() - command.controls):
            work.close(LinkRow, keys[control], touches=ground)
        return command.controls

    return perform(office.store, actor=actor.key, action=Action.EVIDENCE_LINK, now=now, act=act)
