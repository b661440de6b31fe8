"""Derived facts of what a reader of Odoo saw: which records are behind an interface, a credential or a system.

Each fact is a list of places (``odoo:<db>:<model>:<id>``) in the words of the finding. It is empty when somebody
looked and found nothing, and left out when nobody could tell. Figures of such sightings are those that
``inventory/odoo`` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from retailctl.graph.estate_graph import EstateGraph, provider_of
from retailctl.graph.odoo_rpc import end_of, is_deprecated
from retailctl.model.estate_nouns import System
from retailctl.model.interface import Interface
from retailctl.model.sighting import Sighting

Facts = dict[str, dict[str, Any]]
# True: that is one; False: it is not; None: nobody can tell.
_Judge = Callable[[Mapping[str, Any]], bool | None]

SOURCE: Final = "odoo"
_DEAD_JOB: Final = frozenset({"inactive", "overdue", "archived-owner"})
_DEAD_BOX: Final = frozenset({"inactive", "unconfirmed", "failing", "silent"})
_ACTION: Final = "ir.actions.server"
_CRON, _BOX, _HOOK, _USER, _KEY = "ir.cron", "fetchmail.server", "base.automation", "res.users", "res.users.apikeys"
_CONNECTORS: Final = frozenset({"payment.provider", "payment.acquirer", "delivery.carrier", "pos.payment.method"})
_COUNTING: Final = frozenset({_CRON, _HOOK, "webservice.backend", "edi.exchange.type", "queue.job.function"})
_LOGS: Final = frozenset({"odoo-log", "access-log", "gateway-log"})
_LEGACY_PATHS: Final = ("/jsonrpc", "/xmlrpc")


def odoo_facts(graph: EstateGraph) -> dict[str, Facts]:
    """Facts of interfaces, credentials and systems, by kind and id. ``odoo`` says whether Odoo was seen at all."""
    versions = {id_: _version(entry.noun.sightings) for id_, entry in graph.systems.items()}
    only = set(filter(None, versions.values()))
    everywhere = only.pop() if len(only) == 1 else ""
    return {
        "interface": {
            id_: _interface(entry.noun, versions.get(provider_of(entry.noun) or "", "") or everywhere)
            for id_, entry in graph.interfaces.items()
        },
        "credential": {id_: _credential(entry.noun.sightings) for id_, entry in graph.estate.of("credential").items()},
        "system": {id_: _system(entry.noun) for id_, entry in graph.systems.items()},
    }


def _interface(interface: Interface, version: str) -> dict[str, Any]:
    rpc = _legacy(interface, version)
    seen = _of(interface.sightings)
    if not seen:
        return {"odoo": False, **rpc}
    return _set(
        {"odoo": True, **rpc},
        odoo_polls=_refs(seen, {_CRON}, _polls, "schedule"),
        odoo_dead_crons=_refs(seen, {_CRON}, _one_of("job_state", _DEAD_JOB), "job_state"),
        odoo_dead_mailboxes=_refs(seen, {_BOX}, _one_of("mailbox_state", _DEAD_BOX), "mailbox_state"),
        odoo_open_webhooks=_refs(seen, {_HOOK}, _is_open),
        odoo_unretried=_refs(seen, {_ACTION}, _forgets),
        odoo_test_modes=_refs(seen, _CONNECTORS, lambda told: told.get("test_mode"), "connector_state"),
        odoo_failing=_failing(seen),
    )


def _credential(sightings: Iterable[Sighting] | None) -> dict[str, Any]:
    seen = [one for one in _of(sightings) if _told(one).get("record") in (_USER, _KEY)]
    if not seen:
        return {"odoo": False}
    return _set(
        {"odoo": True},
        odoo_shared=_refs(seen, {_USER}, _is_shared, "tools"),
        odoo_personal=_refs(seen, {_USER}, _is_personal, "person"),
        odoo_password_only=_refs(seen, {_USER}, _has_password_only),
        odoo_eternal_keys=_refs(seen, {_KEY}, _is_eternal, "account"),
        odoo_orphan_keys=_refs(seen, {_KEY}, _is_orphan, "account"),
    )


def _system(system: System) -> dict[str, Any]:
    seen = _of(system.sightings)
    base = [_told(one) for one in seen if _told(one).get("record") == "database"]
    if not base:
        return {"odoo": False}
    rights = all(told.get("rights_known") is True for told in base)
    tasks = all(told.get("tasks_known") is True for told in base)
    widest = max(
        ((_number(_told(one).get("writes_models")), one.ref or "") for one in seen), default=(0, ""), key=lambda p: p[0]
    )
    rows = [one for one in seen if _told(one).get("record") == "ir.model.access"]
    found = _set(
        {"odoo": True},
        odoo_version=_version(seen) or None,
        odoo_open_access=_known(_refs(rows, None, _is_wide, "model"), complete=rights),
        odoo_open_models=_known(_refs(rows, None, lambda told: told.get("custom_model"), "model"), complete=rights),
        odoo_group_writes=widest[0] if rights or widest[0] else None,
        odoo_widest_group=widest[1] or None,
        odoo_overdue_tasks=_known(_refs(seen, {"mail.activity"}, lambda _: True, "overdue_days"), complete=tasks),
    )
    transports = sorted({str(told["transport"]) for told in base if told.get("transport")})
    ending = [end for name in transports if (end := end_of({"jsonrpc": "object"}.get(name, ""))) is not None]
    found["odoo_ending_transports"] = [name for name in transports if name == "jsonrpc"]
    if ending:
        found["odoo_transport_ends"] = ending[0].words
    return found | _deprecated("odoo_transport_deprecated", ending, _version(seen))


def _legacy(interface: Interface, version: str) -> dict[str, Any]:
    """Calls over the RPC that ends, as logs show them: counted by the reader of the log, else told by the path."""
    services: set[str] = set()
    address = (getattr(interface.key, "address", None) or "").rstrip("/")
    for one in interface.sightings or ():
        if one.source not in _LOGS:
            continue
        if _number(_told(one).get("legacy_calls")) > 0 or address.startswith(_LEGACY_PATHS):
            services.add("db" if address.endswith("/db") else "common" if address.endswith("/common") else "object")
    ends = [end for service in sorted(services) if (end := end_of(service)) is not None]
    if not ends:
        return {"legacy_rpc": []}
    first = min(ends, key=lambda end: end.self_hosted)
    return {"legacy_rpc": sorted(services), "legacy_rpc_ends": first.words} | _deprecated(
        "legacy_rpc_deprecated", [first], version
    )


def _deprecated(name: str, ends: list[Any], version: str) -> dict[str, Any]:
    if not ends:
        return {name: False}
    known = is_deprecated(ends[0], version)
    return {} if known is None else {name: known}


def _of(sightings: Iterable[Sighting] | None) -> list[Sighting]:
    # A record that names several addresses tells its own facts with the first of them.
    return [one for one in sightings or () if one.source == SOURCE and "part_of" not in _told(one)]


def _told(sighting: Sighting) -> Mapping[str, Any]:
    return sighting.fields or {}


def _refs(seen: Iterable[Sighting], records: Iterable[str] | None, judge: _Judge, shown: str = "") -> list[str] | None:
    """The places that the judge says yes to; None when there are none, and some that it cannot tell of."""
    found, open_ = [], False
    wanted = None if records is None else set(records)
    for one in seen:
        told = _told(one)
        if wanted is not None and told.get("record") not in wanted:
            continue
        verdict = judge(told)
        if verdict is None:
            open_ = True
        elif verdict:
            more = told.get(shown)
            text = ", ".join(map(str, more)) if isinstance(more, list | tuple) else str(more)
            found.append(f"{one.ref} ({text})" if more is not None and shown else f"{one.ref}")
    return sorted(found) if found or not open_ else None


def _known(refs: list[str] | None, *, complete: bool) -> list[str] | None:
    return refs if refs or complete else None


def _polls(told: Mapping[str, Any]) -> bool | None:
    calls, active = told.get("calls_out"), told.get("job_active")
    if calls is False or active is False or told.get("job_state") in _DEAD_JOB:
        return False
    return None if calls is None or active is None else True


def _one_of(name: str, bad: frozenset[str]) -> _Judge:
    def judge(told: Mapping[str, Any]) -> bool | None:
        state = told.get(name)
        return None if state is None else str(state) in bad

    return judge


def _forgets(told: Mapping[str, Any]) -> bool | None:
    if told.get("mechanism") != "webhook":
        return False
    forgets = told.get("fire_and_forget")
    return forgets if isinstance(forgets, bool) else None


def _is_open(told: Mapping[str, Any]) -> bool | None:
    active = told.get("webhook_active")
    return None if active is None else bool(active) and told.get("guard") == "uuid"


def _failing(seen: list[Sighting]) -> list[str] | None:
    """Records whose calls fail. Of those that could count failures and did not, nobody can tell."""

    def judge(told: Mapping[str, Any]) -> bool | None:
        return _number(told["failures"]) > 0 if "failures" in told else None

    return _refs(seen, _COUNTING, judge, "failures")


def _is_shared(told: Mapping[str, Any]) -> bool | None:
    if _number(told.get("tools")) > 1:
        return True
    return False if told.get("keys_known") is True else None


def _is_personal(told: Mapping[str, Any]) -> bool | None:
    used = _number(told.get("keys")) > 0 or bool(told.get("runs"))
    if told.get("human") is True:
        return used if used or told.get("keys_known") is True else None
    return False if told.get("human") is False or (not used and told.get("keys_known") is True) else None


def _has_password_only(told: Mapping[str, Any]) -> bool | None:
    if told.get("machine") is not True or told.get("account_active") is False or _number(told.get("keys")) > 0:
        return False
    return True if told.get("keys_known") is True and told.get("account_active") is True else None


def _is_eternal(told: Mapping[str, Any]) -> bool | None:
    if told.get("owner_active") is False:
        return False  # refused by the server; it is reported as the key of an archived account
    eternal = told.get("eternal")
    return eternal if isinstance(eternal, bool) else None


def _is_orphan(told: Mapping[str, Any]) -> bool | None:
    active = told.get("owner_active")
    return not active if isinstance(active, bool) else None


def _is_wide(told: Mapping[str, Any]) -> bool | None:
    if told.get("custom_model") is True or told.get("access") != "write":
        return False
    return True if told.get("wide") is True else None


def _version(sightings: Iterable[Sighting] | None) -> str:
    found = {str(version) for one in _of(sightings) if (version := _told(one).get("odoo_version"))}
    return found.pop() if len(found) == 1 else ""


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _set(target: dict[str, Any], **values: Any) -> dict[str, Any]:
    return target | {name: value for name, value in values.items() if value is not None}
