"""The server itself: version, transport, connector modules, overdue work, and how much of it the account could see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.odoo.database import SOURCE, Database
from retailctl.inventory.odoo.values import moment, technical, text, tokens
from retailctl.inventory.urls import url_of
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage, Window

# What tells of interfaces: without one of them, "not seen" means nothing for the database as a whole.
TELLING: Final = (
    "ir.cron", "ir.actions.server", "base.automation", "res.users", "res.users.apikeys", "fetchmail.server",
    "ir.mail_server", "payment.provider", "delivery.carrier", "auth.oauth.provider",
)  # fmt: skip
_CONNECTOR: Final = frozenset({
    "connector", "edi", "webservice", "api", "rest", "fastapi", "graphql", "webhook", "queue", "rpc", "sync", "ftp",
    "sftp", "shopify", "magento", "woocommerce", "prestashop", "amazon", "ebay", "bol", "zalando", "lengow",
    "channable", "stripe", "adyen", "paypal", "mollie", "klarna", "buckaroo", "ups", "fedex", "dhl", "usps",
    "sendcloud", "shipstation", "easypost", "avatax", "iot", "ogone", "worldline", "ingenico", "peppol", "iap",
    "google", "microsoft", "azure", "aws", "s3", "salesforce", "hubspot", "mailchimp", "twilio", "wms", "oauth",
    "ldap", "saml",
})  # fmt: skip
_WORK: Final = frozenset({
    "integration", "integrations", "interface", "interfaces", "api", "webhook", "webhooks", "sync",
    "synchronisation", "synchronization", "edi", "connector", "token", "certificate", "cron", "middleware", "sftp",
    "ftp", "feed", "endpoint", "credentials", "credential",
})  # fmt: skip
_INTERFACE_MODELS: Final = frozenset({
    "ir.cron", "ir.actions.server", "base.automation", "fetchmail.server", "ir.mail_server", "payment.provider",
    "queue.job", "edi.backend", "edi.exchange.record", "webservice.backend", "res.users.apikeys",
})  # fmt: skip
_HOST: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")


def system(database: Database) -> Iterator[Seen]:
    """One sighting of the server, and one per overdue task that is about an interface."""
    records = database.records
    partly = sorted(one.model for one in records.coverage if one.readable == "partial")
    blocked = sorted(one.model for one in records.coverage if one.readable == "blocked")
    left_out = sorted(f"{one.model}.{name}" for one in records.coverage for name in one.left_out)
    unseen = sorted(set(records.all_companies) - set(records.companies))
    yield Seen(
        source=SOURCE,
        ref=f"odoo:{records.database}",
        kind="system",
        at=records.taken.date(),
        name=database.name,
        environment=database.reading.environment,
        values={"kind": "erp", **_aliases(database)},
        figures={
            "record": "database",
            "database": records.database,
            "odoo_version": records.version,
            "transport": records.transport,
            "modules_installed": len(database.authors),
            "connector_modules": connector_modules(database),
            "models_read": sorted(one.model for one in records.coverage if one.readable == "read"),
            **({"models_partial": partly} if partly else {}),
            **({"models_blocked": blocked} if blocked else {}),
            **({"fields_left_out": left_out} if left_out else {}),
            **({"companies_unseen": unseen} if unseen else {}),
            "cron_threads": _cron_threads(database),
            "rights_known": _rights_known(database),
            "tasks_known": database.readable("mail.activity") == "read",
        },
    )
    yield from _tasks(database)


def coverage(database: Database) -> Iterator[Coverage]:
    """What was looked at on the day of the records: the whole server where every telling model was read in full, else
    model by model."""
    day = database.records.taken.date()
    window = Window(start=day, end=day)
    known = database.coverage
    whole = all(database.readable(model) in ("read", "absent") for model in TELLING)
    whole = whole and not set(database.records.all_companies) - set(database.records.companies)
    if whole and known:
        yield Coverage(source=SOURCE, scope=database.name, window=window)
        return
    for model in sorted(known):
        if known[model].readable == "read":
            yield Coverage(source=SOURCE, scope=f"{database.name} {model}", window=window)


def connector_modules(database: Database) -> list[str]:
    """Installed modules that are named for a connection, by whole words: ``html_editor`` has nothing of EDI."""
    return sorted(name for name in database.authors if not tokens(name).isdisjoint(_CONNECTOR))


def _aliases(database: Database) -> dict[str, Any]:
    """Hosts that mean this server: of its address, of its web sites, of ``web.base.url`` where that was read."""
    texts = [database.records.url]
    texts += [text(row.get("domain")) for _, row in database.rows("website")]
    texts += [
        text(row.get("value")) for _, row in database.rows("ir.config_parameter") if row.get("key") == "web.base.url"
    ]
    hosts = set()
    for one in texts:
        url = url_of(one if "://" in one else f"https://{one}")
        if url is not None and _HOST.fullmatch(url.host) and not re.fullmatch(r"[\d.]+", url.host):
            hosts.add(url.host)
    hosts.discard(database.name)
    return {"aliases": sorted(hosts)} if hosts else {}


def _tasks(database: Database) -> Iterator[Seen]:
    today = database.records.taken.date()
    for id_, row in database.rows("mail.activity"):
        due = moment(row.get("date_deadline"))
        if due is None or due.date() >= today or row.get("active") is False:
            continue
        about = technical(row.get("res_model")) in _INTERFACE_MODELS
        if about or not tokens(text(row.get("summary"))).isdisjoint(_WORK):
            yield database.seen(
                "mail.activity",
                id_,
                kind="system",
                name=database.name,
                figures={"overdue_days": (today - due.date()).days, "about": technical(row.get("res_model")) or None},
            )


def _cron_threads(database: Database) -> bool | None:
    """True where some cron has run. None: none has, or crons could not be read; then nothing can be called dead."""
    return True if any(moment(row.get("lastcall")) is not None for _, row in database.rows("ir.cron")) else None


def _rights_known(database: Database) -> bool:
    return database.readable("ir.model.access") == "read" and database.readable("ir.model") == "read"
