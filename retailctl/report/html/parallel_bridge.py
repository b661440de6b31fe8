"""The money bridge as a waterfall: a table in which each row draws its own step, so that figure and words are one."""

from __future__ import annotations

from decimal import Decimal

from retailctl.model.parallel_run import Bridge
from retailctl.report import escape
from retailctl.report.html.markup import Markup, el, join
from retailctl.report.parallel_words import Step, difference, money, steps, worthless

_WIDE, _HIGH = 1000, 36
_LEAST = 3.0
_NAME = 200


def section(currency: str, bridge: Bridge) -> Markup:
    """Heading, what it comes to, and one row a step; what moves no money is one line below."""
    made = steps(bridge)
    places = [Decimal(0), *(step.end for step in made)]
    scale = _Scale(min(places), max(places))
    rows = [_end("Legacy", bridge.legacy, scale.x(Decimal(0)), first=True)]
    rows += [_step(step, scale) for step in made]
    rows.append(_end("New", bridge.new, scale.x(places[-1]), first=False))
    wrong = Decimal(bridge.remainder) != 0
    told = el("p", difference(bridge), class_="dim wrong" if wrong else "dim")
    head = el("tr", *(el("th", name, scope="col", class_=css) for name, css in (
        ("Step", None), ("Rows", "n"), ("", "plot"), ("Amount", "n"))))  # fmt: skip
    table = el("table", el("thead", head), el("tbody", *rows), class_="bridge")
    alike = worthless(bridge)
    note = el("p", f"Worth nothing: {_clip(alike)}.", class_="dim") if alike else None
    return join(el("h2", _clip(f"Money bridge {currency}".strip())), told, table, note)


class _Scale:
    """Amounts as distances in the drawing: the differences are seen, the totals are too large for that."""

    def __init__(self, least: Decimal, most: Decimal) -> None:
        self._least, self._span = least, most - least

    def x(self, amount: Decimal) -> float:
        """Where an amount stands; in the middle where nothing differs."""
        return round(float((amount - self._least) / self._span) * (_WIDE - 8) + 4, 1) if self._span else _WIDE / 2


def _end(name: str, amount: str, x: float, *, first: bool) -> Markup:
    line = el("path", d=f"M{x:g} {_HIGH / 2 if first else 0:g}V{_HIGH if first else _HIGH / 2:g}", class_="join")
    dot = el("path", d=f"M{x:g} 8V{_HIGH - 8}", class_="total")
    return _row(name, "", _svg(line, dot), money(amount), "end")


def _step(step: Step, scale: _Scale) -> Markup:
    start, end = scale.x(step.start), scale.x(step.end)
    wide = max(abs(end - start), _LEAST)
    kind = "up" if step.amount > 0 else "down"
    bar = el("rect", x=round(min(start, end), 1), y=9, width=round(wide, 1), height=_HIGH - 18, class_=kind)
    into = el("path", d=f"M{start:g} 0V{_HIGH / 2:g}", class_="join")
    out = el("path", d=f"M{end:g} {_HIGH / 2:g}V{_HIGH}", class_="join")
    return _row(step.name, f"{step.rows:,}", _svg(into, out, bar), money(step.amount, signed=True), kind)


def _row(name: str, rows: str, drawing: Markup, amount: str, kind: str) -> Markup:
    cells = (el("td", rows, class_="n rows"), el("td", drawing, class_="plot"), el("td", amount, class_="n amount"))
    return el("tr", el("th", _clip(name), scope="row"), *cells, class_=kind)


def _svg(*children: Markup) -> Markup:
    return el("svg", *children, viewBox=f"0 0 {_WIDE} {_HIGH}", preserveAspectRatio="none", aria_hidden="true")


def _clip(text: str) -> str:
    return escape.clip(escape.terminal(text), _NAME)
