"""Reviewing: the queue, the questions, four eyes."""

from __future__ import annotations

import pytest

from tests.web.conftest import World, clean_garak
from tests.web.test_submit import kept, send_one


@pytest.fixture
def waiting(world: World) -> str:
    """Evidence of the owner that waits for a review."""
    return send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04")


def test_the_queue_shows_what_others_sent(world: World, waiting: str) -> None:
    reviewer = world.browser("reviewer")
    assert f"/evidence/{waiting}/versions/1/review" in reviewer.text("/reviews")
    assert f"/evidence/{waiting}/versions/1/review" in reviewer.text("/queue")
    assert "Nothing waits for you" in world.browser("outsider").text("/reviews")
    for who in ("system-owner", "auditor", "contributor", "administrator"):
        assert world.browser(who).get("/reviews").status_code == 403


def test_nobody_reviews_what_they_sent(world: World) -> None:
    officer = world.browser("compliance-officer")
    key = send_one(officer, world, clean_garak())
    page = officer.text(f"/evidence/{key}")
    assert "somebody else must review it" in page
    assert f"/evidence/{key}/versions/1/review" not in page
    path = f"/evidence/{key}/versions/1/review"
    assert officer.get(path).status_code == 403
    refused = officer.post(path, {"verdict": "accepted"})
    assert refused.status_code == 403
    assert "somebody else must review it" in refused.text
    version = kept(world, key).versions[0]
    assert officer.post("/reviews", {"selected": [version.key], "verdict": "accepted"}).status_code == 403
    assert kept(world, key).versions[0].review is None


def test_answers_and_comment_are_on_record(world: World, waiting: str) -> None:
    reviewer = world.browser("reviewer")
    path = f"/evidence/{waiting}/versions/1/review"
    form = reviewer.text(path)
    assert "Computed from the file" in form
    assert "rate.attack_success_worst &lt;= limit.attack_success" in form
    response = reviewer.post(path, {
        "verdict": "accepted", "comment": "Good run.", "answer.EVA-04.1.digest": "yes",
        "answer.EVA-04.1.classes": "not-applicable", "why.EVA-04.1.classes": "There is one class."})
    assert response.status_code == 303
    review = kept(world, waiting).versions[0].review
    assert review is not None
    assert {(one.check, one.reply.value, one.reason) for one in review.answers} == {
        ("digest", "yes", ""), ("classes", "not-applicable", "There is one class.")}
    page = reviewer.text(f"/evidence/{waiting}")
    assert "There is one class." in page
    assert "Good run." in page
    assert reviewer.post(path, {"verdict": "rejected", "comment": "no"}).status_code == 409, "one verdict a version"


@pytest.mark.parametrize(("form", "said"), [
    ({"verdict": "rejected"}, "A rejection says why"),
    ({"verdict": "accepted", "answer.EVA-04.1.digest": "not-applicable"}, "needs a reason"),
    ({"verdict": "perhaps"}, "verdict"),
    ({}, "This is needed"),
    ({"verdict": "accepted", "answer.EVA-04.1.digest": "maybe"}, "Must be one of"),
    ({"verdict": "rejected", "comment": "x" * 100_000}, "100,000 characters"),
])
def test_a_verdict_that_does_not_fit(world: World, waiting: str, form: dict[str, str], said: str) -> None:
    response = world.browser("reviewer").post(
        f"/evidence/{waiting}/versions/1/review", {**form, "why.EVA-04.1.classes": "kept as typed"})
    assert response.status_code == 422
    assert said in response.text
    assert "kept as typed" in response.text
    assert kept(world, waiting).versions[0].review is None


def test_many_at_once(world: World) -> None:
    owner, reviewer = world.browser("system-owner"), world.browser("reviewer")
    keys = [send_one(owner, world, clean_garak(number)) for number in range(10, 14)]
    versions = [kept(world, key).versions[0].key for key in keys]
    page = reviewer.text("/reviews")
    assert all(f'value="{version}"' in page for version in versions)
    unsaid = reviewer.post("/reviews", {"selected": versions[:2], "verdict": "rejected"})
    assert (unsaid.status_code, "A rejection says why" in unsaid.text) == (422, True)
    assert reviewer.post("/reviews", {"verdict": "accepted"}).status_code == 422
    assert reviewer.post("/reviews", {"selected": versions[:3], "verdict": "accepted"}).status_code == 303
    rejected = reviewer.post("/reviews", {"selected": versions[3:], "verdict": "rejected", "comment": "Too small."})
    assert rejected.status_code == 303
    given = [kept(world, key).versions[0].review for key in keys]
    assert [one.verdict.value for one in given if one] == ["accepted", "accepted", "accepted", "rejected"]
    assert "Nothing waits for you" in reviewer.text("/reviews")
    stale = reviewer.post("/reviews", {"selected": versions[:1], "verdict": "rejected", "comment": "late"})
    assert stale.status_code == 409


def test_a_token_never_reviews(world: World, waiting: str) -> None:
    reviewer = world.browser("compliance-officer")
    made = reviewer.post("/settings/tokens", {"name": "pipeline", "expires": "2026-08-01"})
    secret = made.text.split('id="secret">')[1].split("<")[0]
    bare = world.app.test_client()
    response = bare.post(f"/evidence/{waiting}/versions/1/review", data={"verdict": "accepted"},
                         headers={"Authorization": f"Bearer {secret}"})
    assert response.status_code == 403
    assert "a person must sign in" in response.text
