"""How long one snapshot and one derivation take."""

from __future__ import annotations

from bench.build import OPERATOR
from bench.pages import timed
from govern.assurance.posture import derive
from govern.door.visit import House
from govern.records.readers import reader_for
from govern.records.snapshot import snapshot
from govern.records.systems import systems


def rules(house: House) -> None:
    """Print a line each."""
    with house.office.store.reading() as connection:
        reader = reader_for(connection, OPERATOR, None, house.clock())
        catalogue = house.office.catalogues.at(connection, None)
        system = systems(connection, reader)[100].system
        seen = snapshot(connection, reader, system)
        print(f"\nsnapshot of one system   {timed(lambda: snapshot(connection, reader, system)):>8.2f} ms")
        print(f"posture of 166 controls  {timed(lambda: derive(seen, catalogue), 40):>8.2f} ms")
