"""One log from its first byte to what is yielded: the part that all log readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from retailctl.inventory.reading import Found
from retailctl.inventory.traffic.blocks import LONGEST, Cut, blocks
from retailctl.inventory.traffic.found import Reported
from retailctl.inventory.traffic.routes import Special
from retailctl.inventory.traffic.tally import Columns, Tally
from retailctl.inventory.traffic.uses import Use

# Rows of a block by column, the numbers of their lines, and those of lines that are none.
Parse = Callable[[bytes, int], tuple[Columns | None, Sequence[int], list[int]]]
Joined = Callable[[Reported, list[Use]], tuple[Reported, list[Use]]]


def read_log(
    reported: Reported,
    parse: Parse,
    *,
    kind: str,
    hint: str,
    special: Special | None = None,
    labelled: bool = False,
    joined: Joined = lambda reported, uses: (reported, uses),
) -> Iterator[Found]:
    """Everything a log shows. ``kind`` is what a line should be, ``hint`` what to do about lines that are not.

    ``special`` and ``labelled`` are for logs with more than paths, ``joined`` for what is known at the end only.

    Raises InputError when no line is one.
    """
    artefact, reading = reported.artefact, reported.reading
    tally = Tally(reading.templates, reading.system, special, labelled=labelled)
    cut = Cut()
    odd, first, used = 0, 0, 0
    for number, block in blocks(artefact, reading.progress, cut):
        columns, lines, others = parse(block, number)
        if others:
            odd += len(others)
            first = first or others[0]
        if columns is not None:
            used += len(columns.requests)
            tally.add(columns, lines)
    if cut.long:
        odd += cut.long
        first = min(first, cut.first) if first else cut.first
    if not used:
        if cut.broken is not None:
            raise cut.broken
        raise artefact.error("INP001", f"no line is {kind}", first or 1, hint=hint)
    tally.finish()
    whole, uses = joined(reported, tally.uses)
    yield from whole.found(uses)
    if odd:
        yield artefact.error("INP001", _odd(odd, kind, cut), first, hint=hint)
    if cut.broken is not None:
        yield cut.broken


def _odd(number: int, kind: str, cut: Cut) -> str:
    what = f"is no {kind.removeprefix('an ').removeprefix('a ')}"
    more = f"; {number:,} lines are not, this is the first" if number > 1 else ""
    long = f" ({cut.long:,} above {LONGEST // 1024} KiB)" if cut.long else ""
    return f"{what}{more}{long}; the others were used"
