"""Which operation of one side is which of the other: by effective URL, not by the text of the path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from retailctl.contracts.api.model import Operation
from retailctl.contracts.api.urls import effective, erased
from retailctl.contracts.changes.change import CompareOptions, Pair
from retailctl.errors import UsageError

_VERSION: Final = re.compile(r"(?<=/)v\d+(?=/|$)")


@dataclass(frozen=True, slots=True)
class Matching:
    """``moved`` are pairs whose path text differs; ``rebased`` are pairs that share no effective URL."""

    pairs: tuple[Pair, ...]
    removed: tuple[Operation, ...]
    added: tuple[Operation, ...]
    rebased: tuple[Pair, ...] = ()


def match(old: Sequence[Operation], new: Sequence[Operation], *, by_version: bool = False) -> Matching:
    """Pair the operations: same path and URL, then same URL, then same path below another base.

    ``by_version`` also pairs what only differs in a segment such as ``/v1/``: it is a base path that was written into
    the paths.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()

    def run(
        keys: Callable[[Operation], Iterable[tuple[str, str]]], accept: Callable[[Operation, Operation], bool]
    ) -> None:
        index: dict[tuple[str, str], list[int]] = {}
        for position, operation in enumerate(new):
            if position not in taken:
                for key in keys(operation):
                    index.setdefault(key, []).append(position)
        for position, operation in enumerate(old):
            if position in found:
                continue
            candidates = dict.fromkeys(other for key in keys(operation) for other in index.get(key, ()))
            for other in sorted(candidates, key=lambda number: new[number].path != operation.path):
                if other not in taken and accept(operation, new[other]):
                    found[position] = other
                    taken.add(other)
                    break

    run(lambda operation: [(operation.method, operation.path)], _share_url)
    run(lambda operation: [(operation.method, erased(operation.path))], _share_url)
    run(lambda operation: [(operation.method, url) for url in operation.urls], lambda one, other: True)
    run(lambda operation: [(operation.method, erased(operation.path))], lambda one, other: True)
    if by_version:
        run(
            lambda operation: [(operation.method, _VERSION.sub("v{}", erased(operation.path)))], lambda one, other: True
        )
    pairs = tuple(Pair(old[left], new[right]) for left, right in sorted(found.items()))
    return Matching(
        pairs,
        tuple(operation for position, operation in enumerate(old) if position not in found),
        tuple(operation for position, operation in enumerate(new) if position not in taken),
        tuple(pair for pair in pairs if not _share_url(pair.old, pair.new)),
    )


def prepared(operations: Iterable[Operation], options: CompareOptions, *, new: bool) -> Iterator[Operation]:
    """The operations that are wanted, under the paths that gateways make of them."""
    strip = options.strip_prefix_revision if new else options.strip_prefix_base
    put = options.prefix_revision if new else options.prefix_base
    wanted, unwanted = _pattern(options.match_path), _pattern(options.unmatch_path)
    for operation in operations:
        if wanted is not None and not wanted(operation.path):
            continue
        if unwanted is not None and unwanted(operation.path):
            continue
        if strip or put:
            path = put + operation.path.removeprefix(strip)
            yield replace(operation, path=path, urls=effective(operation.bases, path))
        else:
            yield operation


def _share_url(one: Operation, other: Operation) -> bool:
    return not set(one.urls).isdisjoint(other.urls)


def _pattern(text: str) -> Callable[[str], bool] | None:
    if not text:
        return None
    try:
        compiled = re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"not a regular expression: {text!r}: {error}") from None
    return lambda path: compiled.search(path) is not None
