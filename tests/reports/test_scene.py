"""The scene's geometry and text fitting."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from govern.reports.scene import fitted, listed, ring_segment, text_width

ROOM = st.floats(min_value=12, max_value=600)


@given(st.text(max_size=80), ROOM)
def test_fitted_text_never_claims_more_than_its_room(text: str, room: float) -> None:
    assert text_width(fitted(text, room, 12), 12) <= room


@given(st.text(alphabet="abcdefgh", max_size=30))
def test_text_that_fits_is_left_alone(text: str) -> None:
    assert fitted(text, text_width(text, 11), 11) == text


def test_text_that_does_not_fit_ends_in_an_ellipsis() -> None:
    cut = fitted("Adversarial robustness test", 60, 12)
    assert cut.endswith("…")
    assert "Adversarial".startswith(cut[:-1])


@given(st.floats(0, 6), st.floats(0.01, 6), st.floats(5, 40), st.floats(1, 40))
def test_a_ring_segment_lies_between_its_two_circles(
    start: float, turn: float, inner: float, thick: float
) -> None:
    points = ring_segment((100, 100), inner, inner + thick, start, start + turn)
    distances = [math.dist((100, 100), point) for point in points]
    assert all(inner - 1e-6 <= distance <= inner + thick + 1e-6 for distance in distances)
    assert math.isclose(points[0][0], 100 + (inner + thick) * math.sin(start), abs_tol=1e-6)


def test_pairs_are_listed_as_a_phrase() -> None:
    assert listed([("met", 3), ("not met", 1)]) == "met 3, not met 1"
