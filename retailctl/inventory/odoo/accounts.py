"""Accounts that interfaces use, and their API keys: who may do what, until when, and whether a person is behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from retailctl.inventory.odoo.database import ADMIN, Database
from retailctl.inventory.odoo.values import Row, ident, moment, text, tokens
from retailctl.model.seen import Seen

USERS: Final = "res.users"
KEYS: Final = "res.users.apikeys"
_KEYS_EXPIRE_SINCE: Final = (18, 0)
# Words that say that no person signs in: in the name of an account as well as in its login, or in a login only.
_MACHINE: Final = frozenset({
    "svc", "api", "integration", "integrations", "integrator", "connector", "connectors", "sync", "bot", "robot", "rpc",
    "xmlrpc", "jsonrpc", "webhook", "webhooks", "edi", "etl", "esb", "ipaas", "middleware", "n8n", "zapier",
})  # fmt: skip
_MACHINE_LOGIN: Final = _MACHINE | frozenset({
    "apiuser", "svcacc", "daemon", "mw", "mulesoft", "celigo", "shopify", "magento", "woocommerce", "prestashop", "wms",
    "tms", "pim", "dwh",
})  # fmt: skip
# What a key's name has beside the tool that holds it.
_NO_TOOL: Final = frozenset({
    "new", "old", "key", "api", "token", "prod", "production", "test", "staging", "dev", "the", "for", "my",
})  # fmt: skip
_BOT: Final = 1  # OdooBot: the account of the server itself


def accounts(database: Database) -> Iterator[Seen]:
    """A credential for each account that carries a key, is named for a machine or runs an endpoint, and for each key.

    Persons appear as ``res.users:<id>``; a login only where the inventory declares it.
    """
    keys = _keys(database)
    people = _people(database)
    runs = _runs(database)
    users = dict(database.rows(USERS))
    for id_, row in users.items():
        own = keys.get(id_, [])
        if id_ == _BOT or row.get("share") is True or not (own or runs.get(id_) or _is_machine(row)):
            continue
        yield _account(database, id_, row, own, people.get(id_, ()), runs.get(id_, ()))
    for user, own in keys.items():
        for id_, row in own:
            yield _key(database, id_, row, user, users.get(user))


def _account(
    database: Database,
    id_: int,
    row: Row,
    keys: list[tuple[int, Row]],
    person: tuple[str, ...],
    runs: tuple[str, ...],
) -> Seen:
    active = row.get("active")
    # A key needs no login, so an empty login_date proves nothing; a browser does.
    human = True if person else False if _is_machine(row) else None
    known = _knows_keys(database)
    tools = {_tool(text(key.get("name"))) for _, key in keys} - {""}
    login = text(row.get("login"))
    return database.seen(
        USERS,
        id_,
        mechanism="rpc-account",
        kind="credential",
        name=login if human is not True and database.may_show(login) else f"{USERS}:{id_}",
        provider=database.name,
        values={"kind": "service" if human is False else None, "human": human, "scopes": _scopes(database, row)},
        figures={
            "account_active": active if isinstance(active, bool) else None,
            "keys": len(keys) if known or keys else None,
            "keys_known": known,
            "tools": len(tools),
            "machine": _is_machine(row) or bool(runs),
            "person": list(person) or None,
            "runs": list(runs) or None,
        },
    )


def _key(database: Database, id_: int, row: Row, user: int, owner: Row | None) -> Seen:
    expires, made = moment(row.get("expiration_date")), moment(row.get("create_date"))
    active = owner.get("active") if owner is not None else None
    dated = database.version >= _KEYS_EXPIRE_SINCE and database.sees(KEYS, "expiration_date")
    return database.seen(
        KEYS,
        id_,
        kind="credential",
        name=f"{KEYS}:{id_}",
        provider=database.name,
        values={
            "kind": "api_key",
            "expires": expires.date() if expires is not None else None,
            "last_rotated": made.date() if made is not None else None,
        },
        figures={
            "account": f"{USERS}:{user}",
            "owner_active": active if isinstance(active, bool) else None,
            "eternal": expires is None if dated else None,
        },
    )


def _keys(database: Database) -> dict[int, list[tuple[int, Row]]]:
    found: dict[int, list[tuple[int, Row]]] = defaultdict(list)
    for id_, row in database.rows(KEYS):
        if (user := ident(row.get("user_id"))) is not None:
            found[user].append((id_, row))
    return found


def _knows_keys(database: Database) -> bool:
    """Were all keys seen? A record rule shows an account its own only, without an error."""
    return database.readable(KEYS) == "read"


def _tool(name: str) -> str:
    """A key's name without what only tells one key of a tool from the next: ``WMS 2025`` and ``wms (new)`` are one."""
    return " ".join(word for word in sorted(tokens(name)) if not word.isdigit() and word not in _NO_TOOL)


def _is_machine(row: Row) -> bool:
    """Is the account named for a machine? Of an address only the part before the @ counts."""
    login = text(row.get("login")).partition("@")[0]
    return not (tokens(login).isdisjoint(_MACHINE_LOGIN) and tokens(text(row.get("name"))).isdisjoint(_MACHINE))


def _people(database: Database) -> dict[int, tuple[str, ...]]:
    """Users -> what shows that a person signs in: a second factor, a browser, a task."""
    found: dict[int, set[str]] = defaultdict(set)
    for id_, row in database.rows(USERS):
        if row.get("totp_enabled") is True:
            found[id_].add("second factor")
    for _, row in database.rows("res.device.log"):
        if (user := ident(row.get("user_id"))) is not None:
            found[user].add("browser")
    for _, row in database.rows("mail.activity"):
        if (user := ident(row.get("user_id"))) is not None:
            found[user].add("task")
    return {user: tuple(sorted(why)) for user, why in found.items()}


def _runs(database: Database) -> dict[int, tuple[str, ...]]:
    """Users -> the endpoints that run as them (``fastapi.endpoint:3``, ``auth.api.key:1``)."""
    found: dict[int, list[str]] = defaultdict(list)
    for model in ("auth.api.key", "fastapi.endpoint"):
        for id_, row in database.rows(model):
            if (user := ident(row.get("user_id"))) is not None:
                found[user].append(f"{model}:{id_}")
    return {user: tuple(sorted(refs)) for user, refs in found.items()}


def _scopes(database: Database, row: Row) -> list[str] | None:
    """External ids of the groups that no other group of the account implies; made by hand: ``res.groups:<id>``.

    Of an administrator only that: it implies whatever else there is. None when groups could not be read.
    """
    groups = database.groups_of(row)
    if groups is None or (groups and database.readable("ir.model.data") in ("blocked", "absent")):
        return None
    named: dict[int, str] = {group: database.external_ids.get(group, f"res.groups:{group}") for group in groups}
    if ADMIN in named.values():
        return [ADMIN]
    implied: set[int] = set().union(*(database.implied.get(group, frozenset()) for group in groups))
    return sorted(name for group, name in named.items() if group not in implied)
