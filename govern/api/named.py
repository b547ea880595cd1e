"""Finding evidence and its versions for an address, and what they speak of."""

from __future__ import annotations

from dataclasses import replace

from govern.access.actor import Reader
from govern.api.reading import plain_key
from govern.door.visit import visit
from govern.errors import NotFound
from govern.evidence.findings_text import from_text
from govern.facts.evidence import About, Evidence, Version
from govern.records.evidence import evidence, findings_text_of, last_touched
from govern.records.people import units
from govern.records.systems import system_by_key
from govern.schemas.outputs_evidence import Subject

_GONE = "There is no such evidence."
_MEND = "Check the address, or ask for access."


def named_evidence(at: Reader, key: str) -> Evidence:
    """A piece of evidence with all its versions; raises NotFound, also when it is out of the reader's scope."""
    found = evidence(visit().connection, at, plain_key(key, "evidence"))
    if found is None:
        raise NotFound(_GONE, mend=_MEND)
    return found


def named_version(found: Evidence, number: int) -> Version:
    """A version by its number; raises NotFound."""
    version = next((one for one in found.versions if one.number == number), None)
    if version is None:
        raise NotFound(f"This evidence has no version {number}.", mend=_MEND)
    return version


def with_detail(version: Version) -> Version:
    """The version with its whole findings, tables and notes included."""
    text = findings_text_of(visit().connection, version.key)
    return replace(version, findings=from_text(text)) if text else version


def subject_of(at: Reader, about: About, key: str | None) -> Subject:
    """What evidence speaks of, with its short name."""
    if key is None:
        return Subject(about, None, None)
    if about is About.UNIT:
        unit = units(visit().connection, at.position).get(key)
        return Subject(about, key, unit.slug if unit else None)
    system = system_by_key(visit().connection, at, key)
    return Subject(about, key, system.slug if system else None)


def tag_of(at: Reader, found: Evidence) -> str:
    """The ETag of a piece of evidence: its row, and the last entry that touched it, its versions, links or reviews."""
    last = last_touched(visit().connection, found.key) if at.position is None else at.position
    return f"{found.row}.{last}"
