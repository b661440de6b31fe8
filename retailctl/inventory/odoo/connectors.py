"""Connectors that modules bring: payment providers, carriers, terminals and printers, sign-in, bought-in services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.odoo.calls import endpoints
from retailctl.inventory.odoo.database import Database
from retailctl.inventory.odoo.secrets import shown_path
from retailctl.inventory.odoo.values import Row, technical, text
from retailctl.inventory.urls import Url, url_of
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen

PROVIDERS: Final = ("payment.provider", "payment.acquirer")  # the second until 15.0
CARRIER: Final = "delivery.carrier"
TERMINAL: Final = "pos.payment.method"
SIGN_IN: Final = "auth.oauth.provider"
_NO_PROVIDER: Final = frozenset({"", "none", "custom", "manual", "transfer"})
_DEMO: Final = "demo"  # ships with Odoo, in test mode by design, and talks to nobody
_NO_CARRIER: Final = frozenset({"", "fixed", "base_on_rule", "in_store", "onsite", "pickup"})
_HOST: Final = re.compile(r"[A-Za-z0-9_.-]{1,253}(?::\d{1,5})?")


def connectors(database: Database) -> Iterator[Seen]:
    """One interface per connector that is switched on."""
    for model in PROVIDERS:
        for id_, row in database.rows(model):
            yield from _payment(database, model, id_, row)
    for id_, row in database.rows(CARRIER):
        yield from _carrier(database, id_, row)
    for id_, row in database.rows(TERMINAL):
        yield from _terminal(database, id_, row)
    yield from _devices(database)
    for id_, row in database.rows(SIGN_IN):
        yield from _sign_in(database, id_, row)
    for id_, row in database.rows("iap.account"):
        yield from _bought_in(database, id_, row)
    for id_, row in database.rows("product.feed"):
        yield _feed(database, id_, row)


def _payment(database: Database, model: str, id_: int, row: Row) -> Iterator[Seen]:
    code, state = technical(row.get("code") or row.get("provider")), text(row.get("state"))
    if code in _NO_PROVIDER or code == _DEMO or state in ("", "disabled"):
        return
    published = row.get("is_published")
    yield _offered(
        database,
        model,
        id_,
        code,
        "psp",
        "payments",
        {
            "connector_state": state,
            "published": published if isinstance(published, bool) else None,
            # In test mode and not published somebody tries it out: that is what the mode is for.
            "test_mode": state == "test" and published if isinstance(published, bool) else None,
        },
    )


def _carrier(database: Database, id_: int, row: Row) -> Iterator[Seen]:
    kind = technical(row.get("delivery_type"))
    if kind in _NO_CARRIER or row.get("active") is False:
        return
    real, debug = row.get("prod_environment"), row.get("debug_logging")
    yield _offered(
        database,
        CARRIER,
        id_,
        kind,
        "carrier",
        "shipping",
        {
            "test_mode": not real if isinstance(real, bool) else None,
            "logs_payloads": debug if isinstance(debug, bool) else None,
        },
    )


def _terminal(database: Database, id_: int, row: Row) -> Iterator[Seen]:
    kind = technical(row.get("use_payment_terminal"))
    if not kind or row.get("active") is False:
        return
    flags = {name: flag for name, flag in row.items() if name.endswith("_test_mode") and isinstance(flag, bool)}
    own = {name: flag for name, flag in flags.items() if name.startswith(kind)} or flags
    # A brand without such a switch has no test mode that Odoo knows of.
    yield _offered(
        database, TERMINAL, id_, kind, "terminal", "terminals", {"test_mode": any(own.values()) if own else None}
    )


def _devices(database: Database) -> Iterator[Seen]:
    for model, fields in (("pos.config", ("proxy_ip",)), ("pos.printer", ("proxy_ip", "epson_printer_ip"))):
        for id_, row in database.rows(model):
            if row.get("active") is False or (model == "pos.config" and row.get("is_posbox") is False):
                continue
            for name in fields:
                host = text(row.get(name)).lower()
                if _HOST.fullmatch(host):
                    what = "proxy for devices" if name == "proxy_ip" else "receipt printer"
                    yield _offered(database, model, id_, host, "terminal", what, {})


def _sign_in(database: Database, id_: int, row: Row) -> Iterator[Seen]:
    if row.get("enabled") is not True:
        return
    urls = [
        url
        for name in ("auth_endpoint", "validation_endpoint", "data_endpoint")
        if (url := url_of(text(row.get(name))))
    ]
    if not urls:
        return
    urls = [Url(url.scheme, url.host, url.port, shown_path(url.path, database.fingerprint)[0]) for url in urls]
    first = urls[0]
    yield database.seen(
        SIGN_IN,
        id_,
        mechanism="sso",
        key=HttpKey(protocol="http", provider=first.name, address=first.path or "/"),
        provider=first.name,
        called=True,
        values={"mode": "sync", "endpoints": endpoints(database, *urls)},
    )


def _bought_in(database: Database, id_: int, row: Row) -> Iterator[Seen]:
    service = technical(row.get("service_name"))
    if service:
        key = HttpKey(protocol="http", provider="iap.odoo.com", address=f"/{service}")
        yield database.seen(
            "iap.account",
            id_,
            mechanism="iap",
            key=key,
            provider="iap.odoo.com",
            called=True,
            figures={"service": service},
        )


def _feed(database: Database, id_: int, row: Row) -> Seen:
    """A feed that others fetch; its address holds a token and is not read."""
    return database.seen(
        "product.feed",
        id_,
        mechanism="feed",
        name=f"product feed {database.records.database}:product.feed:{id_}",
        key=HttpKey(protocol="http", provider=database.name, method="GET"),
        provider=database.name,
        values={"direction": "out"},
        figures={"target": technical(row.get("target")) or None},
    )


def _offered(
    database: Database, model: str, id_: int, provider: str, mechanism: str, what: str, figures: dict[str, Any]
) -> Seen:
    """What a provider offers under addresses that only its module knows: told apart by what it does."""
    return database.seen(
        model,
        id_,
        mechanism=mechanism,
        name=f"{provider} {what}",
        key=HttpKey(protocol="http", provider=provider),
        provider=provider,
        called=True,
        figures=figures,
    )
