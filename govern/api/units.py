"""`/units`: what a unit, or the organisation, decided about the catalogue."""

from __future__ import annotations

from flask import Response

from govern.access.actor import Reader
from govern.access.policy import Act
from govern.actions.tailoring import tailor_unit
from govern.api.area import IF_MATCH, IF_NONE_MATCH, Area
from govern.api.reading import answer, body, catalogue, plain_key, reader, seen_state, tagged
from govern.assurance.applicability import adopted_among
from govern.assurance.setting import circumstances
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import NotFound
from govern.facts.people import Unit
from govern.facts.tailoring import Tailoring
from govern.records.people import chain, units
from govern.records.tailoring import above, tailorings
from govern.schemas.outputs_tailoring import TailoringAnswer, TailoringOut
from govern.schemas.queries import MomentQuery
from govern.schemas.tailoring import TailorUnitInput

area = Area("units", "/units", "Units, and what they decided about the catalogue")
ORGANISATION = "organisation"
_NONE = "undecided"
"""The ETag where nothing was decided yet."""


def _named_unit(at: Reader, all_units: dict[str, Unit], slug: str) -> Unit | None:
    """A unit by slug or key, None for the organisation; raises NotFound, also when it is out of the reader's scope."""
    plain_key(slug, "unit")
    if slug == ORGANISATION:
        return None
    found = next((one for one in all_units.values() if slug in (one.slug, one.key)), None)
    if found is None or not (at.everything or found.key in at.units):
        raise NotFound("There is no such unit.", mend="Check the name, or ask for access.")
    return found


def _answer(at: Reader, slug: str, entry: int | None = None) -> tuple[TailoringAnswer, str]:
    """The answer of a unit, and its ETag."""
    all_units, known = units(visit().connection, at.position), catalogue(at)
    unit = _named_unit(at, all_units, slug)
    decided: dict[str | None, Tailoring] = tailorings(visit().connection, all_units, at.position)
    own = decided.get(unit.key if unit else None)
    over = above(decided, chain(all_units, unit.key if unit else None))
    found = TailoringAnswer(unit.slug if unit else None, at.moment, own, adopted_among(over, known),
                            circumstances(known, frozenset(), over), entry)
    return found, own.row if own else _NONE


@area.route("GET", "/<slug>/tailoring", gives=TailoringOut, query=MomentQuery, headers=(IF_NONE_MATCH,), also=(304,))
@allow(Act.READ)
def get_tailoring(slug: str) -> Response:
    """What a unit decided about the catalogue, and what holds for it.

    `organisation` in place of a unit's short name is the whole organisation.
    """
    found, tag = _answer(reader(), slug)
    return tagged(answer(TailoringOut, found), tag)


@area.route("PUT", "/<slug>/tailoring", gives=TailoringOut, takes=TailorUnitInput, headers=(IF_MATCH,), also=(412, 428))
@allow(Act.TAILOR)
def put_tailoring(slug: str) -> Response:
    """Decide a unit's baseline and risk tolerance, all of it; only people do, never a token.

    If-Match names the state that you saw; where nothing was decided yet it is `"undecided"`.
    """
    found, tag = _answer(visit().reader(), slug)
    unit = _named_unit(visit().reader(), units(visit().connection), slug)
    command = body(TailorUnitInput, unit=unit.key if unit else None)
    seen_state(tag)
    done = tailor_unit(house().office, visit().known, command, found.decision.row if found.decision else None, visit().now)
    visit().refresh()
    changed, tag = _answer(visit().reader(), slug, done.entry)
    return tagged(answer(TailoringOut, changed), tag)
