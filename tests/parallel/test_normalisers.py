from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.model.parallel_plan import SideColumn
from retailctl.parallel.columns import Type
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.normalisers.index import NORMALISERS, chain
from retailctl.parallel.normalisers.patterns import portable
from retailctl.parallel.normalisers.stage import (
    AMBIGUOUS_LOCAL_TIME,
    NONEXISTENT_LOCAL_TIME,
    NOT_A_NUMBER,
    REASONS,
    NoWay,
)
from retailctl.parallel.normalisers.zones import shifts
from retailctl.workspace.boundary import validate
from tests.parallel.vectors.cases import CANNOT, TABLES, TEXT, TIME, Rejected, Table, expected, run


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    scratch: Path = tmp_path_factory.mktemp("scratch")
    with DuckEngine(scratch, threads=1) as engine:
        yield engine


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_row_comes_out_as_the_table_says(table: Table, engine: DuckEngine) -> None:
    assert run(table, engine.dialect, engine.rows) == expected(table)


def test_every_normaliser_and_every_reason_has_a_table() -> None:
    used = {step if isinstance(step, str) else next(iter(step)) for table in TABLES for step in table.steps}
    assert used == set(NORMALISERS)
    told = {out.reason for table in TABLES for out in expected(table) if isinstance(out, Rejected)}
    assert told == set(REASONS)


@pytest.mark.parametrize("case", CANNOT)
def test_what_would_lose_something_is_no_way(case: str, engine: DuckEngine) -> None:
    source, steps, target = CANNOT[case]
    checked = validate({"normalisers": steps}, SideColumn)
    assert checked.value is not None
    with pytest.raises(NoWay):
        chain(source, checked.value.normalisers, target, engine.dialect)


def test_a_long_chain_does_not_grow_as_a_power(engine: DuckEngine) -> None:
    steps = ["strip_zeros", {"pad": {"width": 30}}] * 8
    (value,) = run(Table("", steps, [("7", None)]), engine.dialect, engine.rows)
    assert value == "7".rjust(30, "0")


