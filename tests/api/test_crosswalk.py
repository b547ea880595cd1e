"""The crosswalk over the API: pairs with their grounds, by pages, narrowed, refused."""

from __future__ import annotations

import pytest

from govern.catalogue.crosswalking import KNOWN, Claim, View, chosen, crossing
from govern.catalogue.objects import Catalogue
from tests.api.conftest import World

RMF, SSDF, PROFILE = "nist-ai-rmf-1.0", "nist-sp-800-218a", "nist-ai-600-1"


def test_pairs_come_by_pages_with_their_grounds(world: World, catalogue: Catalogue) -> None:
    found = crossing(catalogue, SSDF, RMF)
    pairs, path = [], f"/crosswalk?from={SSDF}&to={RMF}&size=200"
    told = world.owner.get(path).get_json()
    whole = told
    while True:
        pairs += told["pairs"]
        if told["next"] is None:
            break
        told = world.owner.get(f"{path}&cursor={told['next']}").get_json()
    assert [(one["from"]["id"], one["to"]["id"], one["relation"], one["view"]) for one in pairs] == [
        (pair.first, pair.second, pair.claim, pair.view) for pair in found.pairs]
    assert (whole["from"]["id"], whole["to"]["id"], whole["total"]) == (SSDF, RMF, len(found.pairs))
    assert whole["relations"] == {claim.value: many for claim, many in found.counts.items()}
    assert whole["views"] == {view.value: many for view, many in found.views.items()}
    assert whole["without_partner"] == {"from": list(found.alone_first), "to": list(found.alone_second)}
    assert whole["catalogue"] == catalogue.digest
    first, said = found.pairs[0], pairs[0]
    assert [(one["control"], one["follows"]) for one in said["through"]] == [(one, claim.value) for one, claim in first.controls]
    tie = found.ties_first[first.first][first.controls[0][0]]
    assert said["through"][0]["from"] == {"relation": tie.relation, "why": tie.why, "via": None}
    assert said["from"]["title"] == found.first.by_id[first.first].title
    stated = next(one for one in pairs if one["stated"])
    assert stated["stated"][0] == {"crosswalk": "nist-218a-references", "turned": False,
                                   "publisher": found.publishers[0].publisher, "relation": "refers-to"}


def test_what_goes_through_names_it(world: World) -> None:
    told = world.owner.get(f"/crosswalk?from={PROFILE}&to={RMF}&relation=subset-of").get_json()
    one = told["pairs"][0]
    assert (one["from"]["id"], one["to"]["id"], one["direct"]) == ("GV-1.1-001", "GOVERN 1.1", "subset-of")
    assert all(step["from"]["via"] == {"framework": RMF, "requirement": "GOVERN 1.1"} for step in one["through"])


@pytest.mark.parametrize(("query", "claim", "view"), [
    ("relation=known", KNOWN, ""), ("relation=equal", Claim.EQUAL.value, ""), ("view=agreed", "", View.AGREED.value),
    ("relation=known&view=ours%20only", KNOWN, View.OURS.value)])
def test_it_is_narrowed(world: World, catalogue: Catalogue, query: str, claim: str, view: str) -> None:
    expected = chosen(crossing(catalogue, SSDF, RMF), claim, view)
    told = world.owner.get(f"/crosswalk?from={SSDF}&to={RMF}&size=200&{query}").get_json()
    assert [(one["from"]["id"], one["to"]["id"]) for one in told["pairs"]] == [(pair.first, pair.second) for pair in expected[:200]]
    assert told["total"] == len(expected)
    assert expected


@pytest.mark.parametrize(("query", "field", "said"), [
    (f"from={RMF}&to={RMF}", "to", "has no crosswalk with itself"), (f"from=none&to={RMF}", "from", "There is no framework “none”"),
    (f"from={RMF}&to=none", "to", "There is no framework"), (f"from={RMF}", "to", "This is needed."),
    ("", "from", "This is needed."), (f"from={RMF}&to={SSDF}&relation=friends", "relation", "Must be one of")])
def test_what_cannot_be_answered_is_refused(world: World, query: str, field: str, said: str) -> None:
    answer = world.owner.get(f"/crosswalk?{query}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert any(said in text for text in answer.get_json()["errors"][field])


def test_the_past_and_nobody(world: World) -> None:
    assert world.owner.get(f"/crosswalk?from={SSDF}&to={RMF}&at=2").get_json()["moment"]["position"] == 2
    assert world.owner.get(f"/crosswalk?from={SSDF}&to={RMF}&at=tomorrow").status_code == 422
    assert world.app.test_client().get(f"/api/v1/crosswalk?from={SSDF}&to={RMF}").status_code == 401
