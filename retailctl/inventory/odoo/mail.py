"""Mail as an interface: mailboxes that Odoo fetches, relays it sends through, addresses that make records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from retailctl.inventory.odoo.calls import endpoints
from retailctl.inventory.odoo.crons import any_ran
from retailctl.inventory.odoo.database import Database, is_local
from retailctl.inventory.odoo.values import Row, ident, moment, number, text
from retailctl.inventory.urls import Url
from retailctl.model.interface_key import MailKey
from retailctl.model.seen import Seen

MAILBOX: Final = "fetchmail.server"
RELAY: Final = "ir.mail_server"
ALIAS: Final = "mail.alias"
_HOST: Final = re.compile(r"[A-Za-z0-9_.:-]{1,253}|\[[0-9a-fA-F:.]+\]")
_PLAIN_ALIAS: Final = re.compile(r"[a-z0-9_-]{1,64}", re.IGNORECASE)
_SCHEMES: Final = {("imap", False): "imap", ("imap", True): "imaps", ("pop", False): "pop3", ("pop", True): "pop3s"}
_PORTS: Final = {"imap": 143, "imaps": 993, "pop3": 110, "pop3s": 995, "smtp": 25, "smtps": 465, "smtp+starttls": 25}
# A mailbox is fetched every few minutes; nothing for a week, while crons run, is no pause.
_SILENT: Final = timedelta(days=7)


def mail(database: Database) -> Iterator[Seen]:
    """One interface per mailbox, relay and alias."""
    for id_, row in database.rows(MAILBOX):
        yield from _mailbox(database, id_, row)
    for id_, row in database.rows(RELAY):
        yield from _relay(database, id_, row)
    for id_, row in database.rows(ALIAS):
        yield from _alias(database, id_, row)


def _mailbox(database: Database, id_: int, row: Row) -> Iterator[Seen]:
    kind, server = text(row.get("server_type")), text(row.get("server"))
    # Gmail and Outlook boxes have a server type of their own and always use TLS; a local script has no server.
    safe = row.get("is_ssl") is True or kind not in ("imap", "pop")
    scheme = _SCHEMES["pop" if kind == "pop" else "imap", safe]
    if not _HOST.fullmatch(server):
        return
    url = Url(scheme, server.lower(), _port(row.get("port"), scheme), "")
    yield database.seen(
        MAILBOX,
        id_,
        mechanism="mail",
        # Several boxes of one server are told apart by the record: the user of a box is not read.
        key=MailKey(
            protocol="smtp", provider=url.host, host=url.host, mailbox=f"{database.records.database}:{MAILBOX}:{id_}"
        ),
        provider=url.host,
        called=True,
        values={"mode": "poll", "endpoints": endpoints(database, url)},
        figures={
            "mailbox_state": _state(database, row),
            "makes": database.models.get(model) if (model := ident(row.get("object_id"))) is not None else None,
        },
    )


def _state(database: Database, row: Row) -> str | None:
    """fetches, inactive, unconfirmed, failing or silent; None while nobody can tell."""
    if row.get("active") is False:
        return "inactive"
    state = text(row.get("state"))
    if state == "draft":
        return "unconfirmed"
    last, failed = moment(row.get("date")), moment(row.get("error_date"))
    if failed is not None and (last is None or failed >= last):
        return "failing"
    if last is not None and database.records.taken - last <= _SILENT:
        return "fetches"
    return "silent" if state == "done" and any_ran(database) else None


def _relay(database: Database, id_: int, row: Row) -> Iterator[Seen]:
    host, encryption = text(row.get("smtp_host")), text(row.get("smtp_encryption"))
    if not _HOST.fullmatch(host) or row.get("active") is False:
        return
    known = encryption.removesuffix("_strict")
    scheme = {"ssl": "smtps", "starttls": "smtp+starttls", "none": "smtp"}.get(known)
    url = Url(scheme or "smtp", host.lower(), _port(row.get("smtp_port"), scheme or "smtp"), "")
    yield database.seen(
        RELAY,
        id_,
        mechanism="mail",
        key=MailKey(protocol="smtp", provider=url.host, host=url.host),
        provider=url.host,
        called=True,
        # A relay on the server itself: nothing goes over a wire.
        values={"mode": "async", "endpoints": endpoints(database, url) if scheme and not is_local(host) else None},
        figures={"encryption": encryption or None},
    )


def _alias(database: Database, id_: int, row: Row) -> Iterator[Seen]:
    alias = text(row.get("alias_name"))
    if not alias:
        return
    # "orders" is an address of the shop, "anna.berg" one of a person.
    box = alias.lower() if _PLAIN_ALIAS.fullmatch(alias) else database.reading.pseudonym(alias)
    model = ident(row.get("alias_model_id"))
    yield database.seen(
        ALIAS,
        id_,
        mechanism="mail",
        key=MailKey(protocol="smtp", provider=database.name, host=database.name, mailbox=box),
        provider=database.name,
        values={"mode": "async", "direction": "in"},
        figures={
            "makes": database.models.get(model) if model is not None else None,
            "open_to": text(row.get("alias_contact")) or None,
        },
    )


def _port(value: object, scheme: str) -> int | None:
    port = number(value)
    return port if port and 0 < port < 65_536 and port != _PORTS[scheme] else None
