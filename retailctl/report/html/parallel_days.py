"""What happened where and when: a heat map of places and days, and the days of the history."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from retailctl.model.parallel_pictures import Heat, HeatRow, TrendDay
from retailctl.report import escape
from retailctl.report.grouping import count
from retailctl.report.html.markup import Child, Markup, el, join, mark
from retailctl.report.parallel_words import money, series, short

_LEVELS = 6
_OPEN = 20
_NAME = 60
_CLASSES = 12
_BAR, _GAP, _HIGH = 10, 2, 30


def heat(found: Heat) -> Markup:
    """A table whose cells are shaded by their number; it scrolls by itself."""
    most = max((max(row.cells, default=0) for row in found.rows), default=0)
    down = _clip(found.down)
    label = f"Differing rows by {down} and business day, scrolls sideways"
    box = _box(found, found.rows[:_OPEN], most, label)
    rest = found.rows[_OPEN:]
    more = _box(found, rest, most, f"{label}: the next ones") if rest else None
    less = el("details", el("summary", f"The next {len(rest)}"), more, class_="plain") if more else None
    return join(el("h2", "Where and when"), el("p", _heat_words(found), class_="dim"), box, less)


def _box(found: Heat, shown: Sequence[HeatRow], most: int, label: str) -> Markup:
    """Some rows of the map in a box that scrolls by itself."""
    days = [el("th", short(day), scope="col", title=day) for day in found.columns]
    gross = el("th", "gross", scope="col") if any(row.gross for row in found.rows) else None
    head = el("tr", el("th", _clip(found.down), scope="col"), *days, el("th", "all", scope="col"), gross)
    rows = [
        el(
            "tr",
            el("th", _clip(row.name), scope="row"),
            *(_cell(number, most) for number in row.cells),
            el("td", f"{row.rows:,}", class_="n"),
            el("td", money(row.gross), class_="n") if row.gross else None,
        )
        for row in shown
    ]
    table = el("table", el("thead", head), el("tbody", *rows), class_="heat")
    return el("div", table, class_="sheet fit", tabindex="0", role="region", aria_label=label)


def _heat_words(found: Heat) -> str:
    left = [
        count(number, f"more {word}")
        for number, word in ((found.more_rows, "place"), (found.more_columns, "earlier day"))
        if number
    ]
    span = f", {_clip(found.columns[0])} to {_clip(found.columns[-1])}" if found.columns else ""
    more = f"; not shown: {' and '.join(left)}" if left else ""
    by = f"{_clip(found.down)} and business day{span}"
    return f"{found.total:,} differing rows by {by}; pending and accepted ones apart{more}."


def _cell(number: int, most: int) -> Markup:
    if not number:
        return el("td", "·", class_="h0")
    return el("td", f"{number:,}", class_=f"h{level(number, most)}")


def level(number: int, most: int) -> int:
    """The shade of a number, 1 to 6: equal ratios have equal steps, from 1 to the largest."""
    return min(1 + int(_LEVELS * log(number) / log(most) + 1e-9), _LEVELS) if most > 1 else _LEVELS


def trend(days: Sequence[TrendDay]) -> Markup:
    """One strip of verdicts, and a row for each class with a bar a day."""
    found = series(days)
    first, last = days[0], days[-1]
    span = _clip(first.day) if len(days) == 1 else f"{_clip(first.day)} to {_clip(last.day)}"
    changed = sum(1 for day in days if not day.same_plan)
    note = f"; {count(changed, 'day')} in pale: another plan was run" if changed else ""
    told = el(
        "p", f"{count(len(days), 'business day')}, {span}; parts per million of the rows read{note}.", class_="dim"
    )
    heads = ("Class", "", "Latest", "Against the day before", "Highest")
    head = el("tr", *(el("th", name, scope="col", class_="n" if at > 1 else None) for at, name in enumerate(heads)))
    rows = [_verdicts(days)]
    for one in found[:_CLASSES]:
        latest, highest = one.values[-1], max(one.values)
        cells: list[Child] = [el("td", _bars(one.name, one.values, days), class_="plot")]
        cells += [el("td", text, class_="n", data_label=label) for text, label in (
            (f"{latest:,}", "latest"), (one.change or "-", "change"), (f"{highest:,}", "highest"))]  # fmt: skip
        rows.append(el("tr", el("th", _clip(one.name), scope="row"), *cells))
    more = el("p", f"… {count(len(found) - _CLASSES, 'more class', 'more classes')}: use -f json", class_="dim")
    table = el("table", el("thead", head), el("tbody", *rows), class_="trend")
    return join(el("h2", "Trend"), told, table, more if len(found) > _CLASSES else None, _table(days))


def _verdicts(days: Sequence[TrendDay]) -> Markup:
    highs = {"pass": 8, "unknown": 18}
    bars = [_bar(at, highs.get(day.verdict, _HIGH), day, _word(day)) for at, day in enumerate(days)]
    last = _word(days[-1])
    cell = el("td", mark(last), last, class_="n", data_label="latest", colspan=3)
    label = f"Verdicts, oldest first: {', '.join(_word(day) for day in days)}"
    return el("tr", el("th", "Verdict", scope="row"), el("td", _svg(len(days), bars, label), class_="plot"), cell)


def _bars(name: str, values: Sequence[int], days: Sequence[TrendDay]) -> Markup:
    most = max(values)
    bars = [
        _bar(at, max(2, round(_HIGH * value / most)) if value else 0, day, "ppm")
        for at, (value, day) in enumerate(zip(values, days, strict=True))
    ]
    return _svg(len(values), bars, f"{_clip(name)}, oldest first: {', '.join(f'{value:,}' for value in values)}")


def _bar(at: int, high: int, day: TrendDay, kind: str) -> Markup:
    css = kind if day.same_plan else f"{kind} other"
    return el(
        "rect", el("title", _clip(day.day)), x=at * (_BAR + _GAP), y=_HIGH - high, width=_BAR, height=high, class_=css
    )


def _svg(number: int, bars: list[Markup], label: str) -> Markup:
    wide = number * (_BAR + _GAP)
    return el("svg", *bars, viewBox=f"0 0 {wide} {_HIGH}", width=wide, height=_HIGH, role="img", aria_label=label)


def _word(day: TrendDay) -> str:
    return day.verdict if day.verdict in ("pass", "fail") else "unknown"


def _table(days: Sequence[TrendDay]) -> Markup:
    """The same in words, newest first."""
    rows = [
        el("tr", el("th", _clip(day.day), scope="row"), el("td", mark(_word(day)), _word(day)), el("td", _red(day)))
        for day in reversed(days)
    ]
    head = el("tr", *(el("th", name, scope="col") for name in ("Business day", "Verdict", "Gates that did not pass")))
    table = el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll")
    return el("details", el("summary", "The days as a table"), table, class_="plain")


def _red(day: TrendDay) -> str:
    return escape.clip(escape.terminal(", ".join(day.red)), 400) or "-"


def _clip(text: str) -> str:
    return escape.clip(escape.terminal(text), _NAME)
