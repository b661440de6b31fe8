"""The comparison in two passes over hash buckets, as statements for any engine.

Pass 1 sums, per bucket of the key's hash, +hash of each legacy row and -hash of each new row. What both sides have
alike cancels; a bucket whose sum is not zero holds a difference. (A sum, never XOR: with duplicates on both sides,
count and XOR both cancel. A count beside the sum would find nothing more: it is zero by chance as seldom.) Pass 2
reads the rows of such buckets again, narrows them by the same sums per 64-bit key hash, cancels equal rows as
multisets on their real values, and pairs what is left on key and occurrence. A difference is missed only where signed
sums of 63-bit hashes are zero by chance.

The views ``l`` and ``n`` hold the canonical rows of both sides. Rows whose key is invalid are put into a bucket of
their own and never paired.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from retailctl.parallel.columns import LETTER, SIDES, Column, Shape, Side
from retailctl.parallel.sql.dialect import Dialect

INVALID_BUCKET = -1
Families = tuple[str, str]
"""The tables with every row, legacy and new, of some keys: all that differ, or those of some partitions."""
FAMILIES: Families = ("l2", "n2")


class Step(NamedTuple):
    """A table to be made, and the query that fills it."""

    table: str
    query: str


def joined(names: tuple[str, ...], prefix: str = "") -> str:
    """``k0, k1``, each with a prefix."""
    return ", ".join(prefix + name for name in names)


def invalid_key(shape: Shape, dialect: Dialect) -> str:
    """Whether a part of the key is NULL or blank (row class KEY_INVALID)."""
    return " or ".join(_absent(name, column, dialect) for name, column in zip(shape.key_names, shape.keys, strict=True))


def _absent(name: str, column: Column, dialect: Dialect) -> str:
    if column.type.kind != "text":
        return f"{name} is null"
    # What begins with a visible character of ASCII is from '!' to DEL: few rows pay for the trim.
    return f"{name} is null or (({name} < '!' or {name} > '\x7f') and {dialect.trimmed(name)} = '')"


def pass_one(shape: Shape, dialect: Dialect, bits: int) -> Step:
    """The buckets that do not cancel, and the one of invalid keys. One row each, so at most 2^bits."""
    return Step("bk", f"select b from ({_signed(shape, dialect, bits)}) as s group by b "
                f"having {dialect.wide_sum('h')} <> 0 or b = {INVALID_BUCKET}")  # fmt: skip


def _signed(shape: Shape, dialect: Dialect, bits: int) -> str:
    bucket = _bucket(shape, dialect, bits)
    row = dialect.row_hash(shape.key_names, shape.value_names)
    return f"select {bucket} as b, {row} as h from l union all select {bucket}, -{row} from n"


def _bucket(shape: Shape, dialect: Dialect, bits: int) -> str:
    key = dialect.bucket(shape.key_names, bits)
    return f"case when {invalid_key(shape, dialect)} then {INVALID_BUCKET} else {key} end"


def narrowing(shape: Shape, dialect: Dialect, bits: int) -> Iterator[Step]:
    """From the differing buckets to ``l2`` and ``n2``: every row whose key hash has a difference.

    ``dk`` are these hashes; ``invalid_l`` and ``invalid_n`` are the rows whose key is none.
    """
    bucket = _bucket(shape, dialect, bits)
    rows, hashed = joined(shape.names), dialect.hash64(shape.key_names)
    for side in SIDES:
        here = LETTER[side]
        yield Step(f"{here}1", f"select {rows} from {here} where {bucket} in (select b from bk)")
    for side in SIDES:
        here = LETTER[side]
        yield Step(f"invalid_{here}", f"select {rows} from {here}1 where {invalid_key(shape, dialect)}")
    valid = f"not ({invalid_key(shape, dialect)})"
    row = dialect.row_hash(shape.key_names, shape.value_names)
    signed = (f"select {hashed} as kh, {row} as h from l1 where {valid} union all "
              f"select {hashed}, -{row} from n1 where {valid}")  # fmt: skip
    yield Step("dk", f"select kh from ({signed}) as s group by kh having {dialect.wide_sum('h')} <> 0")
    for side in SIDES:
        here = LETTER[side]
        yield Step(f"{here}2", f"select {rows} from {here}1 where {valid} and {hashed} in (select kh from dk)")


def pairing(shape: Shape, families: Families = FAMILIES) -> Iterator[Step]:
    """From all rows of some keys to ``pairs``: one row for each row that is left, or two that belong together.

    ``pairs`` has ``legacy_only``, ``new_only``, ``key_in_legacy``, ``key_in_new`` and every column of either side as
    ``l_k0`` and ``n_k0``.
    """
    rows, key = joined(shape.names), joined(shape.key_names)
    # Said in full: engines put NULL first or last.
    order = ", ".join(f"{name} nulls last" for name in shape.names)
    for side, here, there in zip(SIDES, families, families[::-1], strict=True):
        left = f"select {rows} from {here} except all select {rows} from {there}"
        yield Step(f"only_{LETTER[side]}", f"select {rows}, row_number() over (partition by {key} order by {order}) "
                   f"as occ from ({left}) as left_over")  # fmt: skip
    yield _pairs(shape, families)


def _pairs(shape: Shape, families: Families) -> Step:
    def on(one: str, other: str) -> str:
        return " and ".join(f"{one}.{name} = {other}.{name}" for name in shape.key_names)

    first = shape.key_names[0]
    key = joined(shape.key_names)
    both = [f"{alias}.{name} as {LETTER[side]}_{name}" for side, alias in zip(SIDES, "az", strict=True)
            for name in shape.names]  # fmt: skip
    return Step(
        "pairs",
        f"select a.{first} is null as new_only, z.{first} is null as legacy_only, il.{first} is not null as "
        f"key_in_legacy, inn.{first} is not null as key_in_new, {', '.join(both)} from only_l a "
        f"full join only_n z on {on('a', 'z')} and a.occ = z.occ "
        f"left join (select distinct {key} from {families[0]}) il on {on('z', 'il')} "
        f"left join (select distinct {key} from {families[1]}) inn on {on('a', 'inn')}",
    )


def copies(shape: Shape, families: Families = FAMILIES) -> Step:
    """How often each row of a key with a surplus occurs on both sides together: the identical copies among them."""
    rows = joined(shape.names)
    surplus = " union ".join(
        f"select {joined(shape.key_names, LETTER[side] + '_')} from pairs where {_surplus(side)}" for side in SIDES
    )
    names = ", ".join(f"s{n}" for n in range(len(shape.keys)))
    chosen = " and ".join(f"f.{name} = s.s{n}" for n, name in enumerate(shape.key_names))
    family = f"select {rows} from {families[0]} union all select {rows} from {families[1]}"
    every = joined(shape.names, "f.")
    return Step("copies", f"select {every}, count(*) as copies from ({family}) as f join ({surplus}) as s ({names}) "
                f"on {chosen} group by {every}")  # fmt: skip


def _surplus(side: Side) -> str:
    """A leftover row whose key exists on the other side (row class DUPLICATE)."""
    return "legacy_only and key_in_new" if side == "legacy" else "new_only and key_in_legacy"
