"""Scheduled actions and server actions: what they call, how often, and whether anybody still runs them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from retailctl.inventory.odoo.calls import called, hidden
from retailctl.inventory.odoo.code import Code, look_at
from retailctl.inventory.odoo.database import Database
from retailctl.inventory.odoo.values import Row, ident, moment, number, technical, text
from retailctl.model.interface_key import JobKey
from retailctl.model.seen import Seen

CRON: Final = "ir.cron"
ACTION: Final = "ir.actions.server"
# Days of an interval; a month as its longest, so that nothing is called overdue too early.
_DAYS: Final = {"minutes": 1 / 1440, "hours": 1 / 24, "days": 1.0, "work_days": 3.0, "weeks": 7.0, "months": 31.0}
_UNITS: Final = {"minutes": "m", "hours": "h", "days": "d", "work_days": "d", "weeks": "w"}
_MISSED: Final = 3
_PATIENCE: Final = timedelta(days=1)


def crons(database: Database) -> Iterator[Seen]:
    """Crons that call outside, and those that no module of Odoo brought: interfaces. Others are housekeeping."""
    for id_, row in database.rows(CRON):
        code = _code(database, row)
        yield from hidden(database, code.secrets, CRON, id_, "code")
        if code.calls:
            yield from called(
                database, code, CRON, id_, mechanism="poll", values=_values(row), figures=_figures(database, row, code)
            )
        elif code.symbolic or _is_foreign(database, CRON, id_):
            yield _job(database, id_, row, code)


def actions(database: Database) -> Iterator[Seen]:
    """Server actions with code that calls outside. Crons and webhooks have sightings of their own."""
    for id_, row in database.rows(ACTION):
        if row.get("usage") == "ir_cron" or row.get("state") == "webhook":
            continue
        code = _code(database, row)
        yield from hidden(database, code.secrets, ACTION, id_, "code")
        mechanism = "automation" if row.get("usage") == "base_automation" or row.get("base_automation_id") else "action"
        yield from called(
            database, code, ACTION, id_, mechanism=mechanism, values={}, figures={"model": _model(database, row)}
        )


def _code(database: Database, row: Row) -> Code:
    return look_at(text(row.get("code")), database.fingerprint)


def _is_foreign(database: Database, model: str, id_: int) -> bool:
    return database.is_stock(database.origin(model, id_)) is False


def _job(database: Database, id_: int, row: Row, code: Code) -> Seen:
    unit = f"{database.records.database}:{CRON}:{id_}"  # several databases may share a host
    return database.seen(
        CRON,
        id_,
        mechanism="job",
        key=JobKey(protocol="cron", provider=database.name, host=database.name, unit=unit),
        provider=database.name,
        values={"schedule": schedule(row), "mode": "batch"},
        figures=_figures(database, row, code),
    )


def _values(row: Row) -> dict[str, Any]:
    return {"mode": "poll", "schedule": schedule(row)}


def schedule(row: Row) -> str | None:
    """``5m``, ``2h``, ``1d``: the interval of a cron; None when it is not set. A month is 30 days."""
    count, unit = number(row.get("interval_number")), text(row.get("interval_type"))
    if not count or count < 0 or unit not in _DAYS:
        return None
    return f"{count * 30}d" if unit == "months" else f"{count}{_UNITS[unit]}"


def _figures(database: Database, row: Row, code: Code) -> dict[str, Any]:
    user = ident(row.get("user_id"))
    return {
        "model": _model(database, row),
        "calls_out": _calls_out(row, code),
        "job_active": row["active"] if isinstance(row.get("active"), bool) else None,
        "job_state": _state(database, row),
        "runs_as": f"res.users:{user}" if user is not None else None,
        "failures": number(row.get("failure_count")),
    }


def _calls_out(row: Row, code: Code) -> bool | None:
    """None where the code could not be read, or stands in actions that the cron runs one after the other."""
    if code.calls or code.symbolic:
        return True
    return None if "code" not in row or row.get("state") == "multi" else False


def _state(database: Database, row: Row) -> str | None:
    """runs, inactive, archived-owner or overdue; None while nobody can tell.

    An empty ``lastcall`` on every cron may mean that the server runs no cron threads: then being late proves nothing.
    """
    if row.get("active") is False:
        return "inactive"
    if (user := ident(row.get("user_id"))) is not None and user in _archived(database):
        return "archived-owner"
    due = moment(row.get("nextcall"))
    if due is None or row.get("active") is not True or not any_ran(database):
        return None
    count, days = number(row.get("interval_number")) or 1, _DAYS.get(text(row.get("interval_type")), 1.0)
    late = max(timedelta(days=min(_MISSED * count * days, 36_500)), _PATIENCE)
    return "overdue" if database.records.taken - due > late else "runs"


def any_ran(database: Database) -> bool:
    """Has any cron of this database ever run?"""
    return any(moment(row.get("lastcall")) is not None for _, row in database.rows(CRON))


def _archived(database: Database) -> frozenset[int]:
    # OdooBot, user 1, is archived by design and runs most crons.
    return frozenset(id_ for id_, row in database.rows("res.users") if row.get("active") is False and id_ != 1)


def _model(database: Database, row: Row) -> str | None:
    """The technical name of the model that a record is about."""
    id_ = ident(row.get("model_id"))
    return technical(row.get("model_name")) or (database.models.get(id_) if id_ is not None else None)
