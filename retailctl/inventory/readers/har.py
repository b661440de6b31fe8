"""har: requests that a browser or a proxy recorded, counted by method, host and path template.

An interface per method, host and template, with count, first and last day. Ids in paths become parameters: as contracts
and the inventory have them, else by shape. The client is the system that the user names; without one there is no
consumer, for a recording does not tell whose it is. Pages are user interface; images, styles, scripts and fonts are
figures. Cookies, headers and bodies are never kept; a token in a header or an address is a fingerprint. A recording
proves use and covers nothing: what is not in it may be used all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.clear_secrets import bare, is_secret
from retailctl.inventory.flows.loose import inner, listing, mapping, number, text
from retailctl.inventory.flows.notes import Complaints, Notes
from retailctl.inventory.flows.path_shapes import template_of
from retailctl.inventory.flows.targets import Target
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.seen import Seen

Steps = tuple[str | int, ...]

_STATIC: Final = frozenset({"image", "stylesheet", "script", "font", "media", "manifest", "texttrack", "preflight"})
_FILE: Final = re.compile(
    r"\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|mp4|webm)$", re.IGNORECASE
)
_DAY: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:T|\s|$)")


def _detect(artefact: Artefact) -> float:
    if artefact.suffix != ".har" and b'"entries"' not in artefact.head:
        return 0.0
    entries = inner(artefact.data, "log", "entries")
    if not isinstance(entries, list):
        return 0.0
    return 0.95 if artefact.suffix == ".har" or inner(artefact.data, "log", "creator") is not None else 0.7


@dataclass(slots=True)
class _Calls:
    """What was recorded of one method, host and template; ``place`` is the first."""

    place: Steps
    target: Target
    page: bool
    count: int = 0
    first: date | None = None
    last: date | None = None
    answers: Counter[str] = field(default_factory=Counter)
    secret: str = ""
    identity: str = ""

    def add(self, day: date | None, status: int | None) -> None:
        self.count += 1
        if day is not None:
            self.first = min(self.first or day, day)
            self.last = max(self.last or day, day)
        if status is not None and 100 <= status < 600:
            self.answers[f"{status // 100}xx"] += 1


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    document = artefact.document
    entries = inner(document.roots[0] if document is not None and document.roots else None, "log", "entries")
    if not isinstance(entries, list):
        raise artefact.error("INP001", "holds no recorded requests", hint="log.entries is missing: record it again")
    notes = Notes.on("har", artefact, reading)
    complaints = Complaints(artefact)
    found: dict[tuple[str, str, str, str], _Calls] = {}
    static = 0
    secrets: set[str] = set()
    for place, entry in enumerate(entries):
        steps = ("log", "entries", place)
        request = mapping(inner(entry, "request"))
        address = text(request.get("url"))
        target = notes.target(address) if "://" in address else None
        if target is None:
            if not address.startswith(("data:", "blob:", "about:", "chrome", "file:")):
                yield from complaints.add("is no recorded request", steps, "record it again")
            continue
        if _is_static(entry, target):
            static += 1
            continue
        calls = _calls(notes, found, steps, entry, target)
        calls.add(_day(inner(entry, "startedDateTime")), number(inner(entry, "response", "status")))
        yield from _secrets(notes, calls, steps, request, target, secrets)
    for key in sorted(found):
        yield _seen(notes, found[key], key[0])
    if static and reading.system:
        yield notes.seen((), kind="system", name=notes.host, figures={"static_requests": static})
    yield from complaints.rest()


def _is_static(entry: object, target: Target) -> bool:
    kind = text(inner(entry, "_resourceType")).lower()
    mime = text(inner(entry, "response", "content", "mimeType")).lower()
    shown = mime.startswith(("image/", "font/", "text/css", "video/", "audio/")) or "javascript" in mime
    return kind in _STATIC or _FILE.search(target.url.path) is not None or (shown and kind not in ("xhr", "fetch"))


def _calls(
    notes: Notes, found: dict[tuple[str, str, str, str], _Calls], steps: Steps, entry: object, target: Target
) -> _Calls:
    method = text(inner(entry, "request", "method")).upper()[:20]
    known = notes.reading.templates
    path = target.url.path
    template = known.of(target.url.host, path) or known.of(notes.reading.system, path) or template_of(path)
    key = (method, target.url.scheme, target.url.name, template)
    calls = found.get(key)
    if calls is None:
        kind = text(inner(entry, "_resourceType")).lower()
        mime = text(inner(entry, "response", "content", "mimeType")).lower()
        page = kind == "document" or (not kind and mime.startswith("text/html") and method == "GET")
        shaped = replace(target, url=replace(target.url, path=template), secrets=())
        calls = found[key] = _Calls(steps, shaped, page)
    return calls


def _day(value: object) -> date | None:
    found = _DAY.match(text(value))
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _secrets(
    notes: Notes, calls: _Calls, steps: Steps, request: dict[str, Any], target: Target, known: set[str]
) -> Iterator[Seen]:
    """Tokens of headers and addresses; cookies are those of a person's session, and are left alone."""
    pairs = list(target.secrets)
    for header in listing(request.get("headers")):
        name, value = text(inner(header, "name")), text(inner(header, "value"))
        if name.lower() not in ("cookie", "set-cookie") and is_secret(name, value):
            pairs.append((name, bare(value)))
    for name, value in pairs:
        fingerprint = notes.reading.fingerprint(value)
        shown = name or "secret in the address"
        calls.secret, calls.identity = calls.secret or fingerprint, calls.identity or shown
        if fingerprint not in known:
            known.add(fingerprint)
            yield notes.credential(steps, f"{target.url.name}/{shown}", fingerprint, provider=target.url.name)


def _seen(notes: Notes, calls: _Calls, method: str) -> Seen:
    figures: dict[str, Any] = {"count": calls.count, "answers": dict(sorted(calls.answers.items()))}
    values = {"pattern": "ui" if calls.page else ""}
    made = next(
        seen
        for seen in notes.call(calls.target, calls.place, method=method, values=values, figures=figures)
        if seen.kind == "interface"
    )
    identity = f"{calls.target.url.name}/{calls.identity}" if calls.identity else None
    users = tuple(
        replace(
            user,
            identity=identity,
            secret=calls.secret or None,
            first_seen=calls.first,
            last_seen=calls.last,
            count=calls.count,
        )
        for user in made.consumers
        if notes.reading.system
    )
    return replace(made, consumers=users, at=calls.last or made.at)


READER = Reader("har", "recorded requests (HAR)", _detect, _read)
