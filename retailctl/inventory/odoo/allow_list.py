"""The allow-list of an inventory: which models and fields of which version are asked for. The list is data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from retailctl.workspace.reader import parse_bytes

NAME: Final = "allow_list.yaml"
_EVERY: Final = ".."


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedModel:
    """One model of one version: ``fields`` in the order in which they are asked for. The others are in the YAML."""

    model: str
    fields: tuple[str, ...]
    rights: str
    domain: tuple[Any, ...] = ()
    modules: tuple[str, ...] = ()
    limited: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()
    newest: int = 0
    own_rows: str = ""
    company: bool = False
    origin: bool = False

    @property
    def is_open(self) -> bool:
        """May any internal user read it?"""
        return self.rights == "U"


@cache
def allow_list(version: str) -> tuple[AllowedModel, ...]:
    """The models of a version, in the order in which they are read."""
    major = int(version.partition(".")[0])
    return tuple(_models(major))


def _models(major: int) -> Iterator[AllowedModel]:
    for row in _data():
        if not _within(row.get("versions", _EVERY), major):
            continue
        named = (names for span, names in row["fields"].items() if _within(span, major))
        fields = tuple(dict.fromkeys(name for names in named for name in names))
        yield AllowedModel(
            model=row["model"],
            fields=fields,
            rights=row["rights"],
            domain=tuple(map(tuple, row.get("domain", ()))),
            modules=tuple(row.get("modules", ())),
            limited=frozenset(row.get("limited", ())) & frozenset(fields),
            cut=frozenset(row.get("cut", ())),
            newest=row.get("newest", 0),
            own_rows=row.get("own_rows", ""),
            company=row.get("company", False),
            origin=row.get("origin", False),
        )


def _within(span: str, major: int) -> bool:
    first, _, last = span.partition(_EVERY)
    return int(first or 0) <= major <= int(last or 999)


@cache
def _data() -> tuple[Mapping[str, Any], ...]:
    data = (resources.files(__package__) / NAME).read_bytes()
    return tuple(parse_bytes(NAME, data).data["models"])
