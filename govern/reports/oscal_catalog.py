"""Our controls as an OSCAL catalog: domains are groups, what a control asks for are its assessment objectives.

OSCAL has no place for who does a control, which threats it answers or when evidence falls due; those are properties in
our namespace. Mappings are documents of their own (see oscal_mapping).
"""

from __future__ import annotations

from collections.abc import Iterator

from govern.catalogue.objects import Ask, Catalogue, Check, Condition, Control, Domain, Named, Purpose
from govern.reports.oscal_parts import (
    MEDIA_TYPE,
    Edition,
    Json,
    bare,
    file_name,
    identifier,
    markup,
    markup_line,
    metadata,
    prop,
    props,
    written,
)

TITLE = "Govern catalogue of controls"


def catalog_text(catalogue: Catalogue, edition: Edition) -> str:
    """The catalog as JSON text."""
    return written(catalog_document(catalogue, edition))


def catalog_document(catalogue: Catalogue, edition: Edition) -> Json:
    """The catalog as plain data, valid against the schema of OSCAL 1.2.1."""
    groups = [_group(domain, catalogue) for domain in catalogue.domains]
    return {"catalog": bare(uuid=catalog_uuid(catalogue), metadata=metadata(TITLE, catalogue, edition), groups=groups)}


def catalog_uuid(catalogue: Catalogue) -> str:
    """The uuid of the catalog document."""
    return identifier("catalog", catalogue.digest)


def catalog_resource(catalogue: Catalogue) -> Json:
    """The catalog as a resource that another document refers to by `#` and its uuid; its file lies beside that one."""
    name = file_name(catalogue, "catalog")
    return {"uuid": catalog_uuid(catalogue), "title": TITLE, "props": [prop("catalogue-digest", catalogue.digest)],
            "rlinks": [{"href": name, "media-type": MEDIA_TYPE}]}


def _group(domain: Domain, catalogue: Catalogue) -> Json:
    controls = [_control(one, catalogue) for one in catalogue.controls.values() if one.domain == domain.id]
    overview = [{"id": f"{domain.id}_ovw", "name": "overview", "prose": markup(domain.meaning)}] if domain.meaning else []
    return {"id": domain.id, "class": "domain", **bare(title=markup_line(domain.title), parts=overview, controls=controls)}


def _control(control: Control, catalogue: Catalogue) -> Json:
    parts = [{"id": f"{control.id}_smt", "name": "statement", "prose": markup(control.objective)}]
    if control.guidance:
        parts.append({"id": f"{control.id}_gdn", "name": "guidance", "prose": markup(control.guidance)})
    told = [prop("label", control.id, ours=False), prop("domain", control.domain), *props("stage", control.stages),
            *_purpose(control.purpose), *_condition("applies-when", control.applies), *props("origin", [control.origin])]
    return bare(id=control.id, title=markup_line(control.title), props=told,
                parts=[*parts, *(_objective(ask, catalogue) for ask in control.asks)])


def _purpose(purpose: Purpose | None) -> list[Json]:
    if purpose is None:
        return []
    return [prop("lead", purpose.lead), *props("with", purpose.others), *props("threat", purpose.threats),
            *props("goal", purpose.goals), prop("defence", purpose.defence)]


def _condition(name: str, condition: Condition | None) -> list[Json]:
    return [] if condition is None else [prop(name, condition.expression, remarks=condition.because)]


# -- what is asked for -----------------------------------------------------------------------------------------------


def _objective(ask: Ask, catalogue: Catalogue) -> Json:
    due = ask.due
    told = [prop("label", ask.id, ours=False), *props("kind", sorted(ask.kinds)), prop("about", ask.about),
            *props("basis", [ask.basis or ""]), *props("fresh-days", [str(ask.fresh_days or "")]),
            *props("due-stage", [due.stage or ""]), *props("due-after", [due.after or ""]),
            *([prop("due-within-days", due.within_days)] if due.after else []), *_condition("asked-when", ask.when)]
    return bare(id=ask.id, name="assessment-objective", title=markup_line(ask.title), props=told,
                prose=markup(". ".join(_told(ask, catalogue)) + "."), parts=[_question(check, ask) for check in ask.checks])


def _question(check: Check, ask: Ask) -> Json:
    decided = [prop("expression", check.expression), *props("decided-for", sorted(check.kinds_decided))] if check.expression else []
    return bare(id=f"{ask.id}_{check.id}", name="assessment-objective", props=decided, prose=markup(check.question))


def _told(ask: Ask, catalogue: Catalogue) -> Iterator[str]:
    """What is asked for, in sentences without their full stops."""
    kinds = " or ".join(sorted(catalogue.kinds[kind].title if kind in catalogue.kinds else kind for kind in ask.kinds))
    yield f"{kinds}, about the {ask.about}" + (f", {ask.basis}" if ask.basis else "")
    yield "It does not run out" if ask.fresh_days is None else f"It is fresh for {ask.fresh_days} days"
    if ask.due.stage is not None:
        yield f"Due before the stage {_title(catalogue.stages, ask.due.stage)} ends"
    elif ask.due.after is not None:
        yield f"Due within {ask.due.within_days} days after: {_title(catalogue.events, ask.due.after)}"
    if ask.when is not None:
        yield f"Only where {ask.when.expression}: {ask.when.because.rstrip('.')}"


def _title(named: tuple[Named, ...], name: str) -> str:
    return next((one.title for one in named if one.id == name), name)
