"""How long crosswalks (of the two largest frameworks, and of the two with most pairs) and searches take in a warm process."""

from __future__ import annotations

import time
from functools import partial
from itertools import combinations

from flask.testing import FlaskClient

from bench.pages import signed_in, timed
from govern.catalogue.crosswalking import _crossing, crossing
from govern.catalogue.finding import find, index_of
from govern.catalogue.objects import Catalogue
from govern.door.visit import House

LIMIT = 50.0
"""Milliseconds within which each answer has to come."""
WORDS = ("govern 1.1", "MS-2.7", "art 15(4)", "eva04", "prompt injection", "promt injecton", "data", "system 100", "zzzz", "of")


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200, (path, answer.status_code)


def _line(what: str, spent: float) -> None:
    print(f"{what:<64} {spent:>8.1f} ms{'' if spent <= LIMIT else '   OVER'}")


def _once(what: str, began: float) -> None:
    print(f"{what:<64} {(time.perf_counter() - began) * 1000:>8.1f} ms   (once a catalogue)")


def _crosswalks(client: FlaskClient, catalogue: Catalogue) -> None:
    largest = sorted(catalogue.frameworks.values(), key=lambda one: -len(one.requirements))[:2]
    fullest = max(combinations(catalogue.frameworks, 2), key=lambda ends: len(crossing(catalogue, *ends).pairs))
    for first, second in ((largest[0].id, largest[1].id), fullest):
        _crosswalk(client, catalogue, first, second)


def _crosswalk(client: FlaskClient, catalogue: Catalogue, first: str, second: str) -> None:
    _crossing.cache_clear()
    began = time.perf_counter()
    found = crossing(catalogue, first, second)
    _once(f"crosswalk {first} × {second}, {len(found.pairs):,} pairs", began)
    ends = f"from={first}&to={second}"
    for path in ("/crosswalk", f"/crosswalk?from={first}", f"/crosswalk?{ends}", f"/crosswalk?{ends}&relation=known&q=data",
                 f"/crosswalk?{ends}&show=alone", f"/api/v1/crosswalk?{ends}"):
        _get(client, path)
        _line(path, timed(partial(_get, client, path)))
    for path in (f"/crosswalk.csv?{ends}", f"/crosswalk.xlsx?{ends}"):
        print(f"{path:<64} {timed(partial(_get, client, path), 3):>8.1f} ms   (a file, the whole of it)")


def looking(house: House) -> None:
    """Print a line each."""
    with house.office.store.reading() as connection:
        catalogue = house.office.catalogues.at(connection, None)
    client = signed_in(house)
    print()
    _crosswalks(client, catalogue)
    began = time.perf_counter()
    many = len(index_of(catalogue).entries)
    _once(f"index of {many:,} entries", began)
    for words in WORDS:
        _line(f"search “{words}” in the catalogue", timed(partial(find, catalogue, words)))
        path = f"/search.json?q={words.replace(' ', '+')}"
        _line(path, timed(partial(_get, client, path)))
