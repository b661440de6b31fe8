"""The model of an Avro schema: a graph of types in which every reference already points to what it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, get_args

from retailctl.contracts.api.model import Place, escape

Kind = Literal[
    "null", "boolean", "int", "long", "float", "double", "bytes", "string",
    "array", "map", "union", "record", "enum", "fixed", "unknown",
]  # fmt: skip

KINDS: Final = frozenset[Kind](kind for kind in get_args(Kind) if kind not in ("union", "unknown"))
"""The types that a schema can name as its type."""
PRIMITIVES: Final = KINDS - {"array", "map", "record", "enum", "fixed"}
NAMED: Final = frozenset({"record", "enum", "fixed"})
PROMOTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "int": ("long", "float", "double"),
        "long": ("float", "double"),
        "float": ("double",),
        "string": ("bytes",),
        "bytes": ("string",),
    }
)
"""What a value written as one primitive may be read as, beside itself."""
MOST_STEPS: Final = 200
ABSENT: Final = object()
"""A default that is not declared; null is a default."""
_TOP: Final = Place("", "")


class Spot(NamedTuple):
    """A place kept as a link to the place around it: its text is made only for what is shown.

    What lies deeper than 200 steps is placed where step 200 is: the texts of deeper places would fill the memory.
    """

    parent: Spot | None
    steps: tuple[str | int, ...]
    root: Place = _TOP
    depth: int = 0

    def at(self, *steps: str | int) -> Spot:
        """The spot of something inside this one."""
        return self if self.depth >= MOST_STEPS else Spot(self, steps, _TOP, self.depth + 1)

    @property
    def place(self) -> Place:
        """The file and the JSON Pointer."""
        parts: list[str] = []
        spot = self
        while spot.parent is not None:
            parts += [f"/{escape(str(step))}" for step in reversed(spot.steps)]
            spot = spot.parent
        return Place(spot.root.path, spot.root.pointer + "".join(reversed(parts)))


@dataclass(frozen=True, slots=True)
class Logical:
    """What the bytes of a type mean. Precision and scale are of a decimal."""

    name: str
    precision: int | None = None
    scale: int = 0

    def __str__(self) -> str:
        return self.name if self.precision is None else f"{self.name}({self.precision},{self.scale})"


@dataclass(slots=True, eq=False, repr=False)
class Field:
    """A field of a record."""

    name: str
    spot: Spot
    type: Node
    default: Any = ABSENT
    aliases: tuple[str, ...] = ()
    order: str = "ascending"
    doc: str = ""
    extras: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<field {self.name}>"

    @property
    def has_default(self) -> bool:
        """Whether a reader can fill the field where the writer has none."""
        return self.default is not ABSENT


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """A type. Two nodes are the same only if they are one object; a named type has one node however often it is used.

    ``children`` are the items of an array, the values of a map or the branches of a union; ``fields`` belong to a
    record, ``symbols`` and ``default`` to an enum, ``size`` to a fixed. ``name`` and ``aliases`` are full names; for
    what could not be read (kind "unknown") ``name`` is the text that stands there. ``plain`` are the kinds of the
    branches of a union of nothing but primitives that say no more of themselves: most unions are such.
    """

    kind: Kind
    spot: Spot
    name: str = ""
    aliases: tuple[str, ...] = ()
    children: Sequence[Node] = ()
    fields: Sequence[Field] = ()
    symbols: tuple[str, ...] = ()
    default: str | None = None
    size: int = 0
    logical: Logical | None = None
    doc: str = ""
    extras: Mapping[str, Any] | None = None
    plain: tuple[Kind, ...] = ()

    @property
    def place(self) -> Place:
        """Where it stands in its document."""
        return self.spot.place

    @property
    def is_bare(self) -> bool:
        """Whether it is a primitive of which nothing more is said."""
        return self.kind in PRIMITIVES and self.logical is None and not self.doc and not self.extras

    @property
    def short(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(".")[2]

    def __repr__(self) -> str:
        return f"<{self.label}>"

    @property
    def label(self) -> str:
        """How a message calls the type."""
        if self.kind in NAMED:
            return f"{self.kind} {self.name}"
        if self.kind == "union":
            return "union of nothing" if not self.children else f"union of {len(self.children)}"
        return f"{self.kind} ({self.logical})" if self.logical else self.name if self.kind == "unknown" else self.kind


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a schema. ``ignored`` is True where implementations take the schema all the same."""

    code: str
    message: str
    place: Place
    hint: str
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class AvroSchema:
    """A schema that was read. ``types`` are its named types by full name, in the order of their definition."""

    root: Node
    types: Mapping[str, Node]
    problems: tuple[Problem, ...] = ()
    path: str = ""
    undefined: frozenset[str] = frozenset()

    @property
    def is_valid(self) -> bool:
        """Whether an implementation of Avro would take it."""
        return all(problem.ignored for problem in self.problems)


def branches(node: Node) -> Sequence[Node]:
    """The branches of a union; a type that is no union is the only branch of itself."""
    return node.children if node.kind == "union" else [node]
