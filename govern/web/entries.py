"""Entries of the ledger as sentences, for every page that shows history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from govern.actions.office import INSTANCE
from govern.facts.audit import SENTENCES, Action
from govern.records.ledger import EntryLine
from govern.records.people import names
from govern.web.when import moment_text

_ICONS = {"organisation": "building-2", "catalogue": "library", "people": "users", "system": "boxes",
          "control": "list-checks", "evidence": "file-text"}
_SPECIAL = {
    Action.VERSION_REVIEW: ("file-check", "ok"), Action.VERSION_WITHDRAW: ("undo-2", "warn"),
    Action.EVIDENCE_SUBMIT: ("send", "info"), Action.REQUEST_ASK: ("mail", "info"),
    Action.PERSON_REDACT: ("eye-off", "warn"), Action.TOKEN_CREATE: ("key-round", "neutral"),
    Action.TOKEN_REVOKE: ("key-round", "neutral"), Action.CATALOGUE_RECORD: ("library", "info"),
}
_SUBJECT = {"evidence": ("evidence", "system", "unit"), "people": ("person", "system"), "organisation": ("unit",)}
_PLACE = {"evidence": "/evidence/{key}", "system": "/systems/{slug}"}


@dataclass(frozen=True)
class Told:
    """One entry as a timeline shows it. `about` are links to all that it touched: (label, address, kind)."""

    position: int
    who: str
    text: str
    iso: str
    when: str
    icon: str
    tone: str
    href: str
    detail: str
    action: str
    about: tuple[tuple[str, str, str], ...]


def told(connection: Connection, lines: Iterable[EntryLine], *, within: str = "") -> list[Told]:
    """Entries as sentences, with the names of who acted. `within` is the system whose page shows them."""
    entries = list(lines)
    known = {INSTANCE: "Govern", **names(connection, {line.actor for line in entries})}
    return [_told(line, known, within) for line in entries]


def _told(line: EntryLine, known: Mapping[str, str], within: str) -> Told:
    area = line.action.value.split(":")[0]
    icon, tone = _SPECIAL.get(line.action, (_ICONS.get(area, "circle-dot"), "neutral"))
    shown = moment_text(line.instant)
    text = SENTENCES[line.action].removeprefix("{who} ").format(what=_what(line, area)).strip()
    elsewhere = [name for key, kind, name, _ in line.mentions
                 if kind == "system" and key != within and f"“{name}”" not in text]
    return Told(line.position, known.get(line.actor, "Somebody"), text, shown.iso, shown.text, icon, tone,
                f"/activity/{line.position}", "for " + ", ".join(elsewhere[:3]) if elsewhere else "",
                line.action.value, tuple(_links(line)))


def _what(line: EntryLine, area: str) -> str:
    """The name of what an entry is about: the first kind of thing that fits the action's area."""
    if line.action in (Action.TOKEN_CREATE, Action.TOKEN_REVOKE):
        return ""  # names of tokens are their owners' business
    for kind in _SUBJECT.get(area, ("system", "unit")):
        found = [name for _, one, name, _ in line.mentions if one == kind and name]
        if found:
            return f"“{found[0]}”" + (f" and {len(found) - 1} more" if len(found) > 1 else "")
    return {"people": "somebody", "evidence": "evidence"}.get(area, "the organisation")


def _links(line: EntryLine) -> Iterable[tuple[str, str, str]]:
    for key, kind, name, slug in line.mentions:
        if name:
            yield name, _PLACE.get(kind, "").format(key=key, slug=slug), kind
