"""Documents as people write them: Markdown with a head, a section for each thing that the asks want to see."""

from __future__ import annotations

from collections.abc import Iterable

from govern.catalogue.objects import Ask, Kind
from govern.facts.moments import Instant, iso_date
from govern.jobs.demo.chance import pick

_SHOWN = (
    "Yes. It was checked on the day of this document and is described in section {number}.",
    "Yes; the owner confirmed it in writing and the register entry is linked.",
    "Shown: the working papers of the team carry date, author and result.",
    "In place since the last release; the sample taken for this document had no exception.",
    "Done. Two people looked at it independently and agree.",
    "Yes. One remark was left and closed within a week.",
)
_MISSING = "Not yet. The team plans this for the coming quarter."


def document(kind: Kind, title: str, system: str, author: str, worked: Instant, number: int, asks: Iterable[Ask],
             gap: str | None = None) -> bytes:
    """A document of a kind; `gap` is the id of a check that it admits to be missing."""
    lines = [
        f"# {title}", "", f"| {'Field':<12} | Value |", "| --- | --- |", f"| Subject | {system} |",
        f"| Kind | {kind.title} |", f"| Version | {number}.0 |", f"| Date | {iso_date(worked)} |",
        f"| Author | {author} |", f"| Reviewer | {kind.reviewer} |", "", f"{kind.meaning}.", "",
    ]
    section = 0
    for ask in asks:
        for check in ask.checks:
            section += 1
            said = _MISSING if check.id == gap else pick(_SHOWN, title, number, check.id).format(number=section)
            lines += [f"## {section}. {check.question.rstrip('?')}", "", said, ""]
    lines += ["## Changes", "", f"- {iso_date(worked)}: version {number}.0, {author}", ""]
    return "\n".join(lines).encode()
