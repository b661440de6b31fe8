"""The same row under another key, lines that were split or merged, constant rates, older versions: small tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retailctl.model.parallel_plan import Amount
from retailctl.parallel.judgement.bridge import bridges
from retailctl.parallel.judgement.explaining import explained
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.judgement.relabelling import relabelled
from tests.unit.parallel.judgement.tables import PLAN, Row, differing, engine_of, paired, row, shown

CASES: dict[str, tuple[list[Row], list[Row], list[str]]] = {
    "another key, and all else the same": (
        [row("o1", hour=9)], [row("x1", hour=9)], ["KEY_REMAP legacy o1/1", "KEY_REMAP new x1/1"],
    ),
    "two rows of that content: which is which cannot be told": (
        [row("o1"), row("o2")], [row("x1"), row("x2")],
        ["EXTRA_IN_NEW new x1/1", "EXTRA_IN_NEW new x2/1", "MISSING_IN_NEW legacy o1/1", "MISSING_IN_NEW legacy o2/1"],
    ),
    "one value is another": (
        [row("o1")], [row("x1", price="10.01")], ["EXTRA_IN_NEW new x1/1", "MISSING_IN_NEW legacy o1/1"],
    ),
    "a side with nothing else": ([row("o1"), row("o2")], [row("o2")], ["MISSING_IN_NEW legacy o1/1"]),
    "nothing agrees with nothing": (
        [row("o1", price=None)], [row("x1", price=None)], ["KEY_REMAP legacy o1/1", "KEY_REMAP new x1/1"],
    ),
    "a line that was split": (
        [row("o1", 1, qty=3)], [row("o1", 11, qty=1), row("o1", 12, qty=2)],
        ["SPLIT_MERGE legacy o1/1", "SPLIT_MERGE new o1/11", "SPLIT_MERGE new o1/12"],
    ),
    "lines that were merged": (
        [row("o1", 1, qty=1), row("o1", 2, qty=2), row("o1", 3)], [row("o1", 9, qty=3), row("o1", 3)],
        ["SPLIT_MERGE legacy o1/1", "SPLIT_MERGE legacy o1/2", "SPLIT_MERGE new o1/9"],
    ),
    "a split that lost a piece": (
        [row("o1", 1, qty=4)], [row("o1", 11, qty=1), row("o1", 12, qty=2)],
        ["EXTRA_IN_NEW new o1/11", "EXTRA_IN_NEW new o1/12", "MISSING_IN_NEW legacy o1/1"],
    ),
    "a split with as many pieces for another amount": (
        [row("o1", 1, qty=3)], [row("o1", 11, qty=1), row("o1", 12, qty=2, price="9.00")],
        ["EXTRA_IN_NEW new o1/11", "EXTRA_IN_NEW new o1/12", "MISSING_IN_NEW legacy o1/1"],
    ),
    "a split into another currency": (
        [row("o1", 1, qty=3)], [row("o1", 11, qty=1), row("o1", 12, qty=2, currency="GBP")],
        ["EXTRA_IN_NEW new o1/11", "EXTRA_IN_NEW new o1/12", "MISSING_IN_NEW legacy o1/1"],
    ),
    "one line for one line is no split": (
        [row("o1", 1, sku="A")], [row("o1", 2, sku="B")], ["EXTRA_IN_NEW new o1/2", "MISSING_IN_NEW legacy o1/1"],
    ),
    "lines that are worth nothing": (
        [row("o1", 1, qty=0, sku="A")], [row("o1", 2, qty=0, sku="B"), row("o1", 3, qty=0, sku="C")],
        ["EXTRA_IN_NEW new o1/2", "EXTRA_IN_NEW new o1/3", "MISSING_IN_NEW legacy o1/1"],
    ),
    "lines of two orders": (
        [row("o1", 1, qty=3)], [row("o2", 1, qty=1), row("o2", 2, qty=2)],
        ["EXTRA_IN_NEW new o2/1", "EXTRA_IN_NEW new o2/2", "MISSING_IN_NEW legacy o1/1"],
    ),
    "another key before a split": (
        [row("o1", 1, qty=3)], [row("o1", 2, qty=3), row("o1", 3, qty=2, hour=11)],
        ["EXTRA_IN_NEW new o1/3", "KEY_REMAP legacy o1/1", "KEY_REMAP new o1/2"],
    ),
    "a row that is only changed": ([row("o1")], [row("o1", qty=2)], ["FIELD o1/1 VALUE"]),
}  # fmt: skip


def test_a_copy_of_a_missing_row_among_many_is_chance(tmp_path: Path) -> None:
    """Random phantoms are copies of lost rows now and then; a fault of the key map shows in more of them."""
    legacy = [row(f"o{n}", hour=n % 24, qty=n) for n in range(1, 61)]
    for alike, named in ((2, 0), (3, 6)):
        new = [row(f"x{n}", hour=n % 24, qty=n if n <= alike else 1000 + n) for n in range(1, 61)]
        folder = tmp_path / str(alike)
        folder.mkdir()
        with engine_of(folder, legacy, new) as engine:
            names, table = paired(engine)
            made = relabelled(engine, names, table)
            assert engine.rows(f"select count(*) from {made} where class = 'KEY_REMAP'") == [(named,)]


@pytest.mark.parametrize("case", CASES)
def test_one_sided_rows_are_relabelled_where_others_explain_them(case: str, tmp_path: Path) -> None:
    legacy, new, expected = CASES[case]
    with engine_of(tmp_path, legacy, new) as engine:
        names, table = paired(engine)
        assert shown(engine, relabelled(engine, names, table)) == sorted(expected)


def test_two_equal_values_are_too_little_to_go_by(tmp_path: Path) -> None:
    few = replace(
        PLAN, fields=tuple(field for field in PLAN.fields if field.name in ("order_id", "line_no", "qty", "price")),
        amount=Amount(field="price", times="qty", currency="EUR"), event_time=None, totals=(),
    )  # fmt: skip
    legacy, new = (row(order)[:2] + row(order)[3:5] for order in ("o1", "x1"))
    with engine_of(tmp_path, [legacy], [new], few) as engine:
        names, table = paired(engine, few)
        assert engine.rows(f"select distinct class from {relabelled(engine, names, table)} order by 1") == [
            ("EXTRA_IN_NEW",), ("MISSING_IN_NEW",),
        ]  # fmt: skip


def test_what_is_never_kept_proves_nothing_and_what_is_hidden_is_not_added_up(tmp_path: Path) -> None:
    dropped = replace(
        PLAN,
        fields=tuple(
            replace(field, pii="drop") if field.name in ("sku", "qty", "price") else field for field in PLAN.fields
        ),
    )
    with engine_of(tmp_path, [row("o1")], [row("x1")], dropped) as engine:
        names, table = paired(engine, dropped)
        assert "KEY_REMAP" not in repr(shown(engine, relabelled(engine, names, table)))
    totals = replace(PLAN, amount=None)
    for hidden, found in ((frozenset[str](), 3), (frozenset({"qty"}), 0)):
        with engine_of(tmp_path, [row("o1", qty=3)], [row("o1", 2), row("o1", 3, qty=2)], totals) as engine:
            _, table = paired(engine, totals)
            names = Names(totals, engine.dialect, hidden)
            assert repr(shown(engine, relabelled(engine, names, table))).count("SPLIT_MERGE") == found


def rates(count: int, rate: str, prices: int = 50) -> tuple[list[Row], list[Row]]:
    """Orders whose new price is the legacy one times a rate, to the cent."""
    legacy, new = [], []
    for number in range(count):
        price = Decimal("3.17") + Decimal("1.73") * (number % prices)
        turned = (price * Decimal(rate)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        legacy.append(row(f"o{number}", price=str(price)))
        new.append(row(f"o{number}", price=str(turned)))
    return legacy, new


@pytest.mark.parametrize(
    ("count", "rate", "prices", "found"),
    [
        (20, "1.1734", 50, "SCALE"),
        (20, "0.8531", 50, "SCALE"),
        (19, "1.1734", 50, "VALUE"),
        (40, "1.1734", 5, "SCALE"),
        (40, "1.1734", 4, "VALUE"),
    ],
)
def test_a_rate_that_is_constant_to_rounding_is_a_scale(
    count: int, rate: str, prices: int, found: str, tmp_path: Path
) -> None:
    with engine_of(tmp_path, *rates(count, rate, prices)) as engine:
        names, table = paired(engine)
        table = explained(engine, names, table)
        assert engine.rows(f"select distinct f2 from {table} order by 1") == [(found,)]


def test_rows_off_the_rate_stay_values_and_too_many_of_them_are_no_rate(tmp_path: Path) -> None:
    for noise, scaled in ((2, 28), (4, 0)):
        legacy, new = rates(30, "1.25")
        new[:noise] = [row(f"o{n}", price=f"{40 + n}.99") for n in range(noise)]
        with engine_of(tmp_path, legacy, new) as engine:
            names, table = paired(engine)
            table = explained(engine, names, table)
            assert engine.rows(f"select count(*) from {table} where f2 = 'SCALE'") == [(scaled,)], noise


def test_a_surcharge_is_no_rate_and_each_currency_has_its_own(tmp_path: Path) -> None:
    legacy, _ = rates(40, "1")
    with engine_of(
        tmp_path, legacy, [row(str(one[0]), price=str(Decimal(str(one[4])) + 5)) for one in legacy]
    ) as engine:
        names, table = paired(engine)
        assert engine.rows(f"select distinct f2 from {explained(engine, names, table)}") == [("VALUE",)]
    pounds, in_pounds = rates(25, "1.1734")
    zloty, in_zloty = rates(25, "0.2310")

    def of(rows: list[Row], letter: str, currency: str) -> list[Row]:
        return [(f"{letter}{one[0]}", *one[1:5], currency, one[6]) for one in rows]

    with engine_of(
        tmp_path,
        [*of(pounds, "g", "GBP"), *of(zloty, "p", "PLN")],
        [*of(in_pounds, "g", "GBP"), *of(in_zloty, "p", "PLN")],
    ) as engine:
        names, table = paired(engine)
        assert engine.rows(f"select f2, count(*) from {explained(engine, names, table)} group by 1") == [("SCALE", 50)]


def test_floating_point_has_rates_too_and_odd_numbers_have_none(tmp_path: Path) -> None:
    plan = replace(
        PLAN, amount=None, totals=(),
        fields=tuple(
            replace(field, type="float", scale=None) if field.name == "price" else field for field in PLAN.fields
        ),
    )  # fmt: skip
    legacy = [row(f"o{n}", price=repr(1.1 + n)) for n in range(30)]
    new = [row(f"o{n}", price=repr((1.1 + n) * 1.1734)) for n in range(30)]
    odd = [("inf", "-1"), ("nan", "1"), ("1e308", "1e-308")]
    legacy += [row(f"x{n}", price=one) for n, (one, _) in enumerate(odd)]
    new += [row(f"x{n}", price=other) for n, (_, other) in enumerate(odd)]
    with engine_of(tmp_path, legacy, new, plan) as engine:
        names, table = paired(engine, plan)
        counts = engine.rows(f"select f2, count(*) from {explained(engine, names, table)} group by 1 order by 1")
        assert counts == [("SCALE", 30), ("VALUE", 3)]


STALE: dict[str, tuple[list[Row], list[Row], list[str]]] = {
    "an older copy of the legacy side has the value": (
        [row("o1", qty=1, sku="B", hour=8), row("o1", qty=2, sku="A", hour=9)], [row("o1", qty=1, sku="A", hour=9)],
        ["DUPLICATE legacy o1/1", "FIELD o1/1 STALE"],
    ),
    "a younger copy has it": (
        [row("o1", qty=1, sku="B", hour=10), row("o1", qty=2, sku="A", hour=9)], [row("o1", qty=1, sku="A", hour=9)],
        ["DUPLICATE legacy o1/1", "FIELD o1/1 VALUE"],
    ),
    "an older copy has another": (
        [row("o1", qty=3, sku="B", hour=8), row("o1", qty=2, sku="A", hour=9)], [row("o1", qty=1, sku="A", hour=9)],
        ["DUPLICATE legacy o1/1", "FIELD o1/1 VALUE"],
    ),
    "an older row of another key has it": (
        [row("o2", qty=1, hour=8), row("o1", qty=2, hour=9)], [row("o1", qty=1, hour=9)],
        ["FIELD o1/1 VALUE", "MISSING_IN_NEW legacy o2/1"],
    ),
    "a cause that one row shows comes first": (
        [row("o1", price="10.00", sku="B", hour=8), row("o1", price="1000.00", hour=9)],
        [row("o1", price="10.00", hour=9)],
        ["DUPLICATE legacy o1/1", "FIELD o1/1 SCALE"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STALE)
def test_a_value_that_an_older_copy_has_is_stale(case: str, tmp_path: Path) -> None:
    legacy, new, expected = STALE[case]
    with engine_of(tmp_path, legacy, new) as engine:
        names, table = differing(engine)
        assert shown(engine, explained(engine, names, table)) == sorted(expected)


_ROWS = st.lists(
    st.builds(
        row, st.sampled_from(["o1", "o2", "o3"]), st.integers(1, 4), st.sampled_from("AB"), st.integers(0, 3),
        st.sampled_from(["1.00", "2.00", "3.00", None]), st.sampled_from(["EUR", "GBP"]), st.integers(9, 11),
    ),
    max_size=9,
)  # fmt: skip


@given(legacy=_ROWS, new=_ROWS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_labels_change_no_row_no_side_and_no_amount(legacy: list[Row], new: list[Row], tmp_path: Path) -> None:
    with engine_of(tmp_path, legacy, new) as engine:
        names, table = differing(engine)
        everything = (
            "select side, l_k0, n_k0, l_k1, n_k1, l_v1, n_v1, l_v2, n_v2, count(*) from {} group by all order by all"
        )
        before = engine.rows(everything.format(table))
        table = relabelled(engine, names, explained(engine, names, table))
        assert engine.rows(everything.format(table)) == before
        one_sided = engine.rows(f"select distinct class, side from {table} where class in ('KEY_REMAP', 'SPLIT_MERGE')")
        # What is explained by the other side is there on the other side.
        assert {(name, side) for name, _ in one_sided for side in ("legacy", "new")} == set(one_sided)
        engine.view("judged", f"select *, cast(null as int) as accepted from {table}")
        assert {one.remainder for one in bridges(engine, names, engine, names, "judged").values()} <= {"0.00", "0"}
