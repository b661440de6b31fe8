"""Seen: what one reader saw in one place of one source, before anybody knows which interface it is.

A reader names things as its source does: a host, an address, a service name, "SHOPIFY (EU)". Which system that is, and
which interface of the inventory, is decided later and in one place (``inventory/identity``), so that readers stay
small and the order of sources cannot matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from retailctl.model.interface_key import InterfaceKey

SeenKind = Literal["interface", "event", "system", "credential", "team", "domain", "partner", "process", "capability"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenConsumer:
    """Who uses an interface, as the source writes it.

    ``name`` is a host, service or system name; of a person or an unknown address it is a pseudonym. ``identity`` is
    the account or credential by name, never the secret; ``secret`` the keyed fingerprint of one that stood there.
    """

    name: str
    identity: str | None = None
    group: str | None = None
    first_seen: date | None = None
    last_seen: date | None = None
    count: int | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One thing in one place of one source.

    ``source`` is a name of ``inventory/sources.py``; ``ref`` the place (``logs/erp.log#L12``, ``book.xlsx!Sheet!A12``,
    ``odoo:db:ir.cron:7``). An interface has a ``key`` whose provider, host or cluster is a name as written;
    everything else is known by ``name``. ``provider`` is the system that offers it, as written.

    ``scope`` is where bare names (``db``, without a dot) mean something, since two compose projects have a ``db`` each;
    empty is everywhere.

    ``values`` are attributes as an inventory file has them, nested ones dotted (``classification.criticality``); a
    value outside the vocabulary is kept as evidence and never merged. ``figures`` is what else a rule or a person may
    want: counts, plug-ins, arguments. Neither ever holds a secret; ``secret`` is the keyed fingerprint of one.
    """

    source: str
    ref: str
    kind: SeenKind = "interface"
    at: date | None = None
    name: str = ""
    key: InterfaceKey | None = None
    provider: str = ""
    consumers: tuple[SeenConsumer, ...] = ()
    environment: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    secret: str = ""
    confidence: float = 1.0
    scope: str = ""
