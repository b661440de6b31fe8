"""Rules for kinds of value, listed values, numbers and strings."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Final

from retailctl.contracts.schemas.inclusion import formats
from retailctl.contracts.schemas.inclusion.engine import Gap, Pair
from retailctl.contracts.schemas.inclusion.examples import example
from retailctl.contracts.schemas.inclusion.regex import alternatives, matches, matches_all
from retailctl.contracts.schemas.inclusion.scalars import Limit, tightened
from retailctl.contracts.schemas.inclusion.values import count, domains_of, number, plain

_TEXTS: Final = ("", "a", "0", "A", "zz", "a b", "Z9-")
_MAX_TEXT: Final = 20_000


def types(pair: Pair) -> Iterator[Gap]:
    """``type``: the kind itself."""
    if "type" in pair.schema and pair.kind not in domains_of(pair.schema["type"]):
        yield pair.gap("type", f"{pair.kind} is not accepted", pair.examples(), by=next(pair.view.having("type"), None))


def listed_values(pair: Pair) -> Iterator[Gap]:
    """``enum`` and ``const``, where `a` accepts more than can be listed."""
    for keyword in ("enum", "const"):
        if keyword in pair.schema:
            yield pair.gap(keyword, f"not every {pair.kind} is among the listed values", _varied(pair))


def _varied(pair: Pair) -> Iterator[object]:
    yield from pair.examples()
    if pair.kind == "string":
        yield from texts(pair, ())
    elif pair.kind in {"integer", "fraction"}:
        yield from _numbers(pair, [])


def _numbers(pair: Pair, near: list[Fraction]) -> Iterator[object]:
    for exact in pair.view.numbers(pair.kind).some(near):
        value = plain(exact)
        if value is not None:
            yield value


def bounds(pair: Pair) -> Iterator[Gap]:
    """``minimum``, ``maximum`` and their exclusive forms, exact for integers and for numbers in between."""
    own = pair.view.numbers(pair.kind)
    for keyword in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        if keyword not in pair.schema:
            continue
        value = number(pair.schema[keyword])
        limit = None if value is None else tightened(keyword, value, whole=own.whole)
        lower = keyword.lower().endswith("minimum")
        mine = own.low if lower else own.high
        if limit is None or mine is None or not _implied(mine, limit, lower=lower, step=own.step):
            near = [limit.value] if limit is not None else []
            by = mine.atom if mine is not None else None
            text = f"{keyword} {pair.schema[keyword]} is not implied"
            yield pair.gap(keyword, text, _numbers(pair, near), by=by, a_keyword=mine.keyword if mine else None)


def _implied(mine: Limit, limit: Limit, *, lower: bool, step: Fraction) -> bool:
    value, strict = mine.value, mine.strict
    if step:  # the nearest multiple inside
        turns = value / step
        inside = -(-turns.numerator // turns.denominator) if lower else turns.numerator // turns.denominator
        if inside * step != value:
            value, strict = inside * step, False
    if value == limit.value:
        return strict or not limit.strict
    return value > limit.value if lower else value < limit.value


def multiples(pair: Pair) -> Iterator[Gap]:
    """``multipleOf``: implied if the multiples of `a` taken together are a multiple of it."""
    if "multipleOf" not in pair.schema:
        return
    needed, step = number(pair.schema["multipleOf"]), pair.view.numbers(pair.kind).step
    if needed is None or needed <= 0 or not step or (step / needed).denominator != 1:
        text = f"not every value is a multiple of {pair.schema['multipleOf']}"
        near = [] if needed is None else [needed / 2]
        yield pair.gap("multipleOf", text, _numbers(pair, near), by=next(pair.view.having("multipleOf"), None))


def lengths(pair: Pair) -> Iterator[Gap]:
    """``minLength`` and ``maxLength``, unless the patterns of `a` leave no text of such a length."""
    own = pair.view.lengths
    if "minLength" in pair.schema:
        low = count(pair.schema["minLength"])
        if low is None or own.low < low:
            sizes = () if low is None else (own.low, low - 1)
            found = _found(pair, sizes, high=None if low is None else low - 1)
            if found is not None:
                candidates = chain(found, texts(pair, sizes))
                yield pair.gap("minLength", f"shorter than {low} is possible", candidates, by=own.low_atom)
    if "maxLength" in pair.schema:
        high = count(pair.schema["maxLength"])
        if high is None or own.high is None or own.high > high:
            sizes = () if high is None else (high + 1, own.low)
            found = _found(pair, sizes, low=None if high is None else high + 1)
            if found is not None:
                candidates = chain(found, texts(pair, sizes))
                yield pair.gap("maxLength", f"longer than {high} is possible", candidates, by=own.high_atom)


def _found(
    pair: Pair,
    sizes: tuple[int, ...],
    *,
    low: int | None = None,
    high: int | None = None,
    refused: tuple[str, ...] = (),
) -> tuple[str, ...] | None:
    """Return a text of `a` that is so long and matches none of some patterns: a guess, else one that is searched for.

    Empty if none is known, None if there is none.
    """
    view = pair.view
    must, must_not, least = view.texts
    if not (must or must_not or refused):
        return ()
    for text in texts(pair, sizes):
        if not isinstance(text, str) or len(text) < max(least, low or 0) or (high is not None and len(text) > high):
            continue
        if all(matches(each, text) for each in must) and not any(
            matches(each, text) is not False for each in (*must_not, *refused)
        ):
            return (text,)
    found = pair.engine.text(view, refused=refused, low=low, high=high)
    return None if found.sure and found.text is None else () if found.text is None else (found.text,)


def texts(pair: Pair, sizes: tuple[int, ...]) -> Iterator[object]:
    """Return strings to be tried: of these lengths, of the formats and the patterns of `a`."""
    view = pair.view
    patterns = [own for atom in view.having("pattern") if isinstance(own := atom.schema["pattern"], str)]
    for atom in view.having("format"):
        yield from formats.SAMPLES.get(str(atom.schema["format"]), ())
    for size in (*sizes, view.lengths.low, view.lengths.low + 1):
        if 0 <= size <= _MAX_TEXT:
            for pattern in patterns:
                shortest = example(pattern) or ""
                for turn in (0, 1, 2):
                    yield example(pattern, size - len(shortest), turn)
            yield "a" * size
    for pattern in patterns:
        for turn in range(6):
            yield example(pattern, 0, turn)
    if not patterns:
        yield from _TEXTS


def pattern(pair: Pair) -> Iterator[Gap]:
    """``pattern``: every text that `a` allows matches. Expressions that cannot be read are judged by examples."""
    own = pair.schema.get("pattern")
    if not isinstance(own, str) or matches_all(own):
        return
    theirs = [atom.schema["pattern"] for atom in pair.view.having("pattern")]
    if own not in theirs:
        found = _found(pair, (0, 1), refused=(own,))
        if found is None:
            return
        by = next(pair.view.having("pattern"), None)
        words = alternatives(own)
        text = "another pattern is asked for" if theirs else "a pattern is asked for"
        if words is not None:
            text = "not every string is among the alternatives of the pattern"
        yield pair.gap("pattern", text, chain(found, texts(pair, (0, 1))), by=by)


def format_(pair: Pair) -> Iterator[Gap]:
    """``format`` and the content keywords: identical or plainly within; else not decided."""
    own = pair.schema.get("format")
    if isinstance(own, str) and not _format_implied(pair, own):
        by = next(pair.view.having("format"), None)
        yield pair.gap("format", f"format {own} cannot be shown", _any_text(pair), by=by)
    for keyword in ("contentEncoding", "contentMediaType"):
        if pair.kind == "string" and keyword in pair.schema:
            having = list(pair.view.having(keyword))
            if all(atom.schema[keyword] != pair.schema[keyword] for atom in having):
                by = having[0] if having else None
                yield pair.gap(keyword, f"{keyword} cannot be shown", _any_text(pair), by=by)


def _any_text(pair: Pair) -> Iterator[object]:
    if pair.engine.graph.asserting:
        yield from pair.examples()
        if pair.kind == "string":
            yield from texts(pair, ())
        else:
            yield from _numbers(pair, [])


def _format_implied(pair: Pair, own: str) -> bool:
    theirs = [atom.schema["format"] for atom in pair.view.having("format")]
    if any(isinstance(each, str) and formats.within(each, own) for each in theirs):
        return True
    if pair.kind == "string":
        return formats.has_format("~", own) is True
    range_ = formats.range_of(own)
    if range_ is None:
        return own in formats.SAMPLES
    numbers = pair.view.numbers(pair.kind)
    if not numbers.whole or numbers.low is None or numbers.high is None:
        return False
    return range_[0] <= numbers.low.value and numbers.high.value <= range_[1]
