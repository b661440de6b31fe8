"""One file of ``inventories/``: lists of nouns, each entry with an id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from retailctl.model.estate_nouns import (
    Capability,
    Credential,
    Domain,
    Event,
    Partner,
    Process,
    System,
    Team,
)
from retailctl.model.fields import STRICT
from retailctl.model.interface import Interface
from retailctl.model.sighting import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryFile:
    """Systems, interfaces and the rest as one team or one reader knows them."""

    __pydantic_config__: ClassVar = STRICT

    systems: tuple[System, ...] | None = None
    interfaces: tuple[Interface, ...] | None = None
    events: tuple[Event, ...] | None = None
    domains: tuple[Domain, ...] | None = None
    credentials: tuple[Credential, ...] | None = None
    teams: tuple[Team, ...] | None = None
    partners: tuple[Partner, ...] | None = None
    processes: tuple[Process, ...] | None = None
    capabilities: tuple[Capability, ...] | None = None
    coverage: tuple[Coverage, ...] | None = None


# Section of the file -> kind of noun, in the order in which reports list them. Coverage is a statement, not a noun
# with an id.
SECTIONS: dict[str, type] = {
    "systems": System,
    "interfaces": Interface,
    "events": Event,
    "domains": Domain,
    "credentials": Credential,
    "teams": Team,
    "partners": Partner,
    "processes": Process,
    "capabilities": Capability,
}

KIND_OF_SECTION: dict[str, str] = {
    "systems": "system",
    "interfaces": "interface",
    "events": "event",
    "domains": "domain",
    "credentials": "credential",
    "teams": "team",
    "partners": "partner",
    "processes": "process",
    "capabilities": "capability",
}
