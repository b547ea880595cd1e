"""The catalogue as one canonical text, and back: what the ledger keeps and what the digest is taken of.

The text is JSON in the form of RFC 8785 (keys sorted, no white space, no numbers but integers; limits, which are
fractions, stand as text). Values that
are null or an empty list are left out, so that an optional field added later changes no digest of a catalogue
without it. Comments, line breaks and the order of keys in the files under controls/ leave no trace here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from govern.catalogue.objects import (
    AppliesFrom,
    Ask,
    Baseline,
    Catalogue,
    Check,
    Condition,
    Control,
    Crosswalk,
    Domain,
    Due,
    FieldOfKind,
    Framework,
    Kind,
    Limit,
    Link,
    Named,
    Purpose,
    Relation,
    Requirement,
    Target,
    Tolerance,
    Trait,
    TraitGroup,
)
from govern.errors import CatalogueError, Mistake

_SHAPE = 1
_NAME = "catalogue text"

# JSON as the standard library gives and takes it; it does not leave this module.
_Json = dict[str, Any]


def to_text(catalogue: Catalogue) -> str:
    """The canonical text of a catalogue; its own `digest` is no part of it."""
    content = {
        "shape": _SHAPE,
        "traits": [_from_trait(trait) for trait in catalogue.traits],
        "stages": [_from_named(stage) for stage in catalogue.stages],
        "events": [_from_named(event) for event in catalogue.events],
        "layers": [_from_named(layer) for layer in catalogue.layers],
        "bases": [_from_named(basis) for basis in catalogue.bases],
        "kinds": [_from_kind(kind) for kind in catalogue.kinds.values()],
        "domains": [_bare(id=one.id, title=one.title, meaning=one.meaning) for one in catalogue.domains],
        "controls": [_from_control(control) for control in catalogue.controls.values()],
        "frameworks": [_from_framework(framework) for framework in catalogue.frameworks.values()],
        **_bare(
            groups=[_bare(id=one.id, title=one.title, meaning=one.meaning, single=one.single or None)
                    for one in catalogue.groups],
            functions=[_from_named(one) for one in catalogue.functions],
            threats=[_from_named(one) for one in catalogue.threats],
            goals=[_from_named(one) for one in catalogue.goals],
            defences=[_from_named(one) for one in catalogue.defences],
            crosswalks=[_from_crosswalk(one) for one in catalogue.crosswalks],
            baselines=[_from_baseline(one) for one in catalogue.baselines],
            limits=[{"id": one.id, "title": one.title, "meaning": one.meaning, "type": one.type}
                    for one in catalogue.limits],
            tolerances=[_from_tolerance(one) for one in catalogue.tolerances],
        ),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(text: str) -> str:
    """The digest of a catalogue: SHA-256 of its canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def from_text(text: str) -> Catalogue:
    """The catalogue of a text that `to_text` wrote; raises CatalogueError when it is anything else."""
    try:
        content = json.loads(text)
        if content["shape"] != _SHAPE:
            text_of_shape = f"It has shape {content['shape']}, not {_SHAPE}."
            mend = "Read it with the version of Govern that wrote it."
            raise CatalogueError([Mistake(_NAME, 1, text_of_shape, mend)])
        return _to_catalogue(content, digest_of(text))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        mistake = Mistake(_NAME, 1, f"It is no canonical text of a catalogue ({problem!r}).")
        raise CatalogueError([mistake]) from problem


# -- objects to JSON ---------------------------------------------------------------------------------------


