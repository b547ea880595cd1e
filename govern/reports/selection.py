"""The pictures that one export is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from govern.errors import InputRefused
from govern.reports.picture import Picture


def of_one_moment(pictures: Iterable[Picture]) -> tuple[Picture, Iterator[Picture]]:
    """The first picture, for what all share, and all of them, fetched one at a time.

    Raises InputRefused when there is none and, while they are fetched, ValueError for a picture whose stamp
    or catalogue differs from the first one's.
    """
    rest = iter(pictures)
    first = next(rest, None)
    if first is None:
        raise InputRefused("There is no system to export.", mend="Choose a system that you may read.")
    return first, chain((first,), _like(first, rest))


def _like(first: Picture, rest: Iterator[Picture]) -> Iterator[Picture]:
    for picture in rest:
        if (picture.stamp, picture.catalogue.digest) != (first.stamp, first.catalogue.digest):
            raise ValueError("one export speaks of one moment: its pictures carry one stamp and catalogue")
        yield picture
