"""What is noted while a document is read: order, bounds, places."""

from __future__ import annotations

import pytest

from govern.catalogue.incoming.notes import Notes
from govern.catalogue.source import Mistakes, near
from govern.errors import CatalogueError, Mistake


def test_places_sort_as_people_count() -> None:
    mistakes = Mistakes()
    for place, line in (("x.xlsx, sheet A, cell C10", 0), ("x.xlsx, sheet A, cell C9", 0), ("a.yaml", 12), ("a.yaml", 2)):
        mistakes.add(place, line, "Wrong.")
    assert [(one.file[-3:], one.line) for one in mistakes.sorted()] == [("aml", 2), ("aml", 12), (" C9", 0), ("C10", 0)]


def test_mistakes_stop_at_five_hundred_and_the_same_one_counts_once() -> None:
    mistakes = Mistakes()
    for _ in range(1_000):
        mistakes.add("a.yaml", 1, "Wrong.")
    for line in range(2, 500):
        mistakes.add("a.yaml", line, "Wrong.")
    with pytest.raises(CatalogueError) as stopped:
        mistakes.add("a.yaml", 500, "Wrong.")
    assert len(stopped.value.mistakes) == 501
    assert str(stopped.value.mistakes[-1]) == "a.yaml:500: There are 500 mistakes up to here; reading stopped. Mend these first."


def test_the_nearest_of_many_names_is_found_among_those_that_begin_alike() -> None:
    names = [f"AC-{number:05}" for number in range(20_000)] + ["house-policy"]
    assert near("house-polcy", names) == "Did you mean 'house-policy'?"
    assert near("HOUSE-POLICY", names) == "Did you mean 'house-policy'?"
    assert near("zebra", names) == ""


def test_warnings_keep_their_order_and_say_how_many_more_there_are() -> None:
    notes = Notes("x.json")
    for number in range(310):
        notes.warn(f"a[{number}]", "Odd.")
        notes.warn("a[0]", "Odd.")
    assert len(notes.warnings) == 301
    assert str(notes.warnings[1]) == "x.json at a[1]: Odd."
    assert notes.warnings[-1] == Mistake("x.json", 0, "10 more things were left out or not understood.")


def test_time_runs_out() -> None:
    now = [0.0]
    notes = Notes("x.json", seconds=5, clock=lambda: now[0])
    notes.tick()
    now[0] = 5.1
    with pytest.raises(CatalogueError) as stopped:
        notes.tick()
    assert str(stopped.value.mistakes[0]) == "x.json: Reading it took longer than 5 seconds. Bring it in smaller parts."
