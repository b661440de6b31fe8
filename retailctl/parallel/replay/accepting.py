"""Accepted differences of a replay: known, agreed, within a budget and until a day. Over either they count again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from retailctl.model.replay_plan import AcceptedDifference
from retailctl.parallel.replay.noise import Spot

At = tuple[str, Spot]
"""A route, and a spot there."""


@dataclass(frozen=True, slots=True)
class Use:
    """What one entry of the plan covers in a run. ``reason`` says why it does not hold, "" where it does."""

    entry: AcceptedDifference
    requests: int
    reason: str = ""

    def __str__(self) -> str:
        most = "" if self.entry.max_requests is None else f" of {self.entry.max_requests:,}"
        state = f"counts again: {self.reason}" if self.reason else f"until {self.entry.expires}"
        return f"accepted by {self.entry.owner}: {self.entry.reason} ({self.requests:,}{most} requests; {state})"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What each entry covers, in the order of the plan, and for each spot the entry that names it."""

    uses: tuple[Use, ...] = ()
    by_spot: Mapping[At, Use] | None = None

    def of(self, at: At) -> tuple[AcceptedDifference | None, str]:
        """Who accepts a difference, or why nobody does although the plan names it."""
        use = (self.by_spot or {}).get(at)
        if use is None:
            return None, ""
        return (None, f"accepted by {use.entry.owner}, but {use.reason}") if use.reason else (use.entry, "")


def accept(entries: Sequence[AcceptedDifference], spots: Mapping[At, int], as_of: date) -> Acceptance:
    """What entries cover of the requests that differ at spots; a spot belongs to the first entry that holds.

    The budget of an entry is for all that it covers together: on every route, and in every kind of difference.
    """
    uses: list[Use] = []
    by_spot: dict[At, Use] = {}
    for entry in entries:
        own = [
            at for at in spots if _covers(entry, at) and (at not in by_spot or by_spot[at].reason)
        ]  # what an entry before it covers is not its business
        requests = sum(spots[at] for at in own)
        use = Use(entry, requests, _void(entry, requests, as_of))
        uses.append(use)
        for at in own:
            if not use.reason or at not in by_spot:
                by_spot[at] = use
    return Acceptance(tuple(uses), by_spot)


def _covers(entry: AcceptedDifference, at: At) -> bool:
    route, (path, _) = at
    return entry.path == _as_written(path) and entry.route in (None, route)


def _void(entry: AcceptedDifference, requests: int, as_of: date) -> str:
    if entry.expires < as_of:
        return f"until {entry.expires}, which is over"
    if entry.max_requests is not None and requests > entry.max_requests:
        return f"for {entry.max_requests:,} requests, and these are {requests:,}"
    return ""


def _as_written(path: str) -> str:
    """``status``, ``header NAME`` and ``body``, as people write them."""
    return path.replace("(status)", "status").replace("(header) ", "header ") or "body"
