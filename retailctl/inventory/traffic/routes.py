"""Routes: from the request as a line has it to the use it is counted for. Only paths not met before come here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.traffic.learned import Segments, named
from retailctl.inventory.traffic.segments import is_static, segment
from retailctl.inventory.traffic.uses import Use

# A special route of one kind of log: host, method and path (clean text) -> the use, or None for the usual way.
Special = Callable[[bytes, str, str], Use | None]
Crowded = dict[tuple[bytes, Segments], frozenset[str]]

_METHODS: Final = frozenset(
    b"GET HEAD POST PUT PATCH DELETE OPTIONS PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH QUERY".split()
)
_HOOK: Final = re.compile(rb"(/web/hook)/[^/]+.*", re.IGNORECASE | re.DOTALL)
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/]*")
_DEEPEST: Final = 16
READ: Final = frozenset({"GET", "OPTIONS", "PROPFIND", "REPORT", "SEARCH", "QUERY"})


class Routes:
    """``system`` is what templates may be known under beside the host; ``crowded`` are places learned so far.

    ``labelled``: what stands in the place of the host is a database, and no part of the identity of a path.
    """

    def __init__(
        self, known: PathTemplates, system: str, special: Special | None = None, *, labelled: bool = False
    ) -> None:
        self._known, self._system, self._special, self._labelled = known, system, special, labelled
        self.crowded: Crowded = {}

    def use(self, host: bytes, request: bytes) -> Use:
        """A use without counts for ``GET /orders/{id}``. Never raises, whatever the bytes are."""
        if not self._labelled:
            return self._use(host, request)
        use = self._use(b"", request, host)
        if use.kind != "call" and host not in (b"?", b"None", b"-", b""):
            use.labels = {host.decode("utf-8", "replace")}
        return use

    def _use(self, host: bytes, request: bytes, label: bytes = b"") -> Use:
        word, _, path = request.partition(b" ")
        if word not in _METHODS or not path:
            return Use(host, "", (), "nothing")
        # What answers HEAD is what answers GET: one interface.
        method = "GET" if word == b"HEAD" else word.decode()
        path = _HOOK.sub(rb"\1", _ABSOLUTE.sub(b"", path, count=1))
        if method == "OPTIONS":
            return Use(host, method, (), "preflight")
        raw = [part for part in path.split(b"/") if part]
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
        segments = [segment(part, raw[n - 1] if n else b"") for n, part in enumerate(raw[:_DEEPEST])]
        if len(raw) > _DEEPEST:
            segments.append("{path}")
        return Use(host, method, self.again(host, segments), "path")

    def _template(self, host: bytes, path: bytes) -> str | None:
        if not self._known:
            return None
        text = path.decode("utf-8", "replace")
        names = (host.decode("ascii", "replace"), self._system)
        return next((found for name in names if name and (found := self._known.of(name, text)) is not None), None) or (
            self._known.of("*", text)
        )

    def again(self, host: bytes, segments: Sequence[str]) -> Segments:
        """The segments with the names of crowded places left out."""
        if not self.crowded:
            return tuple(segments)
        place: Segments = ()
        for name in segments:
            kept = self.crowded.get((host, place))
            place = (*place, name if kept is None else named(name, kept))
        return place
