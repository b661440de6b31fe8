"""What a command line tells, written down: its secrets in clear, and the interfaces that it reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from retailctl.inventory.flows.commands import reached_by, secrets_of
from retailctl.inventory.flows.environment import is_loopback
from retailctl.inventory.flows.notes import Notes, Place
from retailctl.model.seen import Seen


def write_command(
    notes: Notes,
    command: str,
    place: Place,
    *,
    prefix: str,
    consumer: str = "",
    schedule: str = "",
    figures: Mapping[str, Any] | None = None,
    confidence: float = 1.0,
    local: Callable[[str], str] = lambda _: "",
) -> Iterator[Seen]:
    """Interfaces of the other sides and credentials. On a schedule, a GET is polling and everything else a batch.

    ``prefix`` names secrets without an account, ``local`` gives the system of the same file that a host means.
    """
    calls: list[Seen] = []
    for one in reached_by(command, notes.variables):
        provider = local(one.target.url.host)
        if provider and provider == consumer:
            continue
        if consumer and is_loopback(one.target.url.host):
            continue  # a container that asks for itself
        mode = ("poll" if one.method in ("GET", "HEAD") else "batch") if schedule else ""
        calls += notes.call(
            one.target,
            place,
            consumer=consumer,
            provider=provider,
            identity=one.account,
            secret=notes.reading.fingerprint(one.secret) if one.secret else "",
            method=one.method,
            base=not one.method,
            values={"schedule": schedule, "mode": mode},
            figures={"tool": one.tool, **(figures or {})},
            confidence=confidence,
        )
    told = {seen.secret for seen in calls if seen.kind == "credential"}
    for name, secret in secrets_of(command):
        fingerprint = notes.reading.fingerprint(secret)
        if fingerprint not in told:
            told.add(fingerprint)
            yield notes.credential(place, f"{prefix}/{name}", fingerprint)
    yield from calls
