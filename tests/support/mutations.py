"""Documents that differ from a valid one in one place: what an author forgets, misspells or confuses. Seeded."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

_WRONG: tuple[Any, ...] = (None, True, 7, -1, 1.5, "text", [], ["text"], {}, {"text": 1})


class Mutation(NamedTuple):
    """What was done where, and the document that came of it."""

    kind: str
    pointer: str
    document: dict[str, Any]


def mutations(document: dict[str, Any], seed: int, count: int) -> Iterator[Mutation]:
    """So many mutations, each of the document as it is given."""
    dice = random.Random(seed)
    places = [place for place in _places(document, ()) if place]
    for _ in range(count):
        made = copy.deepcopy(document)
        place = dice.choice(places)
        holder: Any = made
        for step in place[:-1]:
            holder = holder[step]
        kind = dice.choice(("remove", "rename", "retype", "revalue", "add", "swap"))
        if _change(kind, holder, place[-1], dice):
            yield Mutation(kind, "/" + "/".join(map(str, place)), made)


def _change(kind: str, holder: Any, key: Any, dice: random.Random) -> bool:
    value = holder[key]
    if kind == "remove":
        del holder[key]
    elif kind == "rename" and isinstance(holder, dict):
        holder[dice.choice((f"{key}x", f"x-{key}", f"{key} {key}", "description"))] = holder.pop(key)
    elif kind == "retype":
        holder[key] = dice.choice([other for other in _WRONG if type(other) is not type(value)])
    elif kind == "revalue" and isinstance(value, str):
        holder[key] = dice.choice((value + "x", "", value.upper(), "a b", "https://example.com/x"))
    elif kind == "add" and isinstance(value, dict):
        value[dice.choice(("$ref", "extra", "x-extra", "description", "name", "type"))] = dice.choice(_WRONG)
    elif kind == "add" and isinstance(value, list):
        value.append(dice.choice((*_WRONG, *value)))
    elif kind == "swap" and isinstance(holder, dict) and len(holder) > 1:
        other = dice.choice([name for name in holder if name != key])
        holder[key], holder[other] = holder[other], holder[key]
    else:
        return False
    return True


def _places(value: Any, place: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield place
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from _places(child, (*place, key))
