"""Routes: from the request as a line has it to the use it is counted for.

Thousands of requests are shortened at once, by expressions; only what is new after that comes to ``use``, one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.traffic.learned import NAME, Segments, named
from retailctl.inventory.traffic.segments import is_static, segment, shortener
from retailctl.inventory.traffic.uses import Use

# A special route of one kind of log: label, method and path (clean text) -> the use, or None for the usual way.
Special = Callable[[bytes, str, str], Use | None]

_METHODS: Final = frozenset(
    b"GET HEAD POST PUT PATCH DELETE OPTIONS PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH QUERY".split()
)
_HOOK: Final = re.compile(rb"(/web/hook)/[^/]+.*", re.IGNORECASE | re.DOTALL)
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/]*")
_HOST: Final = re.compile(rb"\[?[a-z0-9_][a-z0-9_.:-]{0,252}\]?(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?")
_NO_LABEL: Final = frozenset({b"?", b"None", b"-", b""})
_DEEPEST: Final = 16
_SEGMENTS: Final = 8_192  # remembered judgements
_BUSY: Final = 1_024  # new names at one place before it gets an expression of its own
_PLACES: Final = 8  # with an expression of their own
_LITERALS: Final = 256  # more than these make an expression slow
READ: Final = frozenset({"GET", "OPTIONS", "PROPFIND", "REPORT", "SEARCH", "QUERY"})


class Routes:
    """``system`` is what templates may be known under beside the host; ``crowded`` are places learned so far.

    ``labelled``: what stands in the place of the host is a database, and no part of the identity of a path.
    """

    def __init__(
        self, known: PathTemplates, system: str, special: Special | None = None, *, labelled: bool = False
    ) -> None:
        self._known, self._system, self._special, self._labelled = known, system, special, labelled
        self.crowded: dict[tuple[bytes, Segments], frozenset[str]] = {}
        self._literals = known.literals()
        self._shortener = shortener(self._literals)
        self._segments: dict[tuple[bytes, bytes, bool], str] = {}
        self._new: Counter[tuple[bytes, Segments]] = Counter()
        self._places: dict[tuple[int, bytes, frozenset[str]], list[bytes]] = {}
        self._busy: list[re.Pattern[bytes]] = []

    def shorten(self, hosts: Sequence[bytes] | None, requests: Sequence[bytes]) -> list[bytes]:
        """``host METHOD path`` of every row, with ids and the names of busy places left out: the keys for ``use``."""
        if hosts is None:
            text = b"\n " + b"\n ".join(requests) + b"\n"
        else:
            text = b"\n" + b"\n".join(map(b" ".join, zip(hosts, requests, strict=True))) + b"\n"
        text = self._shortener.sub(b"/{id}", text)
        for pattern in self._busy:
            text = pattern.sub(rb"\1" + NAME.encode(), text)
        return text.split(b"\n")[1:-1]

    def use(self, key: bytes) -> Use:
        """A use without counts for ``host GET /orders/{id}``. Never raises, whatever the bytes are."""
        host, _, request = key.partition(b" ")
        if not self._labelled:
            return self._use(host_name(host), request)
        use = self._use(b"", request, host)
        if use.kind != "call" and host not in _NO_LABEL:
            use.labels = {host.decode("utf-8", "replace")}
        return use

    def again(self, host: bytes, segments: Sequence[str]) -> Segments:
        """The segments with the names of crowded places left out."""
        if not self.crowded:
            return tuple(segments)
        place: Segments = ()
        for name in segments:
            kept = self.crowded.get((host, place))
            if kept is not None and name != NAME:
                self._new[host, place] += 1
                if self._new[host, place] == _BUSY:
                    self._hurry(host, place, kept)
            place = (*place, name if kept is None else named(name, kept))
        return place

    def _use(self, host: bytes, request: bytes, label: bytes = b"") -> Use:
        word, _, path = request.partition(b" ")
        if word not in _METHODS or not path:
            return Use(host, "", (), "nothing")
        # What answers HEAD is what answers GET: one interface.
        method = "GET" if word == b"HEAD" else word.decode()
        if not path.startswith(b"/"):
            path = _ABSOLUTE.sub(b"", path, count=1)
        path = _HOOK.sub(rb"\1", path)
        if method == "OPTIONS":
            return Use(host, method, (), "preflight")
        if self._special is not None:
            special = self._special(label, method, path.decode("utf-8", "replace"))
            if special is not None:
                return special
            path = path.partition(b"#")[0]
        raw = [part for part in path.split(b"/") if part]
        known = self._template(host, path)
        if known is not None:
            return Use(host, method, (), "known", known)
        static = is_static(raw)
        if static:
            return Use(host, "GET", (), "static", f"*.{static}")
        pairs = zip(raw[: _DEEPEST - 1], [b"", *raw], strict=False)
        segments = [self._segment(part, before, last=False) for part, before in pairs][: len(raw) - 1]
        if len(raw) > _DEEPEST:
            segments.append("{path}")
        elif raw:
            segments.append(self._segment(raw[-1], raw[-2] if len(raw) > 1 else b"", last=True))
        return Use(host, method, self.again(host, segments), "path")

    def _segment(self, raw: bytes, before: bytes, *, last: bool) -> str:
        known = self._segments.get((raw, before, last))
        if known is None:
            if len(self._segments) > _SEGMENTS:
                self._segments.clear()
            known = self._segments[raw, before, last] = segment(raw, before, last=last)
        return known

    def _template(self, host: bytes, path: bytes) -> str | None:
        if not self._known:
            return None
        text = path.decode("utf-8", "replace")
        for name in (host.decode("ascii", "replace"), self._system, "*"):
            found = self._known.of(name, text) if name else None
            if found is not None:
                return found
        return None

    def _hurry(self, host: bytes, place: Segments, kept: frozenset[str]) -> None:
        """An expression for places where nearly every name is new. It must judge as ``use`` does, only faster.

        Places of one host, one depth and the same exceptions share one; what lies deeper comes after what lies above.
        """
        literals = self._literals | kept
        if len(literals) > _LITERALS or sum(map(len, self._places.values())) >= _PLACES or (self._labelled and host):
            return
        group = (len(place), host, literals)
        self._places.setdefault(group, []).append(b"".join(f"{name}/".encode() for name in place))
        self._busy = [self._expression(*group, self._places[group]) for group in sorted(self._places, key=_order)]

    def _expression(
        self, _depth: int, host: bytes, literals: frozenset[str], places: Sequence[bytes]
    ) -> re.Pattern[bytes]:
        but = b"|".join(re.escape(name.encode("utf-8", "surrogatepass")) for name in sorted(literals))
        start = rb"[^ \n]*+" if self._labelled else re.escape(host)
        start = rb"(\n" + start + rb" [A-Z]++ /(?:" + b"|".join(map(re.escape, sorted(places))) + b"))"
        return re.compile(start + rb"(?!(?:" + but + rb")[/\n.])[^/\n.#{]++(?=[/\n]|\.[a-z]{2,5}\n)")


def _order(group: tuple[int, bytes, frozenset[str]]) -> tuple[int, bytes, list[str]]:
    depth, host, literals = group
    return depth, host, sorted(literals)


def host_name(host: bytes) -> bytes:
    """A host as logs have it, lower case and without the usual ports; empty when it is none."""
    name = host.strip().lower().rstrip(b".")
    for port in (b":80", b":443"):
        name = name.removesuffix(port)
    return name if _HOST.fullmatch(name) else b""
