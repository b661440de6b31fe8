"""Which readings hold between two versions of an event contract, under both content models, whatever the mode asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from retailctl.contracts.changes.slots import Slot
from retailctl.contracts.compatibility.modes import READINGS, Reading
from retailctl.contracts.events.compare import EventComparison
from retailctl.contracts.schemas.store import ContentModel, Polarity, Schema
from retailctl.model.contract_change import ReadingVerdict

if TYPE_CHECKING:  # the relation is large, and Avro and Protobuf need none of it
    from retailctl.contracts.compatibility.json_schema import Verdicts
    from retailctl.contracts.schemas.inclusion import Forms

_POLARITY: Final[dict[Reading, Polarity]] = {"backward": "in", "forward": "out"}
_MODELS: Final[tuple[ContentModel, ...]] = ("declared", "all")
_BUDGET: Final = 100_000  # of the relation, about a second for each question
_HOLDS: Final = {"included": True, "excluded": False, "undecided": None}


def reading_verdicts(comparison: EventComparison) -> tuple[ReadingVerdict, ...]:
    """Both readings of all schemas together; under each content model where there is JSON Schema."""
    return tuple(_verdicts(comparison))


def _verdicts(comparison: EventComparison) -> Iterator[ReadingVerdict]:
    forms: Forms | None = None
    for reading in READINGS:
        others = [_of_change(reading, one.change.broken, one.change.undecided) for one in comparison.readings]
        slots = [slot for slot in comparison.slots if slot.group.polarity == _POLARITY[reading]]
        if not slots:
            yield ReadingVerdict(reading=reading, compatible=_together(others))
            continue
        forms = forms or _no_forms()
        anything = _of_slots(comparison, reading, "all", slots, forms)
        for content in _MODELS:
            # What holds for anything that is accepted holds for what is declared.
            ask = content == "declared" and set(anything) != {True}
            whole = _of_slots(comparison, reading, content, slots, forms) if ask else anything
            yield ReadingVerdict(reading=reading, content_model=content, compatible=_together([*others, *whole]))


def _of_slots(
    comparison: EventComparison, reading: Reading, content: ContentModel, slots: Iterable[Slot], forms: Forms
) -> list[bool | None]:  # fmt: skip
    relation = _relation(comparison, reading, content, forms)
    pairs = (_sides(comparison, slot.old, slot.new, reading) for slot in slots)
    return [_HOLDS[relation.of(*pair, _BUDGET).verdict] for pair in pairs]


def _no_forms() -> Forms:
    from retailctl.contracts.schemas.inclusion import Forms

    return Forms()


def _relation(comparison: EventComparison, reading: Reading, content: ContentModel, forms: Forms) -> Verdicts:
    from retailctl.contracts.compatibility.json_schema import Verdicts

    old, new = comparison.graph.old, comparison.graph.new
    writer, reader = (old, new) if reading == "backward" else (new, old)
    return Verdicts(writer, reader, polarity=_POLARITY[reading], content=content, forms=forms)


def _sides(comparison: EventComparison, old: str, new: str, reading: Reading) -> tuple[Schema, Schema]:
    one, other = comparison.graph.schema(old, new=False), comparison.graph.schema(new, new=True)
    return (one, other) if reading == "backward" else (other, one)


def _of_change(reading: Reading, broken: frozenset[Reading], undecided: frozenset[Reading]) -> bool | None:
    if reading in broken:
        return False
    return None if reading in undecided else True


def _together(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    if False in found:
        return False
    return None if None in found else True
