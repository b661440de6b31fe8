"""systemd: timers, with the command of the service that they start where its unit stands beside them.

A timer is a job of the host; its unit is the name of the timer. Schedules are those of ``[Timer]``: calendar
expressions as written, several joined by ``; ``; for intervals the interval (``OnUnitActiveSec=1d`` is ``1d``). The
service is ``Unit=``, else the unit of the same name, for ``foo@bar.timer`` also ``foo@.service``; drop-ins count where
they have the name that ``systemctl edit`` gives them. Delays, persistence and accounts are figures. What the command
reaches is told as for a crontab; secrets of ``Environment=`` are credentials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from retailctl.errors import IncompleteError, InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.clear_secrets import in_address, is_secret
from retailctl.inventory.flows.notes import Notes
from retailctl.inventory.readers.crontab import job_of
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.seen import Seen

_SECTION: Final = re.compile(r"^\s*\[([^\[\]]{1,100})\]\s*$")
_ENTRY: Final = re.compile(r"^\s*([A-Za-z][A-Za-z0-9-]{0,60})\s*=\s*(.*)$")
_TIMES: Final = ("OnCalendar", "OnUnitActiveSec", "OnUnitInactiveSec", "OnActiveSec", "OnBootSec", "OnStartupSec")
_INTERVALS: Final = ("OnUnitActiveSec", "OnUnitInactiveSec")
_FIGURES: Final = {
    "RandomizedDelaySec": "randomized_delay", "FixedRandomDelay": "fixed_random_delay", "Persistent": "persistent",
    "AccuracySec": "accuracy", "WakeSystem": "wakes_system", "OnClockChange": "on_clock_change",
}  # fmt: skip
_PREFIX: Final = re.compile(r"^[-@:+!|]+")
_ASSIGNMENT: Final = re.compile(r'"([A-Za-z_]\w*)=([^"]*)"|\'([A-Za-z_]\w*)=([^\']*)\'|([A-Za-z_]\w*)=(\S*)')
_OVERRIDE: Final = "override.conf"


@dataclass(frozen=True, slots=True)
class Unit:
    """Settings of a unit file in order, as (section, name, value, line)."""

    entries: tuple[tuple[str, str, str, int], ...] = ()

    def all(self, section: str, name: str) -> list[tuple[str, int]]:
        """Values and lines of a setting that may be repeated; an empty value takes back those before it."""
        found: list[tuple[str, int]] = []
        for where, key, value, line in self.entries:
            if where == section and key == name:
                found = [*found, (value, line)] if value else []
        return found

    def last(self, section: str, name: str) -> str:
        """The value of a setting that counts once, or nothing."""
        return next((value for value, _ in reversed(self.all(section, name))), "")

    def __add__(self, other: Unit) -> Unit:
        return Unit((*self.entries, *other.entries))


def parse(text: str) -> tuple[Unit, int]:
    """The settings of a unit file, and the first line that is none (0: all are)."""
    entries: list[tuple[str, str, str, int]] = []
    section, wrong, held, start = "", 0, "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        if raw.lstrip()[:1] in ("#", ";") or (not raw.strip() and not held):
            continue  # also between the parts of a line that goes on
        line, first = (f"{held} {raw.strip()}", start) if held else (raw, number)
        held = ""
        if line.rstrip().endswith("\\"):
            held, start = line.rstrip()[:-1].rstrip(), first
            continue
        found = _SECTION.match(line)
        if found is not None:
            section = found[1]
        elif (entry := _ENTRY.match(line)) is not None:
            entries.append((section, entry[1], entry[2].strip(), first))
        else:
            wrong = wrong or first
    return Unit(tuple(entries)), wrong


def _detect(artefact: Artefact) -> float:
    if artefact.suffix == ".timer":
        text = "\n".join(artefact.first_lines)
        return 0.95 if "[Timer]" in text or any(f"{name}=" in text for name in _TIMES) else 0.0
    return 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    folder = str(PurePosixPath(artefact.path).parent)
    notes = Notes.on("systemd", artefact, reading, host=folder if folder != "." else artefact.path)
    unit, wrong = parse(artefact.text)
    if wrong:
        yield artefact.error("INP001", "is no line of a unit file", wrong, hint="[Section], then Name=value")
    unit += _drop_in(artefact, artefact.name)
    times = [(name, value, line) for name in _TIMES for value, line in unit.all("Timer", name)]
    if not times:
        yield artefact.error("INP001", "has no time in [Timer]", hint="OnCalendar= or OnUnitActiveSec=")
    else:
        yield from _job(notes, unit, times)
    yield notes.coverage()


def _job(notes: Notes, unit: Unit, times: list[tuple[str, str, int]]) -> Iterator[Seen]:
    artefact = notes.artefact
    service_name, service = _service(artefact, unit)
    commands = [_PREFIX.sub("", value) for value, _ in service.all("Service", "ExecStart")]
    settings = dict(_environment(service))
    figures = {told: unit.last("Timer", name) for name, told in _FIGURES.items()}
    figures |= {name: value for name, value, _ in times if name not in ("OnCalendar", *_INTERVALS)}
    figures |= {
        "description": unit.last("Unit", "Description"),
        "service": service_name,
        "user": service.last("Service", "User"),
    }
    known = replace(notes, variables={**settings, **notes.reading.variables})
    line = min(line for _, _, line in times)
    yield from job_of(
        known,
        line,
        unit=artefact.name,
        schedule=_schedule(times),
        command="; ".join(commands),
        figures=dict(figures),
    )
    for name, value in settings.items():
        for account, secret in [("", value)] if is_secret(name, value) else in_address(value):
            yield notes.credential(line, account or f"{service_name}/{name}", notes.reading.fingerprint(secret))


def _schedule(times: list[tuple[str, str, int]]) -> str:
    calendar = [value for name, value, _ in times if name == "OnCalendar"]
    every = [value for name, value, _ in times if name in _INTERVALS]
    return "; ".join(calendar or every) or "; ".join(f"{name}={value}" for name, value, _ in times)


def _service(artefact: Artefact, unit: Unit) -> tuple[str, Unit]:
    """Name and settings of what the timer starts; no settings where its file is not there."""
    named = unit.last("Timer", "Unit") or f"{artefact.name.removesuffix('.gz').removesuffix('.timer')}.service"
    stem, at, _ = named.partition("@")
    for name in (named, f"{stem}@.service") if at else (named,):
        found = _beside(artefact, name)
        if found is not None:
            return named, found + _drop_in(artefact, name)
    return named, Unit()


def _drop_in(artefact: Artefact, name: str) -> Unit:
    return _beside(artefact, f"{name}.d/{_OVERRIDE}") or Unit()


def _beside(artefact: Artefact, name: str) -> Unit | None:
    if "/" in name.removesuffix(f".d/{_OVERRIDE}") or name.startswith("."):
        return None
    sibling = Artefact(
        artefact.root, str(PurePosixPath(artefact.relative).with_name("x").parent / name), limits=artefact.limits
    )
    try:
        return parse(sibling.text)[0]
    except (InputError, IncompleteError):
        return None


def _environment(service: Unit) -> Iterator[tuple[str, str]]:
    for value, _ in service.all("Service", "Environment"):
        for found in _ASSIGNMENT.finditer(value):
            name = found[1] or found[3] or found[5]
            yield name, found[2] or found[4] or found[6] or ""


READER = Reader("systemd", "systemd timer", _detect, _read)
