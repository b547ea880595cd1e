"""What a draft of a new system holds: the words typed so far, the answers given, and which steps were looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

WORDS = ("name", "purpose", "unit", "business_owner", "who_can_change", "who_can_stop", "affected_users",
         "data_sensitivity", "access_boundaries", "legal_constraints", "abuse_cases")
"""The fields of a description, in the order of its form."""


@dataclass(frozen=True)
class Begun:
    """A new system so far. Nothing of it was checked but that it is text."""

    words: Mapping[str, str] = field(default_factory=dict)
    traits: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing worth keeping is in it."""
        return not self.words and not self.traits

    def described(self, form: Mapping[str, Any]) -> Begun:
        """With the words of a description form."""
        words = {name: str(form.get(name, "")).strip() for name in WORDS}
        return replace(self, words={name: text for name, text in words.items() if text})

    def answered(self, asked: Iterable[str], chosen: frozenset[str]) -> Begun:
        """With the answers to the questions about some traits; all other answers stay."""
        return replace(self, traits=(self.traits - frozenset(asked)) | chosen)

    def after(self, step: str) -> Begun:
        """With one more step done."""
        return replace(self, done=self.done | {step})

    def values(self) -> dict[str, Any]:
        """As the fields of the description's schema."""
        return {**self.words, "traits": sorted(self.traits)}

    def text(self) -> str:
        """As the body of a draft."""
        kept = {"words": dict(sorted(self.words.items())), "traits": sorted(self.traits), "done": sorted(self.done)}
        return json.dumps(kept, ensure_ascii=False)


def begun_from(text: str) -> Begun:
    """From the body of a draft; what an older version kept and nobody asks any more is left out."""
    kept = json.loads(text)
    words = kept.get("words", {})
    return Begun({name: str(words[name]) for name in WORDS if words.get(name)},
                 frozenset(map(str, kept.get("traits", ()))), frozenset(map(str, kept.get("done", ()))))
