"""System parameters, told by their names: values are not read, but for the address of the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.inventory.odoo.database import Database
from retailctl.inventory.odoo.secrets import names_a_secret
from retailctl.inventory.odoo.values import text
from retailctl.model.seen import Seen

PARAMETER: Final = "ir.config_parameter"
_KEY: Final = re.compile(r"[A-Za-z0-9_.:/-]{1,120}")
# What every database has; the first two are its own and cannot be kept elsewhere.
_STOCK: Final = frozenset({"database.secret", "database.uuid", "auth_signup.reset_password"})
_ADDRESS: Final = re.compile(r"(?:^|[._-])(?:url|uri|host|endpoint|server|base_url|wsdl)$", re.IGNORECASE)
_OWN_ADDRESSES: Final = frozenset({"web.base.url", "report.url", "microsoft_redirect_uri"})
_STANDS_FOR_A_VALUE: Final = "any-value"


def parameters(database: Database) -> Iterator[Seen]:
    """A credential for each parameter whose name says that it is a secret; a sighting of the system for addresses."""
    for id_, row in database.rows(PARAMETER):
        key = text(row.get("key"))
        if not _KEY.fullmatch(key) or key in _STOCK:
            continue
        if names_a_secret(key, _STANDS_FOR_A_VALUE):
            yield database.seen(
                PARAMETER,
                id_,
                kind="credential",
                name=f"{PARAMETER}:{id_}",
                provider=database.name,
                values={"vault": "none"},
                figures={"stands_in": key},
            )
        elif _ADDRESS.search(key) and key not in _OWN_ADDRESSES:
            yield database.seen(
                PARAMETER, id_, kind="system", name=database.name, figures={"address_parameter": key}, confidence=0.5
            )
