"""CheckContext: what a Python check may look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.model.estate import Covered, Estate, Subject
from retailctl.model.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """The estate, its graph, the projected subjects, the rule with its parameters, and the date of the audit."""

    estate: Estate
    graph: EstateGraph
    subjects: Mapping[str, Sequence[Subject]]
    rule: Rule
    as_of: date
    params: Mapping[str, Any]

    def of(self, kind: str) -> Sequence[Subject]:
        """The subjects of one kind, in id order."""
        return self.subjects.get(kind, ())

    def place(self, id_: str, pointer: str = "", kind: str = "interface") -> Location:
        """Where an entry, or a part of it (``endpoints/0``), is written; the path alone for an unknown id."""
        entry = self.estate.of(kind).get(id_)
        if entry is None:
            return Location("inventories")
        origin = entry.origins[0]
        return replace(origin, pointer=f"{origin.pointer}/{pointer}") if pointer else origin

    def somewhere(self, kind: str) -> tuple[Location, ...]:
        """A file that holds entries of a kind, for a finding about one that is missing; else any inventory file."""
        for candidate in (kind, *sorted(self.estate.entries)):
            for entry in self.estate.of(candidate).values():
                return (Location(entry.origins[0].path, 1, 1),)
        return (Location("inventories"),)

    def unread(self, kind: str) -> str:
        """What is missing when an entry may stand in a file that was not read; empty when all files were."""
        path = self.estate.unread_of(kind)
        return f"the entries of {path}" if path else ""

    def coverage_of(self, *scopes: str) -> Covered | None:
        """The first coverage statement with a window whose scope is ``*`` or one of the names.

        None while what the rule is about was not read in full: it lowers coverage (rules.md section 2).
        """
        if self.estate.unread_of(self.rule.applies_to):
            return None
        for covered in self.estate.coverage:
            if covered.coverage.window is not None and covered.coverage.scope in ("*", *scopes):
                return covered
        return None
