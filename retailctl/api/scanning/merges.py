"""``inventories/merges.yaml``: pairs that look like one interface, and what a person decided about them.

New suggestions are added at the end; nothing that stands in the file is touched, comments included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.api.session import Session
from retailctl.errors import ConfigError, Location
from retailctl.inventory.identity.suggest import Suggestion
from retailctl.inventory.observed_text import value
from retailctl.workspace.reader import parse_bytes

PATH: Final = "inventories/merges.yaml"
_HEAD: Final = (
    "# Pairs that may be one interface. Set decision to same or different; the next scan follows it.\nmerges:\n"
)
_DECISIONS: Final = ("open", "same", "different")


@dataclass(frozen=True, slots=True)
class Decisions:
    """``merged``: observed id -> the id it is the same as. ``settled``: pairs that stand in the file already."""

    merged: Mapping[str, str] = field(default_factory=dict)
    settled: frozenset[tuple[str, str]] = frozenset()
    text: str = ""


def decisions(session: Session) -> Decisions:
    """What the file says. Raises ConfigError for one that cannot be followed: guessing there would merge wrongly."""
    if not session.files.of("merges"):
        return Decisions()
    document = session.documents.read(PATH)
    rows = document.data.get("merges") if isinstance(document.data, Mapping) else None
    if rows is None:
        rows = []
    if not isinstance(rows, list):
        raise ConfigError("merges is not a list", at=Location(PATH), hint="write merges: and a list of pairs below it")
    merged: dict[str, str] = {}
    pairs: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        observed, same_as, decision = _row(row, number, document.locate(("merges", number)))
        pairs.add((observed, same_as))
        if decision == "same":
            if merged.get(observed, same_as) != same_as:
                raise ConfigError(
                    f"{observed} is decided to be the same as two interfaces",
                    at=document.locate(("merges", number)),
                    hint="set the decision of one of them to different",
                )
            merged[observed] = same_as
    text = document.load() if document.load is not None else None
    return Decisions(merged, frozenset(pairs), text or "")


def _row(row: Any, number: int, at: Location) -> tuple[str, str, str]:
    if isinstance(row, Mapping) and all(isinstance(row.get(name), str) for name in ("observed", "same_as")):
        decision = str(row.get("decision", "open"))
        if decision in _DECISIONS:
            return row["observed"], row["same_as"], decision
        raise ConfigError(f"decision is {decision!r}", at=at, hint=f"one of {', '.join(_DECISIONS)}")
    raise ConfigError(f"entry {number + 1} has no observed and same_as", at=at, hint="both are ids of interfaces")


def suggestions_text(decided: Decisions, suggested: list[Suggestion]) -> str | None:
    """The new text of the file, or None when there is nothing to add. The old text stays as it is, to the byte."""
    if not suggested:
        return None
    lines = "".join(
        f"  - {{observed: {value(one.observed)}, same_as: {value(one.same_as)}, decision: open, "
        f"confidence: {one.confidence:.2f},\n     why: {value(one.why)}}}\n"
        for one in suggested
    )
    old = decided.text
    if not old.strip():
        return _HEAD + lines
    new = (old if old.endswith("\n") else old + "\n") + lines
    if not _reads_as_more(old, new, len(suggested)):
        raise ConfigError(
            "suggestions cannot be added at its end",
            at=Location(PATH),
            hint="keep merges as the last key of the file, a list with one entry per line",
        )
    return new


def _reads_as_more(old: str, new: str, more: int) -> bool:
    before = (parse_bytes(PATH, old.encode()).data or {}).get("merges") or []
    try:
        after = parse_bytes(PATH, new.encode()).data.get("merges") or []
    except Exception:  # noqa: BLE001 - whatever is wrong with the result, it is not written
        return False
    return len(after) == len(before) + more and after[: len(before)] == before
