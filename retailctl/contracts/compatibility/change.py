"""A change between two schemas of a language whose data is read with a schema (Avro, Protobuf)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.compatibility.modes import Reading


class ReadingWitness(NamedTuple):
    """A datum that its writer can write and the reader cannot read; checked with the library of the format.

    ``value`` is the datum as JSON shows it (bytes decoded); ``pointer`` is the part of it that cannot be read, "" for
    all of it; ``error`` says why, in words of our own.
    """

    value: object
    pointer: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingChange:
    """One difference. ``id`` names the rule; ``broken`` are the readings that it makes impossible.

    ``subject`` is the named type or the file that changed and ``pointer`` the place inside it (both enter the
    fingerprint); ``what``, ``old``, ``new`` and ``location`` fill the text of the rule. A place is None on a side that
    has nothing to show. ``undecided`` are the readings of which cannot be told whether they break.
    ``witness`` makes the case that shows a broken reading, or says why it cannot; it is asked only for what is
    reported as a break.
    """

    id: str
    subject: str
    pointer: str = ""
    what: str = ""
    old: object = None
    new: object = None
    location: str = ""
    broken: frozenset[Reading] = frozenset()
    undecided: frozenset[Reading] = frozenset()
    old_place: Place | None = None
    new_place: Place | None = None
    witness: Callable[[Reading], ReadingWitness | str] | None = None