def instants_of(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants that a local time means, by the database of Python: none in a gap, two in a fold."""
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(one.replace(tzinfo=None) for one in both if one.astimezone(zone).replace(tzinfo=None) == local)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "America/Sao_Paulo", "Europe/Dublin"]
)
def test_local_times_mean_what_the_zone_says(zone: str, engine: DuckEngine) -> None:
    info = ZoneInfo(zone)
    locals_ = [_local(2000) + timedelta(hours=17 * n) for n in range(0, 18_000, 150)]
    for year in (2002, 2017):  # and each half hour around a change
        halves = (_local(year) + timedelta(minutes=30 * n + 7) for n in range(365 * 48))
        locals_ += [half for half in halves if _changes(info, half)]
    outcomes: dict[str, list[object]] = {}
    for fold in ("first", "second", "reject"):
        rows = [(local, None) for local in locals_]
        table = Table("", [{"tz": {"zone": zone, "fold": fold}}], rows, TIME, TIME)
        outcomes[fold] = run(table, engine.dialect, engine.rows)
    for local, first, second, either in zip(locals_, *outcomes.values(), strict=True):
        meant = instants_of(local, info)
        if not meant:
            assert first == second == either == Rejected(NONEXISTENT_LOCAL_TIME), local
        else:
            assert (first, second) == (meant[0], meant[-1]), local
            assert either == (meant[0] if len(meant) == 1 else Rejected(AMBIGUOUS_LOCAL_TIME)), local


def _local(year: int) -> datetime:
    return datetime.fromisoformat(f"{year}-01-01")


def _changes(info: ZoneInfo, local: datetime) -> bool:
    around = timedelta(hours=3)
    return info.utcoffset(local - around) != info.utcoffset(local + around)


def test_a_name_that_is_no_zone() -> None:
    assert [shifts(name) for name in ("Europe/Nowhere", "../etc/passwd", "", "\0", "Europe")] == [None] * 5


MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


@settings(max_examples=8)
@given(
    st.lists(st.decimals(-(10**9), 10**9, places=5), min_size=5, max_size=40),
    st.sampled_from(sorted(MODES)),
    st.integers(0, 4),
)
def test_rounding_is_that_of_decimal_arithmetic(numbers: list[Decimal], mode: str, scale: int) -> None:
    ties = [number.quantize(Decimal(1).scaleb(-scale)) + Decimal(5).scaleb(-scale - 1) for number in numbers]
    rows = [(f"{number:f}", None) for number in (*numbers, *ties)]
    table = Table("", [{"round": {"scale": scale, "mode": mode}}], rows, Type("decimal", scale))
    with DuckEngine(Path(), threads=1) as engine:
        made = run(table, engine.dialect, engine.rows)
    assert made == [number.quantize(Decimal(1).scaleb(-scale), MODES[mode]) for number in (*numbers, *ties)]


@settings(max_examples=8)
@given(st.lists(st.text(st.sampled_from("0123456789.,-+' e"), max_size=9), min_size=10, max_size=60))
def test_a_number_is_read_right_or_not_at_all(texts: list[str]) -> None:
    table = Table("", [{"decimal": "de"}], [(text, None) for text in texts], Type("decimal", 9))
    with DuckEngine(Path(), threads=1) as engine:
        made = run(table, engine.dialect, engine.rows)
    for text, value in zip(texts, made, strict=True):
        if isinstance(value, Rejected):
            assert value.reason == NOT_A_NUMBER
            continue
        bare = text.removesuffix("-") if text.endswith("-") else text
        whole, _, places = bare.lstrip("+-").partition(",")
        assert "." not in places
        assert all(len(group) == 3 for group in whole.split(".")[1:])
        sign = -1 if "-" in text else 1
        assert value == sign * Decimal(f"{whole.replace('.', '') or '0'}.{places or '0'}")


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        (r"^SO0*(\d+)$", "^SO0*([0-9]+)$"),
        (r"[\d.-]+", "[0-9.-]+"),
        (r".\w\.", r"[^\n][A-Za-z0-9_]\."),
        (r"^(?:a|b){2}$", "^(?:a|b){2}$"),
        (r"(?:\d{3}-)?\d", "(?:[0-9]{3}-)?[0-9]"),
    ],
)  # fmt: skip
def test_a_pattern_becomes_one_that_engines_agree_on(pattern: str, made: str) -> None:
    assert portable(pattern) == made


@pytest.mark.parametrize(
    "pattern",
    ["", "(", ")", "a|b", "^a|b$", "(a+)+", "((a*)b)*", "a**", "a+?", "*a", "(?=a)", "(?i)a", r"\bа", r"(a)\1", "[", "[]", r"\p{L}",
     "[[:alpha:]]", "a{1000}", "^*", "(?<n>a)", "\\", "x" * 501, "(" * 300],
)  # fmt: skip
def test_a_pattern_on_which_engines_differ_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        portable(pattern)


@given(
    st.text(st.sampled_from("ab0\\d.^$*+?()[]{}|,1-"), max_size=14), st.text(st.sampled_from("ab0.-1\n"), max_size=6)
)
def test_a_pattern_that_is_taken_is_one_for_duckdb(pattern: str, text: str) -> None:
    try:
        made = portable(pattern)
    except ValueError:
        return
    with DuckEngine(Path(), threads=1) as engine:
        literal = engine.dialect.literal
        engine.rows(f"select {engine.dialect.replaced(literal(text), made, '')}")


def test_texts_of_a_plan_stay_texts(engine: DuckEngine) -> None:
    evil = "'); drop table x; --"
    rows = [("a", evil + "a"), (None, None)]
    assert run(Table("", [{"prefix": evil}], rows, TEXT), engine.dialect, engine.rows) == [evil + "a", None]
