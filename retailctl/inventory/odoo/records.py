"""OdooRecords: what one account could read of one Odoo database, as it was read, and what it could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

# read: all rows; partial: own rows or some companies only; blocked: refused; absent: the model does not exist there.
Readable = Literal["read", "partial", "blocked", "absent"]
Transport = Literal["jsonrpc", "json2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCoverage:
    """How much of one model was seen. "Not seen" means something only inside it.

    ``fields`` were read; ``left_out`` are of the allow-list and exist, but not for this account.
    """

    model: str
    readable: Readable
    reason: str = ""
    fields: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooRecords:
    """Records by model, each in order of id, with the shapes of Odoo (many2one ``[id, name]`` or ``False``).

    ``version`` is ``19.0``; ``url`` has no user and no query; ``companies`` are the ids the account works in,
    ``all_companies`` those of the database where they could be read. ``account`` is the id of its ``res.users`` row.
    """

    url: str
    database: str
    version: str
    transport: Transport
    taken: datetime
    account: int | None = None
    companies: tuple[int, ...] = ()
    all_companies: tuple[int, ...] = ()
    coverage: tuple[ModelCoverage, ...] = ()
    records: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    def of(self, model: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of a model; empty when there are none, or none could be read: see ``coverage``."""
        return self.records.get(model, ())
