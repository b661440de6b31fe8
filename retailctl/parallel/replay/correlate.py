"""Ids that each side makes by itself: what legacy calls 17 and new calls 9001 is one thing in all later requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import quote, unquote

from retailctl.model.http_exchange import HttpAnswer, HttpRequest
from retailctl.model.replay_plan import Correlation
from retailctl.parallel.replay.codec import STANDARD
from retailctl.parallel.replay.rules import step

Side = Literal["legacy", "new"]
_MOST: Final = 1_000_000
_LONGEST: Final = 200
_DEPTH: Final = 100


class Names(NamedTuple):
    """What the two sides call one thing."""

    legacy: Any
    new: Any


def values_at(tree: Any, path: str) -> list[Any]:
    """The scalars at a generic path (``order.id``, ``lines[].id``), in the order of the document."""
    level = [tree]
    for name, lists in _steps(path):
        if name:
            level = [one[name] for one in level if isinstance(one, dict) and name in one]
        for _ in range(lists):
            level = [item for one in level if isinstance(one, list) for item in one]
    return [one for one in level if isinstance(one, str | int) and not isinstance(one, bool)]


def _steps(path: str) -> Iterator[tuple[str, int]]:
    for part in path.split(".")[:_DEPTH]:
        name = part.rstrip("[]")
        yield name, part.count("[]")


class Aliases:
    """The names learned so far; shared by all workers."""

    def __init__(self, rows: Sequence[Correlation]) -> None:
        self._rows = rows
        self._known: list[dict[str, Names]] = [{} for _ in rows]
        self._same: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._rows)

    def learn(self, legacy: HttpAnswer, new: HttpAnswer, recorded: bytes | None) -> None:
        """Take the ids out of two answers to one request, and out of the recorded answer where there is one."""
        trees = [_tree(legacy.body), _tree(new.body), _tree(recorded or b"")]
        for row, known in zip(self._rows, self._known, strict=True):
            mine, theirs, before = (values_at(tree, row.path) for tree in trees)
            if len(mine) != len(theirs):
                continue
            with self._lock:
                for number, (left, right) in enumerate(zip(mine, theirs, strict=True)):
                    if len(known) >= _MOST or left == right:
                        continue
                    names = Names(left, right)
                    self._same.add((str(left), str(right)))
                    for name in (left, right, before[number] if len(before) == len(mine) else left):
                        known[str(name)[:_LONGEST]] = names

    def are_one(self, legacy: Any, new: Any) -> bool:
        """Whether two values are names of one thing."""
        return (str(legacy), str(new)) in self._same if _is_name(legacy) and _is_name(new) else False

    def rewrite(self, request: HttpRequest, side: Side) -> HttpRequest:
        """The request as one side must be asked: its own ids in every place that the plan names."""
        for row, known in zip(self._rows, self._known, strict=True):
            if known:
                request = _rewritten(request, row, partial(_name, known, side))
        return request


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _name(known: dict[str, Names], side: Side, value: Any) -> Any:
    if not _is_name(value):
        return value
    names = known.get(str(value)[:_LONGEST])
    return value if names is None else names.legacy if side == "legacy" else names.new


Rename = Callable[[Any], Any]


def _rewritten(request: HttpRequest, row: Correlation, rename: Rename) -> HttpRequest:
    target, headers, body = request.target, request.headers, request.body
    for place in row.into:
        kind, _, name = place.partition(".")
        if kind in ("path", "query"):
            target = _target(target, kind, name, rename)
        elif kind == "header":
            headers = tuple((key, str(rename(value)) if key == name.lower() else value) for key, value in headers)
        elif body:
            body = _body(body, name, rename)
    return HttpRequest(request.method, target, headers, body)


def _target(target: str, kind: str, name: str, rename: Rename) -> str:
    path, mark, query = target.partition("?")
    if kind == "path":
        path = "/".join(_quoted(segment, rename) for segment in path.split("/"))
    else:
        pairs = (pair.partition("=") for pair in query.split("&"))
        query = "&".join(
            f"{key}{equals}{_quoted(value, rename) if not name or unquote(key) == name else value}"
            for key, equals, value in pairs
        )
    return f"{path}{mark}{query}"


def _quoted(text: str, rename: Rename) -> str:
    value = unquote(text)
    renamed = rename(value)
    return text if renamed == value else quote(str(renamed), safe="")


def _body(body: bytes, path: str, rename: Rename) -> bytes:
    tree = _tree(body)
    if tree is None:
        return body
    changed = _renamed(tree, path, "", rename, 0)
    return (
        body
        if changed == tree
        else json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    )


def _renamed(value: Any, wanted: str, path: str, rename: Rename, depth: int) -> Any:
    if depth >= _DEPTH:
        return value
    if isinstance(value, dict):
        return {
            key: _renamed(one, wanted, f"{path}.{step(key)}".lstrip("."), rename, depth + 1)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_renamed(one, wanted, f"{path}[]", rename, depth + 1) for one in value]
    return rename(value) if not wanted or path == wanted else value


def _tree(body: bytes) -> Any:
    try:
        return STANDARD.loads(body)
    except (ValueError, RecursionError):
        return None
