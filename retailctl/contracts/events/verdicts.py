"""Which readings hold between two versions of an event contract, under both content models, whatever the mode asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from retailctl.contracts.changes.slots import Slot
from retailctl.contracts.compatibility.json_schema import verdict
from retailctl.contracts.compatibility.modes import READINGS, Reading
from retailctl.contracts.events.compare import EventComparison
from retailctl.contracts.schemas.inclusion import Inclusion
from retailctl.contracts.schemas.store import ContentModel, Polarity
from retailctl.model.contract_change import ReadingVerdict

_POLARITY: Final[dict[Reading, Polarity]] = {"backward": "in", "forward": "out"}
_MODELS: Final[tuple[ContentModel, ...]] = ("declared", "all")
_HOLDS: Final = {"included": True, "excluded": False, "undecided": None}


def reading_verdicts(comparison: EventComparison) -> tuple[ReadingVerdict, ...]:
    """Both readings of all schemas together; under each content model where there is JSON Schema."""
    return tuple(_verdicts(comparison))


def _verdicts(comparison: EventComparison) -> Iterator[ReadingVerdict]:
    for reading in READINGS:
        others = [_of_change(reading, one.change.broken, one.change.undecided) for one in comparison.readings]
        slots = [slot for slot in comparison.slots if slot.group.polarity == _POLARITY[reading]]
        if not slots:
            yield ReadingVerdict(reading=reading, compatible=_together(others))
            continue
        for content in _MODELS:
            whole = [_HOLDS[whole_of(comparison, slot, reading, content).verdict] for slot in slots]
            yield ReadingVerdict(reading=reading, content_model=content, compatible=_together([*others, *whole]))


def whole_of(comparison: EventComparison, slot: Slot, reading: Reading, content: ContentModel) -> Inclusion:
    """What the relation says of one schema position as a whole: does the reader accept all that the writer may send?"""
    graph = comparison.graph
    old = graph.old, graph.schema(slot.old, new=False)
    new = graph.new, graph.schema(slot.new, new=True)
    writer, reader = (old, new) if reading == "backward" else (new, old)
    return verdict(*writer, *reader, content=content)


def _of_change(reading: Reading, broken: frozenset[Reading], undecided: frozenset[Reading]) -> bool | None:
    if reading in broken:
        return False
    return None if reading in undecided else True


def _together(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    if False in found:
        return False
    return None if None in found else True
