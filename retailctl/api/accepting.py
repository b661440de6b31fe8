"""``waiver add | list``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from retailctl.api.governing import rule_ids, waivers_of
from retailctl.api.options import AuditOptions
from retailctl.api.session import Session, config_document, open_session, parsed
from retailctl.errors import ConfigError, Location
from retailctl.policy.waivers import load_waivers
from retailctl.workspace.atomic import write_atomic
from retailctl.workspace.edits import append_to_list
from retailctl.workspace.lock import workspace_lock
from retailctl.workspace.reader import parse_bytes

WAIVERS = "policies/waivers.yaml"
_SOON = timedelta(days=14)
_NEW_FILE = "# Findings that somebody accepted, for a time. A waiver never counts as passed.\nwaivers: []\n"


def waiver_list(root: Path | None, options: AuditOptions) -> list[dict[str, Any]]:
    """One row per waiver in file order; ``status`` is active, expiring or expired on the day of the run."""
    session = open_session(root, options)
    rows = []
    for placed in waivers_of(session):
        waiver = placed.waiver
        left = waiver.expires - session.as_of
        status = "expired" if left < timedelta(0) else "expiring" if left <= _SOON else "active"
        rows.append(
            {
                "id": placed.id,
                "rule": waiver.rule,
                "subject": waiver.subject,
                "status": status,
                "expires": waiver.expires.isoformat(),
                "owner": waiver.owner,
                "approved_by": waiver.approved_by,
                "reason": waiver.reason,
                "compensating": waiver.compensating,
                "ticket": waiver.ticket,
                "place": str(placed.at),
            }
        )
    return rows


def waiver_add(
    root: Path | None,
    fields: Mapping[str, str],
    expires: date,
    more: Mapping[str, str | None],
    options: AuditOptions,
) -> dict[str, Any]:
    """Append a waiver. The whole file is checked as ``audit`` would check it before anything is written.

    Raises ConfigError for an unknown rule, a blanket subject or too late a date, IncompleteError when another
    process holds the workspace.
    """
    session = open_session(root, options)
    item: dict[str, Any] = {"id": more.get("id"), **fields, "expires": expires.isoformat()}
    item |= {name: more.get(name) for name in ("compensating", "ticket")}
    item = {name: value for name, value in item.items() if value}
    path = session.root / WAIVERS
    with workspace_lock(session.root, "waiver add"):
        text = _NEW_FILE
        if path.exists():  # now, under the lock: another process may just have made it
            config_document(session.documents, WAIVERS)  # the guard has passed the file before it is edited
            text = path.read_text("utf-8")
        _refuse_twin(text, item)
        edited = append_to_list(text, "waivers", item)
        _check(edited, session)
        path.parent.mkdir(exist_ok=True)
        write_atomic(path, edited)
    return {"path": WAIVERS, "id": item.get("id") or f"{item['rule']}:{item['subject']}"}


def _refuse_twin(text: str, item: Mapping[str, Any]) -> None:
    """Raise ConfigError when the same risk is accepted already: two waivers would hide each other's expiry."""
    for known in parse_bytes(WAIVERS, text.encode()).data.get("waivers") or ():
        if isinstance(known, Mapping) and all(known.get(name) == item[name] for name in ("rule", "subject")):
            what = f"{item['rule']} on {item['subject']} is waived already, until {known.get('expires')}"
            raise ConfigError(what, at=Location(WAIVERS), hint="change that waiver, or remove it first")


def _check(text: str, session: Session) -> None:
    days = session.settings.waiver_max_days
    more = {"max_days": days} if days is not None else {}
    document = parsed(parse_bytes(WAIVERS, text.encode()))
    load_waivers(document, rule_ids(session), session.as_of, **more)
