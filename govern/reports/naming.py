"""How exports name people, evidence and what evidence speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from govern.assurance.outcomes import Reason
from govern.catalogue.objects import Ask, Catalogue
from govern.facts.evidence import About, Evidence
from govern.reports.columns import lines
from govern.reports.picture import Picture

PAST = ("This speaks of a past moment: what had been recorded by then, judged with that moment's catalogue "
        "and today's rules.")


def person(names: Mapping[str, str], key: str | None) -> str:
    """The name of a person by key; a name that was redacted says so, an unknown key stands for itself."""
    if key is None:
        return ""
    return names.get(key, key) or "(redacted)"


def reasons_text(reasons: Iterable[Reason]) -> str:
    """Reasons as sentences, one a line, each once."""
    return lines(*dict.fromkeys(reason.text for reason in reasons))


def evidence_text(items: Iterable[Evidence]) -> str:
    """Titles with keys, one a line."""
    return lines(*(f"{item.title} ({item.key})" for item in items))


def subject_text(picture: Picture, item: Evidence) -> str:
    """What a piece of evidence speaks of, by name where the snapshot knows one."""
    if item.about is About.ORGANISATION:
        return picture.stamp.organisation
    named = {unit.key: unit.name for unit in picture.snapshot.units}
    named[picture.snapshot.system.key] = picture.snapshot.system.name
    return named.get(item.about_key or "", item.about_key or "")


def unit_text(picture: Picture) -> str:
    """The name of the unit that holds the system, empty when none does."""
    own = picture.snapshot.system.unit
    return next((unit.name for unit in picture.snapshot.units if unit.key == own), "")


def due_text(catalogue: Catalogue, ask: Ask) -> str:
    """When an ask falls due, in words."""
    if ask.due.after is not None:
        titles = {event.id: event.title for event in catalogue.events}
        event = titles.get(ask.due.after, ask.due.after)
        return f"{ask.due.within_days} days after: {event}" if ask.due.within_days else f"After: {event}"
    if ask.due.stage is not None:
        titles = {stage.id: stage.title for stage in catalogue.stages}
        return f"From stage: {titles.get(ask.due.stage, ask.due.stage)}"
    return "At once"


def kinds_text(catalogue: Catalogue, ask: Ask) -> str:
    """The kinds of evidence that an ask takes, any one of which will do."""
    known = catalogue.kinds
    return lines(*(known[kind].title if kind in known else kind for kind in sorted(ask.kinds)))


def fresh_text(catalogue: Catalogue, ask: Ask) -> str:
    """How long evidence stays fresh for an ask: its own days, else those of each kind."""
    if ask.fresh_days is not None:
        return _days(ask.fresh_days)
    own = {kind: catalogue.kinds[kind].fresh_days for kind in sorted(ask.kinds) if kind in catalogue.kinds}
    if len(set(own.values())) == 1:
        return _days(next(iter(own.values())))
    return "; ".join(f"{catalogue.kinds[kind].title}: {_days(days)}" for kind, days in own.items())


def _days(days: int | None) -> str:
    if days is None:
        return "does not age"
    return "1 day" if days == 1 else f"{days} days"
