"""Two answer bodies as bytes in, their differences out."""

from __future__ import annotations

from typing import Any

from retailctl.parallel.replay.codec import STANDARD, Codec, Opaque, codec, load_exact, needs_exact, repeats_a_key
from retailctl.parallel.replay.json_diff import Difference, Differences, Excuse, diff
from retailctl.parallel.replay.rules import DiffRules

BODY = ""
"""The generic path of the body as a whole."""

EQUAL = Differences([])
VALUES = 1_000_000
"""Bodies of more values are compared byte by byte: taking them apart costs many seconds and a gigabyte."""
_Side = tuple[Any, bytes]
"""A value, and the bytes that it was read from."""


def compare_bodies(
    legacy: bytes,
    new: bytes,
    rules: DiffRules,
    *,
    using: Codec | None = None,
    excuse: Excuse | None = None,
    careful: bool = True,
) -> Differences:
    """Everything in which two bodies differ; never raises.

    Equal bytes are equal bodies. JSON is compared as values, anything else byte by byte. Numbers of more digits than a
    float keeps are compared exactly; a key that stands twice in one object is a difference when only one side has it,
    since readers keep either value. Without ``careful``, which costs about as much as parsing, only pairs that differ
    are looked at so closely.
    """
    if legacy == new:
        return EQUAL
    if _is_huge(legacy) or _is_huge(new):
        huge = Opaque(f"more than {VALUES:,} values")
        return Differences([Difference("VALUE", BODY, BODY, huge, huge)])
    with_codec = using or codec()
    if careful and needs_exact(legacy, new):
        return _slowly(legacy, new, rules, with_codec, excuse)
    try:
        mine, theirs = with_codec.loads(legacy), with_codec.loads(new)
    except (ValueError, RecursionError):  # no JSON, or none that this reader takes
        return _slowly(legacy, new, rules, with_codec, excuse)
    made = diff(mine, theirs, rules, using=with_codec, excuse=excuse)
    if careful:
        return _with_repeated(made, (mine, legacy), (theirs, new), with_codec)
    if made.found and needs_exact(legacy, new):
        return _slowly(legacy, new, rules, with_codec, excuse)
    return made


def _is_huge(body: bytes) -> bool:
    return len(body) > VALUES and body.count(b",") > VALUES


def _slowly(legacy: bytes, new: bytes, rules: DiffRules, using: Codec, excuse: Excuse | None) -> Differences:
    mine, theirs = load_exact(legacy), load_exact(new)
    if isinstance(mine, Opaque) or isinstance(theirs, Opaque):
        both = isinstance(mine, Opaque) and isinstance(theirs, Opaque)
        return Differences([Difference("VALUE" if both else "TYPE", BODY, BODY, mine, theirs)])
    made = diff(mine.value, theirs.value, rules, using=using, exact=True, excuse=excuse)
    return _with_repeated(made, (mine.value, legacy), (theirs.value, new), STANDARD)


def _with_repeated(made: Differences, legacy: _Side, new: _Side, using: Codec) -> Differences:
    mine, theirs = repeats_a_key(*legacy, using), repeats_a_key(*new, using)
    if mine is theirs:
        return made
    return made._replace(found=[Difference("DUPLICATE_KEY", BODY, BODY, mine, theirs), *made.found])
