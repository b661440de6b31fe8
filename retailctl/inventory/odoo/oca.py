"""Connector frameworks of the OCA: job queues, EDI, web services, REST endpoints, keys."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.odoo.calls import called, hidden, single
from retailctl.inventory.odoo.database import Database
from retailctl.inventory.odoo.secrets import parameters_of, shown_path
from retailctl.inventory.odoo.values import ident, technical, text
from retailctl.inventory.urls import Url, path_of, url_of
from retailctl.model.interface_key import EdiKey, HttpKey, JobKey
from retailctl.model.seen import Seen

BACKEND: Final = "webservice.backend"
EXCHANGE: Final = "edi.exchange.type"
API: Final = "fastapi.endpoint"
FUNCTION: Final = "queue.job.function"
KEY: Final = "auth.api.key"
_PATH: Final = re.compile(r"/[A-Za-z0-9_./{}~-]{0,200}")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_OFF: Final = frozenset({"failed"})
_REMOTE: Final = frozenset(
    {"sftp", "ssh", "ftp", "ftps", "s3", "amazon_s3", "gcs", "abfs", "az", "smb", "webdav", "http"}
)


def frameworks(database: Database) -> Iterator[Seen]:
    """One interface per backend, exchange type, endpoint and job function; one credential per stored key."""
    yield from _backends(database)
    yield from _exchanges(database)
    yield from _endpoints(database)
    yield from _jobs(database)
    yield from _storages(database)
    for id_, row in database.rows(KEY):
        if row.get("active") is False:
            continue
        user = ident(row.get("user_id"))
        yield database.seen(
            KEY,
            id_,
            kind="credential",
            name=f"{KEY}:{id_}",
            provider=database.name,
            # The module keeps the key itself in a column, readable for whoever may read the record.
            values={"kind": "api_key", "vault": "none"},
            figures={"account": f"res.users:{user}" if user is not None else None, "stands_in": "key"},
        )


def _backends(database: Database) -> Iterator[Seen]:
    failed = _failed_calls(database)
    for id_, row in database.rows(BACKEND):
        address = text(row.get("url"))
        url = url_of(address)
        if url is None or "{" in url.host or "$" in url.host:
            continue
        fingerprint = database.fingerprint
        path, cut = shown_path(url.path, fingerprint)
        secrets = [*([url.secret] if url.secret else []), *parameters_of(address)]
        prints = tuple(sorted({*map(fingerprint, secrets), *cut}))
        yield from hidden(database, prints, BACKEND, id_, "url")
        shown = Url(url.scheme, url.host, url.port, path)
        yield from called(
            database,
            single(shown, secret=prints[0] if prints else ""),
            BACKEND,
            id_,
            mechanism="webservice",
            values={},
            figures={
                "sign_in": technical(row.get("auth_type")) or None,
                "failures": failed.get(url.host, 0) if database.readable("rest.log") == "read" else None,
            },
        )


def _failed_calls(database: Database) -> Counter[str]:
    counted: Counter[str] = Counter()
    for _, row in database.rows("rest.log"):
        url = url_of(text(row.get("request_url")))
        if url is not None and text(row.get("state")) in _OFF:
            counted[url.host] += 1
    return counted


def _exchanges(database: Database) -> Iterator[Seen]:
    wrong: Counter[int] = Counter()
    for _, row in database.rows("edi.exchange.record"):
        kind = ident(row.get("type_id"))
        if kind is not None and "error" in text(row.get("edi_exchange_state")):
            wrong[kind] += 1
    told = database.readable("edi.exchange.record") == "read"
    for id_, row in database.rows(EXCHANGE):
        code, direction = text(row.get("code")), text(row.get("direction"))
        if row.get("active") is False:
            continue
        message = code if _CODE.fullmatch(code) else f"{EXCHANGE}:{id_}"
        ends = {"sender" if direction == "output" else "receiver": database.name} if direction else {}
        yield database.seen(
            EXCHANGE,
            id_,
            mechanism="edi",
            name=message,
            key=EdiKey(protocol="edi", message=message, **ends),
            values={"pattern": "edi", "mode": "batch"},
            figures={
                "exchange": direction or None,
                "file_ending": technical(row.get("exchange_file_ext")) or None,
                "failures": wrong[id_] if told else None,
            },
        )


def _endpoints(database: Database) -> Iterator[Seen]:
    for id_, row in database.rows(API):
        root, user = path_of(text(row.get("root_path"))), ident(row.get("user_id"))
        root = shown_path(root, database.fingerprint)[0]
        if not _PATH.fullmatch(root):
            continue
        active = row.get("active")
        yield database.seen(
            API,
            id_,
            mechanism="rest",
            key=HttpKey(protocol="http", provider=database.name, address=root),
            provider=database.name,
            values={"mode": "sync", "pattern": "rest"},
            figures={
                "runs_as": f"res.users:{user}" if user is not None else None,
                "app": technical(row.get("app")) or None,
                "endpoint_active": active if isinstance(active, bool) else None,
                "prefix": True,  # every path below it is served by the same application
            },
        )


def _storages(database: Database) -> Iterator[Seen]:
    """Storages outside. Their host stands among options that also hold the login, so it is not read: the record is
    what they are known by, because a directory alone could be that of another host."""
    for model, kind in (("fs.storage", "protocol"), ("storage.backend", "backend_type")):
        for id_, row in database.rows(model):
            protocol = technical(row.get(kind))
            if protocol in _REMOTE:
                yield database.seen(
                    model,
                    id_,
                    mechanism="file",
                    name=f"{protocol} storage {database.records.database}:{model}:{id_}",
                    called=True,
                    values={"pattern": "file"},
                    figures={"storage": protocol},
                )


def _jobs(database: Database) -> Iterator[Seen]:
    failed: Counter[tuple[str, str]] = Counter()
    for _, row in database.rows("queue.job"):
        if text(row.get("state")) == "failed":
            rows: Any = row.get("__count", 1)
            failed[technical(row.get("model_name")), technical(row.get("method_name"))] += (
                rows if isinstance(rows, int) else 1
            )
    told = database.readable("queue.job") == "read"
    for id_, row in database.rows(FUNCTION):
        model, _, method = text(row.get("name")).strip("<>").rpartition(".")
        model = technical(model.strip("<>"))
        method = technical(method)
        if not model or not method:
            continue
        yield database.seen(
            FUNCTION,
            id_,
            mechanism="queue",
            key=JobKey(protocol="cron", provider=database.name, host=database.name, unit=f"{model}.{method}"),
            provider=database.name,
            values={"mode": "async"},
            figures={"failures": failed[model, method] if told else None},
        )
