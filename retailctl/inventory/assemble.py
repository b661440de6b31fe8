"""From validated entries to the Estate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from retailctl.errors import Location
from retailctl.inventory.merge import Declared, merge
from retailctl.inventory.sources import kind_of
from retailctl.model.estate import ContractFact, Covered, Estate, LiteralSecret
from retailctl.model.inventory_file import KIND_OF_SECTION, InventoryFile
from retailctl.model.sighting import Coverage

OBSERVED_PREFIX = "inventories/observed/"


def declared(path: str, entries: Iterable[tuple[str, int, Any]]) -> Iterator[Declared | Covered]:
    """Nouns of one file with their places; ``entries`` are (section, index, noun) as validated."""
    observed = path.startswith(OBSERVED_PREFIX)
    for section, index, noun in entries:
        place = Location(path, pointer=f"/{section}/{index}")
        if isinstance(noun, Coverage):
            yield Covered(noun, place, kind_of(noun.source))
        else:
            yield Declared(KIND_OF_SECTION[section], noun, place, observed)


def assemble(
    items: Iterable[Declared | Covered],
    *,
    contracts: Mapping[str, ContractFact] | None = None,
    secrets: Iterable[LiteralSecret] = (),
) -> tuple[Estate, list[tuple[Declared, Declared]]]:
    """The estate, and pairs of hand-kept entries with one id (a mistake for the caller to report)."""
    nouns: list[Declared] = []
    coverage: list[Covered] = []
    for item in items:
        if isinstance(item, Covered):
            coverage.append(item)
        else:
            nouns.append(item)
    entries, duplicates = merge(nouns)
    coverage.sort(key=lambda c: (c.coverage.source, c.coverage.scope or "", c.location.path, c.location.pointer))
    return Estate(entries, tuple(coverage), dict(contracts or {}), tuple(secrets)), duplicates


def entries_of(file: InventoryFile) -> Iterator[tuple[str, int, Any]]:
    """(section, index, noun) of a whole valid file."""
    for section in (*KIND_OF_SECTION, "coverage"):
        for index, noun in enumerate(getattr(file, section) or ()):
            yield section, index, noun


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[InventoryFile]:
    return TypeAdapter(InventoryFile)


def estate_of(
    data: Mapping[str, Any], path: str = "inventories/case.yaml", observed: Mapping[str, Any] | None = None
) -> Estate:
    """Estate of one inventory given as plain data: rule cases and tests. Raises pydantic.ValidationError.

    ``observed`` is what a file below ``inventories/observed/`` would hold.
    """
    files = {path: data, **({f"{OBSERVED_PREFIX}case.yaml": observed} if observed else {})}
    return assemble(
        item
        for name, content in files.items()
        for item in declared(name, entries_of(_adapter().validate_python(dict(content))))
    )[0]
