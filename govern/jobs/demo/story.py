"""The story as it is written down in seed/: people, units, systems."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Teller:
    """Somebody in the story. `scope` is everything or the slug of a unit."""

    id: str
    name: str
    email: str
    role: str
    scope: str
    note: str


@dataclass(frozen=True)
class Told:
    """A system in the story, with how well it is cared for."""

    name: str
    unit: str
    owner: str
    stage: str
    months: int
    care: float
    slack: float
    traits: frozenset[str]
    events: tuple[str, ...]
    words: dict[str, str]


@dataclass(frozen=True)
class Decided:
    """What a unit decided about the catalogue; `removed` and `limits` by control and by limit."""

    unit: str
    baseline: str | None
    tolerance: str | None
    added: list[str]
    removed: dict[str, str]
    limits: dict[str, float]
    reason: str


@dataclass(frozen=True)
class Story:
    """Everything in seed/."""

    organisation: str
    units: tuple[dict[str, Any], ...]
    decisions: tuple[Decided, ...]
    people: tuple[Teller, ...]
    systems: tuple[Told, ...]


_WORDS = ("purpose", "business_owner", "who_can_change", "who_can_stop", "affected_users", "data_sensitivity",
          "access_boundaries", "legal_constraints", "abuse_cases")


def read_story(seed: Path) -> Story:
    """Read the story from its folder."""
    organisation = yaml.safe_load((seed / "organisation.yaml").read_text())
    systems = yaml.safe_load((seed / "systems.yaml").read_text())["systems"]
    return Story(
        organisation["organisation"], tuple(organisation["units"]),
        tuple(Decided(**one) for one in organisation["decisions"]),
        tuple(Teller(**person) for person in organisation["people"]),
        tuple(Told(one["name"], one["unit"], one["owner"], one["stage"], one["months"], one["care"], one["slack"],
                   frozenset(one["traits"]), tuple(one["events"]), {word: one[word] for word in _WORDS})
              for one in systems))
