"""Two answer bodies as bytes in, their differences out."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from retailctl.parallel.replay.codec import Codec, Opaque, codec, load_exact, needs_exact, repeats_a_key
from retailctl.parallel.replay.difference import ABSENT, EQUAL, Difference, Differences, Excuse, Kind
from retailctl.parallel.replay.json_diff import diff
from retailctl.parallel.replay.rules import DiffRules
from retailctl.parallel.replay.trees import SCALARS

BODY = ""
"""The generic path of the body as a whole."""

_COLONS: Final[dict[Kind, int]] = {"VALUE": 0, "TYPE": 0, "MISSING_FIELD": 1, "EXTRA_FIELD": 1}
"""Kinds of differences that say how many keys either side has, with the keys that they are."""
PARSED: Final = 8 * 1024 * 1024
_VALUES: Final = 700_000
"""Bodies of more values than this, and than one in 12 bytes of the limit, are not taken apart: each is an object in
memory, and bodies of 8 MiB may have four million."""


def compare_bodies(
    legacy: bytes,
    new: bytes,
    rules: DiffRules,
    *,
    using: Codec | None = None,
    excuse: Excuse | None = None,
    most: int = PARSED,
) -> Differences:
    """Everything in which two bodies differ; never raises.

    Equal bytes are equal bodies. JSON is compared as values, anything else byte by byte. Numbers of more digits than a
    float keeps are compared exactly; a key that stands twice in one object is a difference when only one side has it,
    since readers keep either value. Bodies of more than ``most`` bytes, or of very many values, are equal or not as a
    whole: their digests are told, and why.
    """
    if legacy == new:
        return EQUAL
    if max(len(legacy), len(new)) > min(most, _VALUES):
        why = _too_much(legacy, most) or _too_much(new, most)
        if why:
            return Differences([Difference("VALUE", BODY, BODY, _digest(legacy, why), _digest(new, why))])
    with_codec = using or codec()
    if needs_exact(legacy) or needs_exact(new):
        return _exactly(legacy, new, rules, excuse)
    try:
        mine, theirs = with_codec.loads(legacy), with_codec.loads(new)
    except (ValueError, RecursionError):  # no JSON, or none that this reader takes
        return _exactly(legacy, new, rules, excuse)
    made = diff(rules.drop(mine), rules.drop(theirs), rules, using=with_codec, excuse=excuse)
    return _with_repeated(made, legacy, new)


def _too_much(body: bytes, most: int) -> str:
    """Why a body is not taken apart; empty when it is."""
    if len(body) > most:
        return f"more than {most // 1024:,} KiB"
    values = max(_VALUES, most // 12)
    many = len(body) > values and body.count(b",") + body.count(b"[") + body.count(b"{") > values
    return f"more than {values:,} values" if many else ""


def _digest(body: bytes, why: str) -> Opaque:
    return Opaque(why, len(body), hashlib.sha256(body).hexdigest())


def _exactly(legacy: bytes, new: bytes, rules: DiffRules, excuse: Excuse | None) -> Differences:
    mine, theirs = load_exact(legacy), load_exact(new)
    if isinstance(mine, Opaque) or isinstance(theirs, Opaque):
        both = isinstance(mine, Opaque) and isinstance(theirs, Opaque)
        return Differences([Difference("VALUE" if both else "TYPE", BODY, BODY, mine, theirs)])
    made = diff(rules.drop(mine.value), rules.drop(theirs.value), rules, excuse=excuse)
    return _with_repeated(made, legacy, new)


def _with_repeated(made: Differences, legacy: bytes, new: bytes) -> Differences:
    """The differences, and whether one side alone has a key twice in one object.

    A key more on one side is a colon more, and where all values are equal it is bytes more. Only where what was found
    does not account for every colon the bodies are read once more, with care.
    """
    if made.cut or (made is EQUAL and len(legacy) == len(new)):
        return made  # of very many differences one more says nothing
    if all(map(_is_simple, made.found)) and _others(legacy, made, -2) == _others(new, made, -1):
        return made
    mine, theirs = repeats_a_key(legacy), repeats_a_key(new)
    if mine is theirs:
        return made
    return made._replace(found=[Difference("DUPLICATE_KEY", BODY, BODY, mine, theirs), *made.found])


def _is_simple(one: Difference) -> bool:
    return one.kind in _COLONS and all(side.__class__ in SCALARS or side is ABSENT for side in one[-2:])


def _others(body: bytes, made: Differences, side: int) -> int:
    """The colons of a body, but for those of the fields and texts that are told as differences."""
    return body.count(b":") - sum(_colons(one.kind, one[side]) for one in made.found)


def _colons(kind: Kind, value: Any) -> int:
    if value is ABSENT:
        return 0
    return _COLONS[kind] + (value.count(":") if isinstance(value, str) else 0)
