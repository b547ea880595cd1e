"""The catalogue as plain lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from textwrap import wrap

from govern.catalogue.objects import Ask, Catalogue, Check, Condition, Control, Due, Framework, Kind, Named
from govern.catalogue.reach import figures
from govern.catalogue.source import near
from govern.errors import NotFound

_WIDTH = 100


def show(catalogue: Catalogue, name: str | None = None) -> list[str]:
    """What one id names (a control, an ask, a framework or a kind of evidence), or the overview for None.

    Capitals make no difference. Raises NotFound for an id that is none of them.
    """
    if name is None:
        return overview(catalogue)
    folded = name.casefold()
    for known, shown in ((catalogue.controls, show_control), (catalogue.frameworks, show_framework),
                         (catalogue.kinds, show_kind)):
        for key in known:
            if key.casefold() == folded:
                return shown(catalogue, key)
    for key, ask in catalogue.asks.items():
        if key.casefold() == folded:
            return show_control(catalogue, ask.control)
    ids = (*catalogue.controls, *catalogue.asks, *catalogue.frameworks, *catalogue.kinds)
    by_folded = {key.casefold(): key for key in ids}
    close = get_close_matches(folded, by_folded, n=1)
    mend = f"Did you mean “{by_folded[close[0]]}”?" if close else "See “govern catalogue show” for the ids."
    raise NotFound(f"The catalogue has nothing called “{name}”.", mend=mend)


def overview(catalogue: Catalogue) -> list[str]:
    """Domains with their controls, then the frameworks and the kinds of evidence."""
    lines = [f"Catalogue {catalogue.digest}", ""]
    for domain in catalogue.domains:
        controls = [one for one in catalogue.controls.values() if one.domain == domain.id]
        lines.append(f"{domain.id}  {domain.title}")
        lines += [f"  {control.id}  {control.title}" for control in controls]
    lines += ["", "Frameworks"]
    for one in catalogue.frameworks.values():
        lines += _wrapped(f"{one.id}  {one.title}", "  ")
    lines += ["", "Kinds of evidence"]
    return lines + [f"  {kind.id}  {kind.title}" for kind in catalogue.kinds.values()]


# -- one control ------------------------------------------------------------------------------


def show_control(catalogue: Catalogue, name: str) -> list[str]:
    """One control: its objective, when it applies, what it asks for and what it is mapped to.

    Raises NotFound for an unknown id.
    """
    control = catalogue.controls.get(name)
    if control is None:
        raise NotFound(f"There is no control “{name}”.", mend=near(name, catalogue.controls))
    lines = [f"{control.id}  {control.title}", *_prose(control.objective), ""]
    lines.append(f"Stages:  {', '.join(_title(catalogue.stages, stage) for stage in control.stages)}")
    lines += _wrapped(f"Applies: {_condition(control.applies)}", "")
    lines += _purpose(catalogue, control)
    if control.guidance:
        lines += ["", "How to do it", *_wrapped(control.guidance, "  ", "  ")]
    lines += ["", "Asks for"]
    for ask in control.asks:
        lines += _ask(catalogue, ask)
    return lines + _mappings(catalogue, control)


def _purpose(catalogue: Catalogue, control: Control) -> list[str]:
    if control.purpose is None:
        return []
    who = [_title(catalogue.functions, one) for one in (control.purpose.lead, *control.purpose.others)]
    lines = _wrapped(f"Led by:  {who[0]}{'; with ' + ', '.join(who[1:]) if who[1:] else ''}", "")
    threats = [_title(catalogue.threats, one) for one in control.purpose.threats]
    if threats:
        lines += _wrapped(f"Answers: {', '.join(threats)}", "")
    goals = [_title(catalogue.goals, one) for one in control.purpose.goals]
    defence = _title(catalogue.defences, control.purpose.defence)
    return lines + _wrapped(f"Serves:  {', '.join(goals)} (layer: {defence})", "")


def _ask(catalogue: Catalogue, ask: Ask) -> list[str]:
    kinds = " or ".join(catalogue.kinds[kind].title.lower() for kind in sorted(ask.kinds))
    fresh = "does not age" if ask.fresh_days is None else f"fresh for {ask.fresh_days} days"
    basis = "" if ask.basis is None else f", {ask.basis}"
    lines = [f"  {ask.id}  {ask.title}"]
    lines += _wrapped(f"{kinds}; about the {ask.about}; {fresh}{basis}", "    ")
    lines += _wrapped(_due(catalogue, ask.due), "    ")
    if ask.when is not None:
        lines += _wrapped(f"only where {_condition(ask.when)}", "    ")
    for check in ask.checks:
        lines += _check(check)
    return lines


def _check(check: Check) -> list[str]:
    lines = _wrapped(f"- {check.question}", "      ")
    if check.expression is not None:
        kinds = ", ".join(sorted(check.kinds_decided))
        lines += _wrapped(f"computed for {kinds}: {check.expression}", "        ")
    return lines


def _due(catalogue: Catalogue, due: Due) -> str:
    if due.stage is not None:
        return f"due before the stage {_title(catalogue.stages, due.stage)} ends"
    event = _title(catalogue.events, due.after or "")
    return f"due within {due.within_days} days after: {event}"


def _condition(condition: Condition | None) -> str:
    return "always" if condition is None else f"{condition.expression} ({condition.because})"


def _mappings(catalogue: Catalogue, control: Control) -> list[str]:
    lines: list[str] = []
    for framework in catalogue.frameworks.values():
        links = [link for link in control.mappings if link.framework == framework.id]
        if links:
            lines += ["", f"Mapped to {framework.id}"]
        for link in links:
            title = framework.by_id[link.requirement].title
            lines += [*_wrapped(f"{link.requirement}  {title} ({link.relation})", "  "), *_wrapped(link.why, "    ")]
    return lines


# -- one framework, one kind ------------------------------------------------------------------


def show_framework(catalogue: Catalogue, name: str) -> list[str]:
    """One framework: where it comes from, and its tree with the controls that are mapped to each requirement.

    `=` marks a control that alone meets the requirement; `joint` names a set that meets it together.
    Raises NotFound for an unknown id.
    """
    framework = catalogue.frameworks.get(name)
    if framework is None:
        raise NotFound(f"There is no framework “{name}”.", mend=near(name, catalogue.frameworks))
    origin = "; ".join((framework.publisher, framework.version, framework.date, framework.status))
    lines = [*_wrapped(f"{framework.id}  {framework.title}", ""), *_prose(origin),
             framework.source.get("url", ""), *_prose(framework.wording), *_dates(framework), ""]
    depths: dict[str, int] = {}
    for item in framework.requirements:
        depth = depths[item.id] = 0 if item.parent is None else depths[item.parent] + 1
        indent = "  " * depth
        lines += _wrapped(f"{item.id}  {item.title}", indent)
        lines += _controls_of(catalogue, framework, item.id, indent + "    ")
        lines += [line for one in item.through
                  for line in _wrapped(f"through: {one.framework} {one.requirement}", indent + "    ")]
        if item.id in framework.gaps:
            lines += _wrapped(f"open: {framework.gaps[item.id]}", indent + "    ")
    return lines


def _dates(framework: Framework) -> list[str]:
    lines = []
    for one in framework.dates:
        was = f" (was {one.before} until {one.amended_by})" if one.before else ""
        lines += _wrapped(f"{one.title}: applies from {one.applies_from}{was}", "")
    return lines


def _controls_of(catalogue: Catalogue, framework: Framework, requirement: str, indent: str) -> list[str]:
    links = catalogue.mapped.get(framework.id, {}).get(requirement, ())
    shown = [f"={control}" if link.relation.covers else control for control, link in links]
    lines = _wrapped(" ".join(shown), indent) if shown else []
    if requirement in framework.joint:
        lines += _wrapped(f"joint: {' '.join(sorted(framework.joint[requirement]))}", indent)
    return lines


def show_kind(catalogue: Catalogue, name: str) -> list[str]:
    """One kind of evidence: what it is, what it can state, which controls ask for it.

    Raises NotFound for an unknown id.
    """
    kind: Kind | None = catalogue.kinds.get(name)
    if kind is None:
        raise NotFound(f"There is no kind of evidence “{name}”.", mend=near(name, catalogue.kinds))
    fresh = "does not age" if kind.fresh_days is None else f"fresh for {kind.fresh_days} days"
    lines = [f"{kind.id}  {kind.title}", *_prose(kind.meaning),
             f"{kind.form}; {fresh}; reviewed by: {kind.reviewer}"]
    if kind.fields:
        lines += ["", "States"]
    for field in kind.fields:
        lines += _wrapped(f"{field.name} ({field.type}): {field.meaning}", "  ")
    asked = catalogue.controls_by_kind.get(kind.id, ())
    return [*lines, "", *_wrapped(f"Asked for by: {', '.join(asked) or 'no control'}", "")]


# -- the check --------------------------------------------------------------------------------


def check_report(catalogue: Catalogue) -> list[str]:
    """What a catalogue that loaded holds, in counts, and how far its controls reach into each framework."""
    checks = [check for ask in catalogue.asks.values() for check in ask.checks]
    computed = sum(check.expression is not None for check in checks)
    links = [link for control in catalogue.controls.values() for link in control.mappings]
    lines = [
        f"The catalogue is sound. Digest {catalogue.digest}",
        f"{len(catalogue.controls)} controls in {len(catalogue.domains)} domains, "
        f"{len(catalogue.asks)} asks, {len(checks)} checks ({computed} computed), {len(links)} mappings",
        f"{len(catalogue.kinds)} kinds of evidence, {len(catalogue.traits)} traits, "
        f"{len(catalogue.stages)} stages, {len(catalogue.events)} events",
    ]
    for framework in catalogue.frameworks.values():
        lines += _reach_lines(catalogue, framework)
    idle = [kind for kind in catalogue.kinds if kind not in catalogue.controls_by_kind]
    if idle:
        lines += _wrapped(f"No control asks for: {', '.join(idle)}", "")
    return lines


def _reach_lines(catalogue: Catalogue, framework: Framework) -> list[str]:
    found = figures(catalogue, framework)
    through = f", {found.through} through others" if found.through else ""
    lines = [f"{framework.id}: {found.assessable} assessable, {found.mapped} mapped, "
             f"{found.by_one} can be met by one control, {found.jointly} jointly{through}, {len(found.open)} stay open"]
    if found.unreached:
        lines += _wrapped(f"not reached: {', '.join(found.unreached)}", "  ")
    return lines


def check_figures(catalogue: Catalogue) -> dict[str, object]:
    """The same as `check_report`, for programs."""
    checks = [check for ask in catalogue.asks.values() for check in ask.checks]
    return {
        "digest": catalogue.digest,
        "controls": len(catalogue.controls), "domains": len(catalogue.domains), "asks": len(catalogue.asks),
        "checks": len(checks), "checks_computed": sum(check.expression is not None for check in checks),
        "mappings": sum(len(control.mappings) for control in catalogue.controls.values()),
        "kinds": len(catalogue.kinds), "traits": len(catalogue.traits),
        "frameworks": [{**vars(figures(catalogue, one)), "title": one.title, "version": one.version,
                        "date": one.date, "status": one.status, "origin": one.origin,
                        "gaps": dict(one.gaps)} for one in catalogue.frameworks.values()],
    }


# -- lines ------------------------------------------------------------------------------------


def _title(named: Iterable[Named], name: str) -> str:
    return next((one.title for one in named if one.id == name), name)


def _prose(text: str) -> list[str]:
    """A paragraph of lines of at most 100 columns."""
    return wrap(text, _WIDTH, break_long_words=False)


def _wrapped(text: str, indent: str, below: str | None = None) -> list[str]:
    """Lines of at most 100 columns; continuation lines stand two further in, or at `below`."""
    further = indent + "  " if below is None else below
    return wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=further, break_long_words=False)
