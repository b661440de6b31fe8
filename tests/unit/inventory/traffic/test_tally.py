"""Laws of the count: order does not matter, halves add up, and bounds change names but never totals."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.traffic import blocks as blocks_of
from retailctl.inventory.traffic import routes, tally
from retailctl.inventory.traffic.blocks import Cut, blocks
from retailctl.inventory.traffic.learned import Served, learn
from retailctl.inventory.traffic.tally import Columns, Tally
from retailctl.inventory.traffic.uses import Use
from tests.unit.inventory.read import artefact

Row = tuple[str, str, str, str, str, str]
WORDS = ("orders", "stock", "a", "b", "login.html")

ROWS = st.lists(
    st.tuples(
        st.sampled_from(("shop.example", "erp.example")),
        st.sampled_from(("GET", "POST", "HEAD", "BREW")),
        st.lists(st.sampled_from((*WORDS, "17", "4711")), max_size=3).map(lambda parts: "/" + "/".join(parts)),
        st.sampled_from(("200", "404", "500", "301", "-")),
        st.sampled_from(("19/Nov/2026:10:00", "20/Nov/2026:10:00", "20/Nov/2026:10:01", "no time")),
        st.sampled_from(("10.0.0.1 - -", "10.0.0.2 - svc", "- - -")),
    ),
    max_size=40,
)


def counted(rows: list[Row], *, pieces: int = 1, known: PathTemplates | None = None) -> Tally:
    made = Tally(known or PathTemplates(), "")
    size = max(1, -(-len(rows) // pieces))
    for start in range(0, len(rows), size):
        some = rows[start : start + size]
        columns = Columns(
            requests=[f"{method} {path}".encode() for _, method, path, *_ in some],
            clients=[row[5].encode() for row in some],
            agents=[b"curl/8"] * len(some),
            minutes=[row[4].encode() for row in some],
            statuses=[row[3].encode() for row in some],
            hosts=[row[0].encode() for row in some],
        )
        made.add(columns, range(start + 1, start + 1 + len(some)))
    made.finish()
    return made


def told(one: Use) -> dict[str, Any]:
    consumers = {client: (each.count, each.first, each.last) for client, each in one.consumers.items()}
    return {
        "count": one.count, "errors": one.errors, "refused": one.refused, "absent": one.absent, "first": one.first,
        "last": one.last, "peak": one.peak, "agents": one.agents, "consumers": consumers,
    }  # fmt: skip


def result(made: Tally) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {(one.host, one.method, one.segments, one.template, one.kind): told(one) for one in made.uses}


@given(ROWS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_neither_the_order_of_lines_nor_the_blocks_matter(rows: list[Row], random: Any, pieces: int) -> None:
    mixed = list(rows)
    random.shuffle(mixed)
    assert result(counted(rows)) == result(counted(mixed, pieces=pieces))


@given(ROWS, st.integers(0, 40))
def test_two_halves_add_up(rows: list[Row], cut: int) -> None:
    whole, first, second = counted(rows), counted(rows[:cut]), counted(rows[cut:])

    def sums(*tallies: Tally) -> Counter[tuple[Any, ...]]:
        found: Counter[tuple[Any, ...]] = Counter()
        for made in tallies:
            for one in made.uses:
                for name in ("count", "errors", "refused", "absent"):
                    found[one.host, one.method, one.segments, one.kind, name] += getattr(one, name)
        return +found

    assert sums(whole) == sums(first, second)


@given(ROWS)
def test_every_line_is_counted_once(rows: list[Row]) -> None:
    made = counted(rows)
    assert sum(one.count for one in made.uses) == len(rows)
    assert all(sum(each.count for each in one.consumers.values()) + one.folded == one.count for one in made.uses if one.kind == "path")  # fmt: skip


@pytest.mark.parametrize("bound", ["_USES", "_CLIENTS", "_MINUTES", "_ROWS", "_PATHS", "_TEXTS"])
@settings(max_examples=25)
@given(rows=ROWS)
def test_bounds_change_no_total(bound: str, rows: list[Row]) -> None:
    before = getattr(tally, bound)
    setattr(tally, bound, 2)
    try:
        made = counted(rows, pieces=8)
    finally:
        setattr(tally, bound, before)
    free = counted(rows)
    for name in ("count", "errors", "refused", "absent"):
        assert sum(getattr(one, name) for one in made.uses) == sum(getattr(one, name) for one in free.uses)
    if bound != "_USES":
        assert {key: row["count"] for key, row in result(made).items()} == {
            key: row["count"] for key, row in result(free).items()
        }


def paths(count: int, *, status: str = "200", method: str = "GET", place: str = "/shop/") -> list[Row]:
    names = (f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}-shirt" for n in range(count))
    return [("h", method, f"{place}{name}", status, "20/Nov/2026:10:00", "10.0.0.1 - -") for name in names]


def templates(made: Tally) -> dict[str, int]:
    return {f"{one.method} /{'/'.join(one.segments)}": one.count for one in made.uses if one.is_offered}


@pytest.mark.parametrize(
    ("count", "method", "place", "number"),
    [
        (24, "GET", "/shop/", 24),
        (25, "GET", "/shop/", 1),
        (25, "POST", "/shop/", 25),
        (200, "POST", "/shop/", 200),
        (201, "POST", "/shop/", 1),
        (200, "GET", "/api/", 200),
        (201, "GET", "/api/", 1),
        (60, "GET", "/erp/v2/", 60),
        (60, "GET", "/", 60),
        (201, "GET", "/", 1),
    ],
)
def test_a_crowded_place_becomes_a_parameter(count: int, method: str, place: str, number: int) -> None:
    found = templates(counted(paths(count, method=method, place=place)))
    assert len(found) == number
    if number == 1:
        assert found == {f"{method} {place}{{name}}": count}


def test_below_a_crowded_place_everything_is_joined() -> None:
    rows = [("h", "GET", f"{row[2]}/{what}", *row[3:]) for row in paths(30) for what in ("reviews", "stock")]
    assert templates(counted(rows)) == {"GET /shop/{name}/reviews": 30, "GET /shop/{name}/stock": 30}


def test_endings_stay_apart_and_busy_names_stay() -> None:
    rows = [("h", "GET", f"{row[2]}.html", *row[3:]) for row in paths(250, place="/")]
    rows += [("h", "GET", "/search", "200", "20/Nov/2026:10:00", "10.0.0.1 - -")] * 50
    assert templates(counted(rows)) == {"GET /{name}.html": 250, "GET /search": 50}


def test_scanners_make_no_place_crowded() -> None:
    rows = paths(300, status="404", place="/") + paths(3, place="/")
    assert len(templates(counted(rows))) == 3


def test_what_is_learned_early_is_what_is_learned_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for pair in zip(paths(900), paths(900, place="/api/"), strict=True) for row in pair]
    free = templates(counted(rows))
    monkeypatch.setattr(tally, "_USES", 100)
    monkeypatch.setattr(routes, "_BUSY", 20)
    assert templates(counted(rows, pieces=40)) == free == {"GET /shop/{name}": 900, "GET /api/{name}": 900}


def test_a_busy_place_is_read_by_an_expression_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    more = [("h", "GET", path, "200", "20/Nov/2026:10:00", "10.0.0.1 - -") for path in (
        "/shop/a.css", "/shop/list.html", "/shop/x.unknown", "/shop/", "/shop/about/us", "/shop/search", "/shop/caf\u00e9",
    )]  # fmt: skip
    known = PathTemplates([("h", "/shop/search")])
    rows = [*paths(300), *(more * 3), *paths(600)[300:], *(more * 3)]
    slow = result(counted(rows, known=known))
    monkeypatch.setattr(tally, "_USES", 30)
    monkeypatch.setattr(routes, "_BUSY", 5)
    fast = result(counted(rows, pieces=60, known=known))
    assert {key: row["count"] for key, row in slow.items()} == {key: row["count"] for key, row in fast.items()}
    assert (b"h", "GET", (), "/shop/search", "known") in fast


def test_memory_does_not_grow_with_the_number_of_paths() -> None:
    made = Tally(PathTemplates(), "")
    for piece in range(6):
        rows = [f"GET /{piece}x{n}y/{n}-{piece}z/q{n}w{piece}".encode() for n in range(2_000)]
        some = [b"x"] * len(rows)
        made.add(Columns(rows, some, some, [b"20/Nov/2026:10:00"] * len(rows), [b"200"] * len(rows)), range(1, 2_001))
        assert len(made.uses) <= 4_096
    made.finish()
    assert sum(one.count for one in made.uses) == 12_000


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS), st.integers(1, 9), st.booleans()), max_size=30)
)
def test_learning_is_independent_of_order(rows: list[tuple[str, str, int, bool]]) -> None:
    served = [Served((a, b), count, written) for a, b, count, written in rows]
    forth, back = learn(served, {}, strict=12), learn(served[::-1], {}, strict=12)
    assert forth.become == back.become and forth.crowded == back.crowded


@given(st.lists(st.sampled_from((b"", b"a", b"bb" * 9, b"c" * 60)), max_size=12), st.integers(1, 90), st.booleans())
def test_blocks_hold_every_line_that_is_not_too_long(lines: list[bytes], size: int, ended: bool) -> None:
    import tempfile

    text = b"\n".join(lines) + (b"\n" if ended and lines else b"")
    expected = [(n, line) for n, line in enumerate(text.split(b"\n")[: None if text[-1:] != b"\n" else -1], 1)]
    expected = [(n, line) for n, line in expected if len(line) < 40] if text else []
    before = blocks_of.SIZE, blocks_of.LONGEST
    try:
        blocks_of.SIZE, blocks_of.LONGEST = size, 40  # type: ignore[misc]
        with tempfile.TemporaryDirectory() as folder:
            one, cut = artefact(Path(folder), "x.log", text), Cut()
            found = [
                (number + n, line)
                for number, block in blocks(one, lambda _: None, cut)
                for n, line in enumerate(block.split(b"\n")[:-1])
            ]
    finally:
        blocks_of.SIZE, blocks_of.LONGEST = before  # type: ignore[misc]
    assert found == expected
    assert cut.long == sum(len(line) >= 40 for line in text.split(b"\n"))
