"""Which route a request belongs to, and whether it may be sent at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from retailctl.model.http_exchange import RecordedRequest
from retailctl.model.replay_plan import ReplayRoute

SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_WORD: Final = re.compile(r"[a-z][a-z_-]{0,30}(?:\.json|\.xml)?|v\d{1,3}")
_SIBLINGS: Final = 8
_SEGMENT: Final = re.compile(r"\\\{[^{}/]{0,200}\\\}")


@dataclass(frozen=True, slots=True)
class Routed:
    """A request with its route as reports call it, and why it is not sent (empty: it is)."""

    recorded: RecordedRequest
    route: str
    rule: ReplayRoute | None
    not_sent: str = ""

    @property
    def is_safe(self) -> bool:
        """Whether the same request may be sent twice."""
        return self.recorded.request.method in SAFE


class Routes:
    """The routes of a plan; the first that matches decides."""

    def __init__(self, rows: Sequence[ReplayRoute]) -> None:
        self._rows = [(row, _pattern(row.path)) for row in rows]

    def route(self, requests: Iterable[RecordedRequest]) -> list[Routed]:
        """Every request with its route, in their order."""
        found = [(one, self._match(one)) for one in requests]
        names = _names([one for one, row in found if row is None])
        return [
            Routed(one, f"{one.request.method} {row.path if row else names[one.number]}", row, _not_sent(one, row))
            for one, row in found
        ]

    def _match(self, one: RecordedRequest) -> ReplayRoute | None:
        path = one.request.target.partition("?")[0]
        method = one.request.method
        return next((row for row, pattern in self._rows if row.method == method and pattern.fullmatch(path)), None)


def _pattern(template: str) -> re.Pattern[str]:
    rest = template.endswith("*")
    text = _SEGMENT.sub("[^/]+", re.escape(template.rstrip("*")))
    return re.compile(text + ("(?s:.*)" if rest else ""))


def _not_sent(one: RecordedRequest, row: ReplayRoute | None) -> str:
    """Why a request must not be sent. A method that may change something needs all three words of its route."""
    if one.request.method in SAFE:
        return ""
    if row is None or not row.allow_unsafe:
        return "the method may change something, and no route allows it"
    if not row.sandbox:
        return "the route allows the method, but does not say that both sides are a sandbox"
    if row.idempotency_header is None:
        return "the route allows the method, but names no idempotency header"
    return ""


def _names(requests: list[RecordedRequest]) -> dict[int, str]:
    """Templates of requests that no route of the plan names: a segment stands in it only if it looks like a word, and
    only a few others stand in its place. Anything else may be somebody's name or number."""
    split = {one.number: one.request.target.partition("?")[0].split("/")[1:] for one in requests}
    siblings: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for segments in split.values():
        for depth, segment in enumerate(segments[:20]):
            seen = siblings[tuple(segments[:depth])]
            if len(seen) <= _SIBLINGS:
                seen.add(segment)
    return {number: _template(segments, siblings) for number, segments in split.items()}


def _template(segments: list[str], siblings: dict[tuple[str, ...], set[str]]) -> str:
    shown = []
    for depth, segment in enumerate(segments[:20]):
        few = len(siblings[tuple(segments[:depth])]) <= _SIBLINGS
        shown.append(segment if not segment or (few and _WORD.fullmatch(segment)) else "{}")
    return "/" + "/".join(shown) + ("/*" if len(segments) > 20 else "")
