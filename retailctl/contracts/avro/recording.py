"""Where the changes between two schemas are gathered: which readings each one breaks follows from the resolutions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from retailctl.contracts.avro.incompatibility import Incompatibility, IncompatibilityKind
from retailctl.contracts.avro.model import MOST_STEPS, AvroSchema, Node, Spot
from retailctl.contracts.avro.resolution import Resolution, resolve
from retailctl.contracts.avro.witness import WitnessBench
from retailctl.contracts.compatibility.change import ReadingChange, ReadingWitness
from retailctl.contracts.compatibility.modes import READINGS, Reading

_UNNAMED: Final[dict[Reading, dict[IncompatibilityKind, str]]] = {
    "backward": {
        "name_mismatch": "avro-type-renamed",
        "fixed_size_mismatch": "avro-fixed-size-changed",
        "missing_enum_symbols": "avro-enum-symbol-removed",
        "reader_field_missing_default_value": "avro-field-added-without-default",
        "type_mismatch": "avro-type-changed",
        "missing_union_branch": "avro-union-branch-removed",
    },
    "forward": {
        "name_mismatch": "avro-type-renamed",
        "fixed_size_mismatch": "avro-fixed-size-changed",
        "missing_enum_symbols": "avro-enum-symbol-added",
        "reader_field_missing_default_value": "avro-field-removed-without-default",
        "type_mismatch": "avro-type-changed",
        "missing_union_branch": "avro-union-branch-added",
    },
}
"""What a cause is called that no difference explains: types that met by an alias, or by a promotion."""


class Where(NamedTuple):
    """A part of a schema: the named type around it, the pointer inside that, and how a message calls it.

    The texts are put together only for what changed: a part may lie thousands of steps deep.
    """

    subject: str
    step: str
    word: str
    around: Where | None = None
    depth: int = 0

    def at(self, step: str, word: str = "") -> Where:
        """Something inside; as with places, the steps that are told are limited in number."""
        return self if self.depth >= MOST_STEPS else Where(self.subject, step, word, self, self.depth + 1)

    @property
    def pointer(self) -> str:
        """The way from the named type."""
        return "".join(where.step for where in self._way())

    @property
    def text(self) -> str:
        """The name of the type and the path inside it."""
        return "".join(where.word for where in self._way())

    def _way(self) -> list[Where]:
        way = [self]
        while (around := way[-1].around) is not None:
            way.append(around)
        return way[::-1]


class Found(NamedTuple):
    """The causes that stand behind a change, by reading."""

    backward: tuple[Incompatibility, ...] = ()
    forward: tuple[Incompatibility, ...] = ()

    def of(self, reading: Reading) -> tuple[Incompatibility, ...]:
        """The causes for one reading."""
        return self.backward if reading == "backward" else self.forward


@dataclass(frozen=True, slots=True)
class _Witness:
    """Makes the case of a change when it is asked for."""

    benches: Mapping[str, WitnessBench]
    found: Found

    def __call__(self, reading: Reading) -> ReadingWitness | str:
        causes = self.found.of(reading)
        if not causes:
            return "this change does not break the reading"
        return self.benches[reading].witness(causes[0])


class Recorder:
    """The changes so far, and the causes that none of them explains yet.

    ``moves`` are the moves between namespaces that were told: the types inside one that moved go with it. With
    ``readable`` there are no causes to look for.
    """

    def __init__(self, old: AvroSchema, new: AvroSchema, *, readable: bool = False) -> None:
        self.old, self.new = old, new
        self.changes: list[ReadingChange] = []
        self.moves: set[tuple[str, str]] = set()
        self._resolutions: dict[Reading, Resolution] = (
            {} if readable else {"backward": resolve(new, old), "forward": resolve(old, new)}
        )
        self._causes: dict[Reading, dict[tuple[Node, Node], list[Incompatibility]]] = {
            reading: _by_pair(self._resolutions[reading]) if self._resolutions else {} for reading in READINGS
        }
        self._benches = {"backward": WitnessBench(new.root, old.root), "forward": WitnessBench(old.root, new.root)}
        self._explained: set[int] = set()

    def between(
        self, reading: Reading, reader: Node, writer: Node, kind: IncompatibilityKind | None = None, name: str = ""
    ) -> tuple[Incompatibility, ...]:
        """The causes between two types for one reading, of a kind and about a name if these are given."""
        causes = self._causes[reading].get((reader, writer), ())
        return tuple(cause for cause in causes if kind in (None, cause.kind) and (not name or name in cause.names))

    def both(self, old: Node, new: Node, kind: IncompatibilityKind) -> Found:
        """The causes of one kind between two types, for both readings."""
        return Found(self.between("backward", new, old, kind), self.between("forward", old, new, kind))

    def add(
        self,
        id_: str,
        where: Where,
        *,
        what: str = "",
        old: object = None,
        new: object = None,
        location: str = "",
        found: Found | None = None,
        at: tuple[Spot | None, Spot | None] = (None, None),
    ) -> None:
        """Note a change; it breaks the readings that it has causes for."""
        causes = found or Found()
        self._explained.update(id(cause) for reading in READINGS for cause in causes.of(reading))
        old_spot, new_spot = at
        self.changes.append(
            ReadingChange(
                id=id_,
                subject=where.subject,
                pointer=where.pointer,
                what=what or where.text,
                old=old,
                new=new,
                location=location,
                broken=frozenset(reading for reading in READINGS if causes.of(reading)),
                old_place=old_spot.place if old_spot else None,
                new_place=new_spot.place if new_spot else None,
                witness=_Witness(self._benches, causes) if causes.backward or causes.forward else None,
            )
        )

    def explain(self, *causes: Incompatibility) -> None:
        """Take causes for explained: by the changes of the single names that they are about."""
        self._explained.update(map(id, causes))

    def finish(self) -> list[ReadingChange]:
        """All changes; a cause that no difference explained is one of its own, so that no break goes untold."""
        for reading in READINGS:
            for causes in self._causes[reading].values():
                for cause in causes:
                    if id(cause) not in self._explained:
                        self._unexplained(reading, cause)
        self._undecided()
        return self.changes

    def _unexplained(self, reading: Reading, cause: Incompatibility) -> None:
        backward = reading == "backward"
        old, new = (cause.writer, cause.reader) if backward else (cause.reader, cause.writer)
        subject = self.new.root.name or self.new.path
        text = next((node.name for node in (new, old) if node.name), f"{subject} {cause.location}".strip())
        where = Where(subject, "" if cause.location == "/" else cause.location, text)
        make = partial(Found, **{reading: (cause,)})
        missing = ", ".join(cause.names[:5])
        about = {
            "missing_enum_symbols": (missing, where.text),
            "missing_union_branch": (cause.writer.label, where.text),
            "reader_field_missing_default_value": (f"{cause.reader.name}.{missing}", ""),
        }
        what, location = about.get(cause.kind, (where.text, ""))
        self.add(
            _UNNAMED[reading][cause.kind],
            where,
            what=what,
            location=location,
            old=old.size if cause.kind == "fixed_size_mismatch" else old.label,
            new=new.size if cause.kind == "fixed_size_mismatch" else new.label,
            found=make(),
            at=(old.spot, new.spot),
        )

    def _undecided(self) -> None:
        """Types that are not defined, and schemas of more pairs than are looked at, cannot be called readable."""
        open_ = frozenset(reading for reading, found in self._resolutions.items() if found.undecided and found.readable)
        if open_:
            undefined = sorted(self.old.undefined | self.new.undefined)
            what = ", ".join(undefined[:3]) or "more than can be looked at"
            subject = self.new.root.name or self.new.path
            self.changes.append(
                ReadingChange(
                    id="avro-reading-undecided",
                    subject=subject,
                    what=what,
                    undecided=open_,
                    old_place=self.old.root.place,
                    new_place=self.new.root.place,
                )
            )


def _by_pair(resolution: Resolution) -> dict[tuple[Node, Node], list[Incompatibility]]:
    causes: dict[tuple[Node, Node], list[Incompatibility]] = {}
    found: Iterable[Incompatibility] = resolution.causes()
    for cause in found:
        causes.setdefault((cause.reader, cause.writer), []).append(cause)
    return causes
