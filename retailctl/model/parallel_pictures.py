"""What a page about a parallel run draws: where and when rows differ, how its days went, what was accepted."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One place: differing rows by column, and what all of them are worth (gross, a decimal text; "" without money).

    ``rows`` counts those of columns that are not shown, too.
    """

    name: str
    cells: tuple[int, ...]
    rows: int
    gross: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Differing rows by place and business day: those with most rows first, the newest days, oldest first.

    ``down`` is the dimension that the rows are of. ``more_rows`` and ``more_columns`` count what is left out,
    ``total`` all rows that are counted in any of them.
    """

    down: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    total: int
    more_rows: int = 0
    more_columns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendDay:
    """The newest run of one business day: rows of each class in parts per million of those read, and gates not passed.

    ``same_plan`` is False where the plan was another one than that of the newest run.
    """

    day: str
    verdict: str
    ppm: dict[str, int] = field(default_factory=dict)
    red: tuple[str, ...] = ()
    same_plan: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedUse:
    """What an accepted difference of the plan covers in a run. ``void`` says why it does not hold; "" where it does.

    ``max_rows`` and ``max_amount`` are its budget, None and "" for none; amounts are gross, as decimal texts.
    """

    reason: str
    owner: str
    expires: str
    rows: int
    amount: str = ""
    max_rows: int | None = None
    max_amount: str = ""
    void: str = ""
