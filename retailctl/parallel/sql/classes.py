"""From pairs of rows to classes: one class per row, and one per field that differs, in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from retailctl.parallel.columns import LETTER, SIDES, Kind, Shape
from retailctl.parallel.fields import UNEXPLAINED, WITHIN, Field, Values, field_class
from retailctl.parallel.sql.bucket import Step
from retailctl.parallel.sql.dialect import Dialect

LEAST_SUPPORT = 20
LEAST_CONSISTENCY = "0.99"


def classed(shape: Shape, fields: Sequence[Field], dialect: Dialect) -> Step:
    """``pairs`` with ``class``, ``side``, ``variety`` (of a DUPLICATE) and ``f0, f1, ...``: the class of each value.

    ``fields`` are those of ``shape.values``, in order.
    """
    names = [f"{LETTER[side]}_{name}" for side in SIDES for name in shape.names]
    told = [
        f"case when legacy_only or new_only then null else "
        f"{field_class(Values(f'l_{name}', f'n_{name}', field, dialect))} end as f{number}"
        for number, (name, field) in enumerate(zip(shape.value_names, fields, strict=True))
    ]
    inner = f"select legacy_only, new_only, key_in_legacy, key_in_new, {', '.join([*names, *told])} from pairs"
    kept = " and ".join(f"(f{n} is null or f{n} = '{WITHIN}')" for n in range(len(fields))) or "true"
    columns = ", ".join(["p." + name for name in names] + [f"p.f{n}" for n in range(len(fields))])
    return Step(
        "classed",
        f"select case when legacy_only and not key_in_new then 'MISSING_IN_NEW' "
        f"when new_only and not key_in_legacy then 'EXTRA_IN_NEW' "
        f"when legacy_only or new_only then 'DUPLICATE' when {kept} then 'EQUAL' else 'FIELD' end as class, "
        f"case when legacy_only then 'legacy' when new_only then 'new' end as side, "
        f"case when (legacy_only and key_in_new) or (new_only and key_in_legacy) then "
        f"case when c.copies > 1 then 'identical' else 'conflicting' end end as variety, {columns} "
        f"from ({inner}) as p left join copies c on {_same_row(shape, dialect)}",
    )


def _same_row(shape: Shape, dialect: Dialect) -> str:
    """The join of a one-sided row with its count of copies; on the key first, which engines can hash."""

    def one(name: str) -> str:
        return f"case when p.legacy_only then p.l_{name} else p.n_{name} end"

    key = [f"c.{name} = {one(name)}" for name in shape.key_names]
    rest = [dialect.same(f"c.{name}", one(name)) for name in shape.value_names]
    return " and ".join(["(p.legacy_only or p.new_only)", *key, *rest])


def code_map(name: str, number: int, kind: Kind) -> Step:
    """Old values of a field that always became the same other value, often enough to be a rule (class CODE_MAP)."""
    least, most = ("bool_and", "bool_or") if kind == "bool" else ("min", "max")
    return Step(
        f"cm{number}",
        f"select l_{name} as old_code, {least}(n_{name}) as new_code, count(*) as support from classed "
        f"where f{number} = '{UNEXPLAINED}' and l_{name} is not null and n_{name} is not null group by l_{name} "
        f"having count(*) >= {LEAST_SUPPORT} and {least}(n_{name}) = {most}(n_{name})",
    )


def consistent(name: str, number: int) -> Step:
    """Those that hold for nearly all matched rows of the old value, rows that stayed equal included."""
    alone = f"select l_{name} as v, count(*) as gone from classed where side = 'legacy' group by l_{name}"
    old = f"select old_code from cm{number}"
    every = f"select {name} as v, count(*) as rows_of from l where {name} in ({old}) group by {name}"
    return Step(
        f"map{number}",
        f"select m.old_code, m.new_code, m.support, e.rows_of - coalesce(a.gone, 0) as matched from cm{number} m "
        f"join ({every}) as e on e.v = m.old_code left join ({alone}) as a on a.v = m.old_code "
        f"where m.support >= {LEAST_CONSISTENCY} * (e.rows_of - coalesce(a.gone, 0))",
    )


def mapped(shape: Shape, numbers: Sequence[int]) -> Step:
    """``classed`` again, with CODE_MAP where a map explains the difference."""
    renamed = []
    joins = []
    for number in range(len(shape.values)):
        if number in numbers:
            hit = f"c.f{number} = '{UNEXPLAINED}' and m{number}.new_code = c.n_v{number}"
            renamed.append(f"case when {hit} then 'CODE_MAP' else c.f{number} end as f{number}")
            joins.append(f"left join map{number} m{number} on m{number}.old_code = c.l_v{number}")
        else:
            renamed.append(f"c.f{number}")
    sides = [f"c.{LETTER[side]}_{name}" for side in SIDES for name in shape.names]
    columns = ", ".join(["c.class", "c.side", "c.variety", *sides, *renamed])
    return Step("explained", f"select {columns} from classed c {' '.join(joins)}")
