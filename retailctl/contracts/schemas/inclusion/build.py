"""Values built from parts: the smallest object or array that a conjunction may accept. The caller checks each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from retailctl.contracts.schemas.inclusion.engine import Engine
from retailctl.contracts.schemas.inclusion.examples import example
from retailctl.contracts.schemas.inclusion.values import canonical
from retailctl.contracts.schemas.inclusion.view import View

_MAX_ITEMS: Final = 2_000


def an_object(
    engine: Engine, view: View, fixed: Mapping[str, object], *, without: str | None = None, size: int = 0
) -> dict[str, object] | None:
    """Return an object with the given properties, those required, and as many others as its size asks for."""
    built = dict(fixed)
    needed = [name for name in view.required if name not in built and name != without]
    engine.spend(len(needed))
    for name in needed:
        value = engine.example(view.property(name))
        if not value:
            return None
        built[name] = value[0]
    size = max(size, view.properties.low)
    for name in _spare(view, size):
        if len(built) >= size:
            break
        if name not in built and name != without and (value := engine.example(view.property(name))):
            built[name] = value[0]
    return built


def _spare(view: View, size: int) -> Iterable[str]:
    """Names for further properties: declared ones first."""
    yield from (name for name in view.declared if not engine_never(view, name))
    for pattern in view.patterns:
        name = example(pattern)
        if name is not None:
            yield name
    if view.rest_counts(declared=False):
        yield from (f"extra{index}" for index in range(min(size, _MAX_ITEMS)))


def engine_never(view: View, name: str) -> bool:
    """Tell if no object can have the property."""
    return any(view.graph.flat((node,)).never is not None for node in view.property(name))


def an_array(engine: Engine, view: View, size: int, fixed: Mapping[int, object] | None = None) -> list[object] | None:
    """Return an array of a size, with the given items at their places."""
    if size > _MAX_ITEMS:
        return None
    built: list[object] = []
    for index in range(size):
        if fixed is not None and index in fixed:
            built.append(fixed[index])
            continue
        value = engine.example(view.item(index)) if view.item(index) else (0,)
        if not value:
            return None
        built.append(value[0])
    return built


def distinct(engine: Engine, view: View, size: int, fixed: Mapping[int, object] | None = None) -> list[object] | None:
    """Return an array whose items all differ, where examples that differ can be had."""
    built = an_array(engine, view, size, fixed)
    if built is None or size > 64:
        return built
    seen = set()
    for index, item in enumerate(built):
        if canonical(item) in seen and not (fixed and index in fixed):
            for other in _others(engine, view, index):
                if canonical(other) not in seen:
                    built[index] = other
                    break
        seen.add(canonical(built[index]))
    return built


def _others(engine: Engine, view: View, index: int) -> Iterable[object]:
    places = view.item(index)
    own = engine.view(tuple(sorted(places)))
    for kind in own.types:
        for turn in (0, 1):
            yield from engine.example(places, kind, turn=turn)
        finite = own.finite(kind)
        if finite is not None:
            yield from (value for value in finite[0] if engine.judge.all(own.conj, value) is True)
        elif kind == "integer":
            yield from (number for number in range(64) if engine.judge.all(own.conj, number) is True)
        elif kind == "string":
            yield from (text for text in map(str, range(64)) if engine.judge.all(own.conj, text) is True)
