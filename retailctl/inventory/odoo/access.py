"""Rights that are wider than any interface needs: access rows, models and groups, as sightings of the system."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from retailctl.inventory.odoo.database import HAND, Database
from retailctl.inventory.odoo.values import Row, ident
from retailctl.model.seen import Seen

ACCESS: Final = "ir.model.access"
MODEL: Final = "ir.model"
GROUP: Final = "res.groups"
_WRITES: Final = ("perm_write", "perm_create", "perm_unlink")
# Since then no row that Odoo ships gives rights without a group; before, some do.
_STRICT_SINCE: Final = (18, 0)


def access(database: Database) -> Iterator[Seen]:
    """Access rows without a group that may write, on models of modules and on models made by hand; wide groups."""
    manual = {id_ for id_, row in database.rows(MODEL) if row.get("state") == "manual"}
    written: dict[int, set[int]] = defaultdict(set)
    for id_, row in database.rows(ACCESS):
        model, group = ident(row.get("model_id")), ident(row.get("group_id"))
        if row.get("active") is False or model is None:
            continue
        if group is not None and row.get("perm_write") is True:
            written[group].add(model)
        if group is None and (model in manual or _is_wide(database, id_, row)):
            right = "write" if _may_write(row) else "read"
            if right == "write" or (model in manual and row.get("perm_read") is True):
                yield database.seen(
                    ACCESS,
                    id_,
                    kind="system",
                    name=database.name,
                    figures={
                        "access": right,
                        "custom_model": model in manual,
                        "model": database.models.get(model),
                        "wide": _judged(database, id_),
                    },
                )
    for id_, _ in database.rows(GROUP):
        if written.get(id_) and database.is_stock(database.origin(GROUP, id_)) is False:
            yield database.seen(
                GROUP, id_, kind="system", name=database.name, figures={"writes_models": len(written[id_])}
            )


def _may_write(row: Row) -> bool:
    return any(row.get(right) is True for right in _WRITES)


def _is_wide(database: Database, id_: int, row: Row) -> bool:
    """May anybody write through this row, and did Odoo itself not ship it so? What cannot be told is kept."""
    return _may_write(row) and database.is_stock(database.origin(ACCESS, id_)) is not True


def _judged(database: Database, id_: int) -> bool | None:
    """True where the row is certainly not one of Odoo's own; None where nobody can tell."""
    if database.version >= _STRICT_SINCE or database.origin(ACCESS, id_) == HAND:
        return True
    return True if database.is_stock(database.origin(ACCESS, id_)) is False else None
