"""How long pages take on the large installation, and how many queries they ask."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import event

from bench.build import PASSWORD
from govern.door.visit import House
from govern.factory import create_app
from govern.records.systems import systems


def signed_in(house: House) -> FlaskClient:
    """A client with the officer's session."""
    client = create_app(house=house).test_client()
    answer = client.post("/sign-in", data={"email": "officer@bench.example", "password": PASSWORD})
    assert answer.status_code in (302, 303), answer.status_code
    return client


def timed(work: Callable[[], object], rounds: int = 15) -> float:
    """Median milliseconds."""
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def pages(house: House) -> None:
    """Print a line a page."""
    from bench.build import OPERATOR
    from govern.records.readers import reader_for

    client = signed_in(house)
    with house.office.store.reading() as connection:
        reader = reader_for(connection, OPERATOR, None, house.clock())
        slug = systems(connection, reader)[100].system.slug
    asked: list[str] = []
    event.listen(house.office.store.engine, "before_cursor_execute",
                 lambda _c, _cur, statement, *_rest: asked.append(statement))
    print(f"\n{'page':<40} {'median ms':>10} {'queries':>8}")
    for path in ("/", "/systems", f"/systems/{slug}", f"/systems/{slug}/controls/EVA-04", "/evidence",
                 "/evidence?q=System+100&sort=title", "/reviews", "/activity", f"/api/v1/systems/{slug}/posture"):
        def get(path: str = path) -> None:
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)

        get()
        asked.clear()
        get()
        queries = len(asked)
        print(f"{path:<40} {timed(get):>10.1f} {queries:>8}")