def _bare(**values: Any) -> _Json:
    """The values, without null and empty lists."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def _from_trait(trait: Trait) -> _Json:
    return _bare(id=trait.id, title=trait.title, question=trait.question, meaning=trait.meaning,
                 group=trait.group or None, implies=list(trait.implies))


def _from_named(named: Named) -> _Json:
    return _bare(id=named.id, title=named.title, meaning=named.meaning or None)


def _from_kind(kind: Kind) -> _Json:
    fields = [{"name": one.name, "type": one.type, "meaning": one.meaning} for one in kind.fields]
    return _bare(id=kind.id, title=kind.title, meaning=kind.meaning, form=kind.form,
                 fresh_days=kind.fresh_days, reviewer=kind.reviewer, fields=fields)


def _from_condition(condition: Condition | None) -> _Json | None:
    if condition is None:
        return None
    return {"expression": condition.expression, "because": condition.because}


def _from_check(check: Check) -> _Json:
    return _bare(id=check.id, question=check.question, expression=check.expression,
                 kinds_decided=sorted(check.kinds_decided))


def _from_ask(ask: Ask) -> _Json:
    due = _bare(stage=ask.due.stage, after=ask.due.after, within_days=ask.due.within_days or None)
    return _bare(id=ask.id, title=ask.title, kinds=sorted(ask.kinds), about=ask.about, basis=ask.basis,
                 fresh_days=ask.fresh_days, due=due, when=_from_condition(ask.when),
                 checks=[_from_check(check) for check in ask.checks])


def _from_link(link: Link) -> _Json:
    return {"framework": link.framework, "requirement": link.requirement, "relation": link.relation.value,
            "why": link.why}


def _from_control(control: Control) -> _Json:
    return _bare(id=control.id, domain=control.domain, title=control.title, objective=control.objective,
                 stages=list(control.stages), applies=_from_condition(control.applies),
                 asks=[_from_ask(ask) for ask in control.asks],
                 mappings=[_from_link(link) for link in control.mappings],
                 guidance=control.guidance or None, purpose=_from_purpose(control.purpose),
                 origin=control.origin or None)


def _from_purpose(purpose: Purpose | None) -> _Json | None:
    if purpose is None:
        return None
    return _bare(lead=purpose.lead, others=list(purpose.others), threats=list(purpose.threats),
                 goals=list(purpose.goals), defence=purpose.defence)


def _from_requirement(item: Requirement) -> _Json:
    through = [{"framework": one.framework, "requirement": one.requirement} for one in item.through]
    return _bare(id=item.id, parent=item.parent, level=item.level, title=item.title, official=item.official,
                 gist=item.gist, assessable=item.assessable, priority=item.priority, tags=list(item.tags),
                 note=item.note or None, dates=list(item.dates), through=through, text=item.text or None)


def _from_date(date: AppliesFrom) -> _Json:
    return _bare(id=date.id, title=date.title, applies_from=date.applies_from, source=date.source,
                 before=date.before or None, amended_by=date.amended_by or None)


def _from_crosswalk(one: Crosswalk) -> _Json:
    pairs = [{"from": source, "to": list(targets)} for source, targets in one.pairs.items()]
    return _bare(id=one.id, title=one.title, publisher=one.publisher, source=dict(one.source), wording=one.wording,
                 source_framework=one.source_framework, target_framework=one.target_framework,
                 relation=one.relation, pairs=pairs, origin=one.origin or None)


def _from_baseline(one: Baseline) -> _Json:
    return _bare(id=one.id, title=one.title, meaning=one.meaning, controls=sorted(one.controls),
                 least=_from_condition(one.least))


def _from_tolerance(one: Tolerance) -> _Json:
    return {"id": one.id, "title": one.title, "meaning": one.meaning,
            "limits": {name: repr(value) for name, value in one.limits.items()}}


def _from_framework(framework: Framework) -> _Json:
    joint = [{"requirement": key, "controls": sorted(members)} for key, members in framework.joint.items()]
    return _bare(id=framework.id, title=framework.title, publisher=framework.publisher,
                 version=framework.version, date=framework.date, status=framework.status,
                 source=dict(framework.source), wording=framework.wording,
                 strength_passes_down=framework.strength_passes_down,
                 requirements=[_from_requirement(item) for item in framework.requirements], joint=joint,
                 gaps=[{"requirement": key, "why": why} for key, why in framework.gaps.items()],
                 dates=[_from_date(one) for one in framework.dates], origin=framework.origin or None)


# -- JSON to objects ---------------------------------------------------------------------------------------


def _to_catalogue(content: _Json, digest: str) -> Catalogue:
    return Catalogue(
        digest=digest,
        traits=tuple(Trait(**{**one, "implies": tuple(one.get("implies", ()))}) for one in content["traits"]),
        stages=_to_named(content["stages"]),
        events=_to_named(content["events"]),
        layers=_to_named(content["layers"]),
        bases=_to_named(content["bases"]),
        kinds={kind["id"]: _to_kind(kind) for kind in content["kinds"]},
        domains=tuple(Domain(**domain) for domain in content["domains"]),
        controls={control["id"]: _to_control(control) for control in content["controls"]},
        frameworks={framework["id"]: _to_framework(framework) for framework in content["frameworks"]},
        groups=tuple(TraitGroup(**one) for one in content.get("groups", ())),
        functions=_to_named(content.get("functions", ())),
        threats=_to_named(content.get("threats", ())),
        goals=_to_named(content.get("goals", ())),
        defences=_to_named(content.get("defences", ())),
        crosswalks=tuple(_to_crosswalk(one) for one in content.get("crosswalks", ())),
        baselines=tuple(_to_baseline(one) for one in content.get("baselines", ())),
        limits=tuple(Limit(**one) for one in content.get("limits", ())),
        tolerances=tuple(_to_tolerance(one) for one in content.get("tolerances", ())),
    )


def _to_crosswalk(content: _Json) -> Crosswalk:
    return Crosswalk(**{**content, "pairs": {one["from"]: tuple(one["to"]) for one in content.get("pairs", ())}})


def _to_baseline(content: _Json) -> Baseline:
    return Baseline(**{**content, "controls": frozenset(content.get("controls", ())),
                       "least": _to_condition(content.get("least"))})


def _to_tolerance(content: _Json) -> Tolerance:
    return Tolerance(**{**content, "limits": {name: float(value) for name, value in content["limits"].items()}})


def _to_named(content: Iterable[Mapping[str, str]]) -> tuple[Named, ...]:
    return tuple(Named(**named) for named in content)


def _to_kind(content: _Json) -> Kind:
    fields = tuple(FieldOfKind(**one) for one in content.get("fields", ()))
    return Kind(**{"fresh_days": None, **content, "fields": fields})


def _to_condition(content: _Json | None) -> Condition | None:
    return None if content is None else Condition(**content)


def _to_check(content: _Json) -> Check:
    return Check(content["id"], content["question"], content.get("expression"),
                 frozenset(content.get("kinds_decided", ())))


def _to_ask(content: _Json, control: str) -> Ask:
    return Ask(id=content["id"], control=control, title=content["title"],
               kinds=frozenset(content.get("kinds", ())), about=content["about"],
               basis=content.get("basis"), fresh_days=content.get("fresh_days"),
               due=Due(**content["due"]), when=_to_condition(content.get("when")),
               checks=tuple(_to_check(check) for check in content.get("checks", ())))


def _to_link(content: _Json) -> Link:
    return Link(content["framework"], content["requirement"], Relation(content["relation"]), content["why"])


def _to_control(content: _Json) -> Control:
    return Control(id=content["id"], domain=content["domain"], title=content["title"],
                   objective=content["objective"], stages=tuple(content.get("stages", ())),
                   applies=_to_condition(content.get("applies")),
                   asks=tuple(_to_ask(ask, content["id"]) for ask in content.get("asks", ())),
                   mappings=tuple(_to_link(link) for link in content.get("mappings", ())),
                   guidance=content.get("guidance", ""), purpose=_to_purpose(content.get("purpose")),
                   origin=content.get("origin", ""))


def _to_purpose(content: _Json | None) -> Purpose | None:
    if content is None:
        return None
    return Purpose(content["lead"], tuple(content.get("others", ())), tuple(content.get("threats", ())),
                   tuple(content.get("goals", ())), content["defence"])


def _to_requirement(content: _Json) -> Requirement:
    through = tuple(Target(**one) for one in content.get("through", ()))
    return Requirement(**{"parent": None, **content, "tags": tuple(content.get("tags", ())),
                          "dates": tuple(content.get("dates", ())), "through": through})


def _to_framework(content: _Json) -> Framework:
    requirements = tuple(_to_requirement(item) for item in content.get("requirements", ()))
    joint = {one["requirement"]: frozenset(one["controls"]) for one in content.get("joint", ())}
    gaps = {one["requirement"]: one["why"] for one in content.get("gaps", ())}
    dates = tuple(AppliesFrom(**one) for one in content.get("dates", ()))
    return Framework(**{**content, "requirements": requirements, "joint": joint, "gaps": gaps, "dates": dates})
