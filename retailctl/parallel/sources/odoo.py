"""A model of a live Odoo as a side of a parallel run: the columns of the plan are its allow-list.

Rows come in batches by id through the same read-only calls as an inventory, so nothing is written and no column that
may hold a secret is read, whatever the plan says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from retailctl.errors import RetailctlError, UsageError
from retailctl.model.parallel_source import OdooModel
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.sources.databases import copied
from retailctl.parallel.sources.relation import Relation

if TYPE_CHECKING:
    from retailctl.connect.odoo.source import Login, OdooSource, Transport

_PREFIX: Final = "RETAILCTL_ODOO"
_LISTS: Final = ("one2many", "many2many")


def odoo_source(engine: DuckEngine, root: Path, source: OdooModel, columns: Sequence[str], most: int) -> Relation:
    """The rows of a model, ``most`` of them, 0 for all, as text: references as ids, empty values as NULL.

    Raises UsageError for an account or a column that is not there, IncompleteError where the server fails.
    """
    from retailctl.connect.odoo.addresses import server_address
    from retailctl.connect.odoo.opening import open_source
    from retailctl.connect.odoo.wire import Wire, WireOptions

    label = f"{source.model} of {source.database}"
    server = server_address(source.url, allow_plaintext=bool(source.allow_plaintext))
    wire = Wire(server, WireOptions(ca_bundle=root / source.ca_bundle if source.ca_bundle else None))
    try:
        prefix = source.env or _PREFIX
        opened = open_source(wire, source.database, source.transport or "auto", lambda kind: _login(prefix, kind))
        known = opened.fields_get(source.model)
        names = [name for name in columns if name in known or name == "id"]
        rows = _rows(opened, source, names, known)
        return copied(engine, label, (), names, islice(rows, most) if most else rows)
    except RetailctlError as error:
        if error.at is None:
            raise type(error)(f"{label}: {error.message}", hint=error.hint) from None
        raise
    finally:
        wire.close()


def _rows(
    opened: OdooSource, source: OdooModel, names: Sequence[str], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Sequence[Any]]:
    from retailctl.connect.odoo.pages import pages

    if not names:
        raise UsageError("the account can read none of the columns that the plan names", hint="check names and rights")
    domain = list(source.domain or ())
    if not source.archived and "active" in known:
        domain = [*domain, ["active", "=", True]]  # terms side by side are joined by and
    kinds = [str(known.get(name, {}).get("type", "")) for name in names]
    for row in pages(opened, source.model, domain, names):
        yield [_value(row.get(name), kind) for name, kind in zip(names, kinds, strict=True)]


def _value(value: Any, kind: str) -> Any:
    """Odoo writes False for every empty value that is no truth value; a reference is ``[id, name]``."""
    if value is None or (value is False and kind != "boolean"):
        return None
    if kind in ("many2one", "many2one_reference") and isinstance(value, list):
        return value[0] if value else None
    if kind in _LISTS and isinstance(value, list):
        return ",".join(map(str, sorted(value)))
    return value if isinstance(value, str | bool | int | float) else str(value)


def _login(prefix: str, kind: Transport) -> Login:
    from retailctl.connect.odoo.source import Login

    name, password, key = (os.environ.get(f"{prefix}_{part}", "") for part in ("LOGIN", "PASSWORD", "API_KEY"))
    if key and (kind == "json2" or not password):
        return Login(name, key, is_key=True)
    if not password:
        hint = f"set {prefix}_LOGIN and {prefix}_PASSWORD or {prefix}_API_KEY"
        raise UsageError("no password or API key of an account is given", hint=hint)
    return Login(name, password)
