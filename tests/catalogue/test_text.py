"""The canonical text: exact there and back, in the form of RFC 8785, and nothing else is taken for one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from govern.catalogue.loader import load
from govern.catalogue.objects import (
    Ask,
    Catalogue,
    Check,
    Condition,
    Control,
    Due,
    FieldOfKind,
    Framework,
    Kind,
    Link,
    Named,
    Relation,
    Requirement,
)
from govern.catalogue.text import digest_of, from_text, to_text
from govern.errors import CatalogueError
from tests.catalogue.tiny import lay_out


def test_the_shipped_catalogue_comes_back_exactly(shipped: Catalogue) -> None:
    again = from_text(to_text(shipped))
    assert again == shipped
    assert again.digest == shipped.digest
    for part in ("controls", "kinds", "frameworks"):
        assert list(getattr(again, part)) == list(getattr(shipped, part)), "the order, too"
    assert [list(one.joint) for one in again.frameworks.values()] == [
        list(one.joint) for one in shipped.frameworks.values()]
    assert again.mapped == shipped.mapped


def test_the_text_is_canonical_and_the_digest_is_taken_of_it(shipped: Catalogue) -> None:
    text = to_text(shipped)
    assert rfc8785.dumps(json.loads(text)).decode() == text
    assert shipped.digest == hashlib.sha256(text.encode()).hexdigest() == digest_of(text)


def test_the_digest_is_no_part_of_the_text(shipped: Catalogue) -> None:
    assert to_text(replace(shipped, digest="other")) == to_text(shipped)


WORDS = st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable())
MAYBE = st.none() | WORDS
DAYS = st.none() | st.integers(1, 10_000)
CONDITIONS = st.none() | st.builds(Condition, WORDS, WORDS)
CHECKS = st.builds(Check, WORDS, WORDS, MAYBE, st.frozensets(WORDS, max_size=2))
DUES = st.builds(Due, stage=WORDS) | st.builds(Due, after=WORDS, within_days=st.integers(0, 99))


def few(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=2).map(tuple)


ASKS = st.builds(Ask, id=WORDS, control=st.just("GOV-01"), title=WORDS,
                 kinds=st.frozensets(WORDS, max_size=2), about=WORDS, basis=MAYBE, fresh_days=DAYS, due=DUES,
                 when=CONDITIONS, checks=few(CHECKS))
CONTROLS = st.builds(Control, id=st.just("GOV-01"), domain=WORDS, title=WORDS, objective=WORDS,
                     stages=few(WORDS), applies=CONDITIONS, asks=few(ASKS),
                     mappings=few(st.builds(Link, WORDS, WORDS, st.sampled_from(Relation), WORDS)))
KINDS = st.builds(Kind, id=st.just("policy"), title=WORDS, meaning=WORDS, form=WORDS, fresh_days=DAYS,
                  reviewer=WORDS, fields=few(st.builds(FieldOfKind, WORDS, WORDS, WORDS)))
REQUIREMENTS = st.builds(Requirement, id=WORDS, parent=MAYBE, level=WORDS, title=WORDS,
                         official=st.booleans(), gist=WORDS, assessable=st.booleans(), priority=MAYBE,
                         tags=few(WORDS))
FRAMEWORKS = st.builds(Framework, id=st.just("law"), title=WORDS, publisher=WORDS, version=WORDS, date=WORDS,
                       status=WORDS, source=st.dictionaries(WORDS, WORDS, max_size=2), wording=WORDS,
                       strength_passes_down=st.booleans(), requirements=few(REQUIREMENTS),
                       joint=st.dictionaries(WORDS, st.frozensets(WORDS, min_size=1), max_size=2))
NAMED = st.builds(Named, WORDS, WORDS, st.text(max_size=3))


@given(kind=KINDS, control=CONTROLS, framework=FRAMEWORKS, stages=few(NAMED))
def test_any_catalogue_comes_back_exactly(
    kind: Kind, control: Control, framework: Framework, stages: tuple[Named, ...]
) -> None:
    catalogue = Catalogue(digest="", traits=(), stages=stages, events=(), layers=(), bases=(),
                          kinds={kind.id: kind}, domains=(), controls={control.id: control},
                          frameworks={framework.id: framework})
    text = to_text(catalogue)
    assert from_text(text) == replace(catalogue, digest=digest_of(text))
    assert to_text(from_text(text)) == text


def test_a_change_of_any_word_changes_the_digest(tmp_path: Path) -> None:
    catalogue = load(lay_out(tmp_path))
    kind = replace(catalogue.kinds["policy"], fresh_days=366)
    changed = replace(catalogue, kinds={**catalogue.kinds, "policy": kind})
    assert digest_of(to_text(changed)) != catalogue.digest


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", "3", '{"shape":1}', '{"shape":1,"traits":[3]}'])
def test_what_is_no_text_of_a_catalogue_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError, match="no canonical text of a catalogue"):
        from_text(text)


def test_a_text_of_another_shape_is_refused_by_name(shipped: Catalogue) -> None:
    with pytest.raises(CatalogueError, match="shape 2, not 1"):
        from_text(to_text(shipped).replace('"shape":1', '"shape":2'))
