"""Summary spans: how a system stands now and, if nothing is recorded, after every change that time brings.

Each span is a fresh derivation of the same snapshot at the instant where the span before it ends. Not done
here: keeping them, and knowing when something recorded makes them void.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from govern.assurance.coverage import shares
from govern.assurance.outcomes import Posture, Status
from govern.assurance.posture import derive
from govern.catalogue.objects import Catalogue
from govern.facts.moments import DAY, Instant, Moment
from govern.facts.snapshot import Snapshot


@dataclass(frozen=True)
class Span:
    """From `since` until before `until` (None: for ever) all of this holds.

    `coverage` is framework id → (met, counted). `running_out` names satisfied and waived controls with the instant at
    which their time ends, soonest first: all that end within the horizon of any look into this span, so up to the
    horizon after its end; `running_out_by` is what one look shows. `attention` names the controls that fall short,
    worst first, a handful, each with its first reason.
    """

    since: Instant
    until: Instant | None
    counts: Mapping[Status, int]
    coverage: Mapping[str, tuple[int, int]]
    running_out: tuple[tuple[str, Instant], ...]
    attention: tuple[tuple[str, Status, str], ...] = ()

    def running_out_by(self, instant: Instant) -> tuple[tuple[str, Instant], ...]:
        """The controls of `running_out` whose time ends before an instant."""
        return tuple((control, until) for control, until in self.running_out if until < instant)


_WORST = (Status.FAILING, Status.STALE, Status.MISSING, Status.PARTIAL)
_NAMED = 8


def spans(snapshot: Snapshot, catalogue: Catalogue, horizon_days: int = 30,
          limit: int = 12) -> tuple[Span, ...]:
    """The spans that begin within the horizon (days after the snapshot's instant): at least one, at most
    `limit` (from 1).

    They follow each other without a gap; the last one's `until` may lie beyond the horizon.
    """
    found = [_span(derive(snapshot, catalogue), catalogue, horizon_days)]
    end = snapshot.moment.instant + horizon_days * DAY
    while len(found) < limit and (now := found[-1].until) is not None and now < end:
        later = replace(snapshot, moment=Moment(snapshot.moment.position, now))
        found.append(_span(derive(later, catalogue), catalogue, horizon_days))
    return tuple(found)


def _span(posture: Posture, catalogue: Catalogue, horizon_days: int) -> Span:
    since = posture.moment.instant
    coverage = shares(posture, catalogue.frameworks.values(), catalogue)
    ending = [(outcome.until, outcome.control) for outcome in posture.controls.values()
              if outcome.status in (Status.SATISFIED, Status.WAIVED) and outcome.until is not None
              and posture.until is not None and outcome.until < posture.until + horizon_days * DAY]
    return Span(since, posture.until, posture.summary, coverage,
                tuple((control, until) for until, control in sorted(ending)), _attention(posture))


def _attention(posture: Posture) -> tuple[tuple[str, Status, str], ...]:
    short = [outcome for outcome in posture.controls.values() if outcome.status in _WORST]
    short.sort(key=lambda outcome: _WORST.index(outcome.status))
    return tuple((one.control, one.status, one.reasons[0].text if one.reasons else "")
                 for one in short[:_NAMED])
