"""Where a command works: the settings, the house, and the operator's reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from govern.access.actor import Reader
from govern.actions.office import OPERATOR
from govern.door.visit import House
from govern.factory import open_house
from govern.records.migrate import check
from govern.records.readers import reader_for
from govern.settings import read_settings


def here(*, checked: bool = True) -> House:
    """The house of this installation; with `checked`, its database must have the newest form."""
    house = open_house(read_settings())
    if checked:
        check(house.office.store)
    return house


@contextmanager
def reading(house: House, at: str | None = None) -> Iterator[tuple[Connection, Reader]]:
    """A connection and the operator's reader at a moment."""
    with house.office.store.reading() as connection:
        yield connection, reader_for(connection, OPERATOR, at, house.clock())
