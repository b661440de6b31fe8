"""Estate: what all inventory files say together, merged by id, with the places and the conflicts kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from retailctl.errors import Location
from retailctl.model.contract_facts import ContractDocument, VersionStep
from retailctl.model.interface import Consumption
from retailctl.model.migration import Migration
from retailctl.model.sighting import Coverage


@dataclass(frozen=True, slots=True)
class Assertion:
    """One source's value for one attribute. ``location`` has path and pointer; lines are filled in for reports.

    ``instead_of`` are the values that an answer was given in the face of.
    """

    value: Any
    source: str
    kind: str
    location: Location
    at: str = ""
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that disagree on one attribute; the first assertion is the one that was kept.

    ``settled`` when that is the answer of somebody who was asked and knew what the others say.
    """

    attribute: str
    assertions: tuple[Assertion, ...]
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One noun of the estate after the merge.

    ``noun`` is the merged System, Interface, ...; ``origins`` the places of all entries that were merged, hand-kept
    ones first; ``hand_kept`` whether a person declared it. ``unlisted`` are the consumers of a hand-kept entry that
    only sources name; None where no hand-kept file lists consumers. ``seen_by`` are the kinds of source that saw an
    entry which nobody keeps by hand.
    """

    kind: str
    id: str
    noun: Any
    origins: tuple[Location, ...]
    hand_kept: bool = True
    conflicts: tuple[Conflict, ...] = ()
    unlisted: tuple[Consumption, ...] | None = ()
    seen_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Covered:
    """A coverage statement and its place; ``kind`` is that of its source: runtime, configuration, register, ..."""

    coverage: Coverage
    location: Location
    kind: str = "guess"


@dataclass(frozen=True, slots=True)
class ContractFact:
    """What is known of one contract file without judging it: path in the workspace and declared version."""

    path: str
    version: str | None = None
    readable: bool = True


@dataclass(frozen=True, slots=True)
class LiteralSecret:
    """A secret in clear text in a file. ``kind`` names its shape; the value itself is never kept."""

    kind: str
    location: Location
    subject: str


@dataclass(frozen=True, slots=True)
class Estate:
    """Entries by kind and id, in id order; coverage; contracts found; secrets found in clear text.

    ``documents`` are the contract documents by path, in order of path; ``steps`` the consecutive versions of contracts
    by the path of the later document. ``migration`` is what waves move, and what was proved of it.

    ``unread`` holds (file, kind) of the inventory that could not be read in full, kind * for a whole file: while
    there is one, "not in the inventory" and "not seen" prove nothing (rules.md section 2).
    """

    entries: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    coverage: tuple[Covered, ...] = ()
    contracts: Mapping[str, ContractFact] = field(default_factory=dict)
    secrets: tuple[LiteralSecret, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    documents: Mapping[str, ContractDocument] = field(default_factory=dict)
    steps: Mapping[str, VersionStep] = field(default_factory=dict)
    migration: Migration = field(default_factory=Migration)

    def of(self, kind: str) -> Mapping[str, Entry]:
        """Entries of one kind by id; empty when there are none."""
        return self.entries.get(kind, {})

    def unread_of(self, kind: str) -> str:
        """The first file that may hold more entries of the kind than were read; empty when there is none."""
        return next((path for path, hidden in self.unread if hidden in ("*", kind)), "")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is evaluated on: plain values only (dict, list, str, int, float, bool).

    Absent fields are left out: presence in ``fields`` means *declared*. Derived facts stand beside declared fields;
    ``places`` says for a fact where what it tells of is written, where that is known.
    """

    kind: str
    id: str
    fields: dict[str, Any]
    origins: tuple[Location, ...]
    hand_kept: bool = True
    owner: str | None = None
    domain: str | None = None
    places: Mapping[str, tuple[Location, ...]] = field(default_factory=dict)
