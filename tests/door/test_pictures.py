"""Pictures for exports: one stamp for all, and a name for everybody whom they mention."""

from __future__ import annotations

import pytest

from govern.actions.control import ask_for_evidence
from govern.actions.office import OPERATOR
from govern.door.pictures import picture_of, pictures_of
from govern.facts.commands import AskForEvidence
from govern.facts.moments import DAY
from govern.records.ledger import root_at
from govern.records.readers import reader_for
from govern.records.systems import systems
from tests.web.conftest import World, make_world, password_hash, shipped, world

__all__ = ["make_world", "password_hash", "shipped", "world"]  # fixtures


def test_pictures_of_one_export_share_a_stamp_though_the_clock_runs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(world.clock.now, world.clock.now + 1_000))
    monkeypatch.setattr(type(world.clock), "__call__", lambda _: next(ticks))
    with world.store.reading() as connection:
        for at in (None, "5", "15"):
            reader = reader_for(connection, OPERATOR, at, world.clock.now)
            seen = [line.system for line in systems(connection, reader)]
            stamps = {picture.stamp for picture in pictures_of(world.house, connection, reader, seen)}
            assert len(stamps) == (1 if seen else 0)


def test_the_stamp_says_which_moment(world: World) -> None:
    with world.store.reading() as connection:
        now = reader_for(connection, OPERATOR, None, world.clock.now)
        system = systems(connection, now)[0].system
        present = picture_of(world.house, connection, now, system).stamp
        world.clock.pass_days(3)
        then = reader_for(connection, OPERATOR, str(now.moment.position - 2), world.clock.now)
        past = picture_of(world.house, connection, then, system).stamp
        assert (present.past, past.past) == (False, True)
        assert (present.generated, past.generated) == (now.moment.instant, world.clock.now)
        assert past.position == now.moment.position - 2
        assert past.root == root_at(connection, past.position) != present.root


def test_everybody_has_a_name(world: World) -> None:
    owner = world.people["system-owner"]
    ask_for_evidence(world.house.office, OPERATOR, AskForEvidence(
        world.system, ("EVA-04",), owner, world.clock.now + DAY, ""), world.clock.now)
    with world.store.reading() as connection:
        reader = reader_for(connection, OPERATOR, None, world.clock.now)
        picture = picture_of(world.house, connection, reader, next(
            line.system for line in systems(connection, reader) if line.system.key == world.system))
    assert picture.names[owner] == "System Owner Person"
    assert picture.names[OPERATOR.key] == "Govern"
    assert set(picture.coverages) == set(world.catalogue.frameworks)
