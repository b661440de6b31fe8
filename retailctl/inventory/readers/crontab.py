"""crontab: lines of schedule and command; files of ``cron.d`` have a user column, crontabs of users do not.

Each line is a job of the host (key: host and digest of the command without its secrets). What the command reaches by
an address or a known tool (curl, sftp, rsync, psql ...) is an interface of the other side, used by the host on that
schedule: a GET that is repeated is polling, everything else a batch. Settings (``CRON_TZ``, ``MAILTO``) hold for the
lines below them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.clear_secrets import in_address, is_secret
from retailctl.inventory.flows.command_notes import write_command
from retailctl.inventory.flows.commands import without_secrets
from retailctl.inventory.flows.notes import Complaints, Notes, Place
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.variables import settings_of
from retailctl.model.interface_key import JobKey
from retailctl.model.seen import Seen

_FIELD: Final = r"[0-9*,/?~#HLW-]+"
_MONTH: Final = r"(?:[0-9*,/?~-]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))+"
_DAY: Final = r"(?:[0-9*,/?~#L-]|(?i:(?:mon|tue|wed|thu|fri|sat|sun)))+"
_NICKNAME: Final = r"@(?:reboot|hourly|daily|midnight|weekly|monthly|yearly|annually|every_minute)"
_LINE: Final = re.compile(rf"^\s*-?({_NICKNAME}|(?:{_FIELD}\s+){{3}}{_MONTH}\s+{_DAY})\s+(\S.*)$")
_SETTING: Final = re.compile(r"^\s*[\"']?[A-Za-z_][A-Za-z0-9_]*[\"']?\s*=")
_USER: Final = re.compile(r"^([a-z_][a-z0-9_-]{0,31}\$?)\s+(\S.*)$")
_NAMES: Final = frozenset({"crontab", "crontab.txt", "anacrontab"})
_ANACRON: Final = re.compile(r"^\s*(@(?:daily|weekly|monthly|yearly)|\d{1,4})\s+(\d{1,5})\s+([\w.-]+)\s+(\S.*)$")
_DAYS: Final = {"1": "1d", "7": "7d"}
# First words of a command that are no account: what a line without a user column begins with.
_ACCOUNTS: Final = frozenset({
    "root", "www-data", "nobody", "postgres", "mysql", "odoo", "backup", "daemon", "mail", "nginx", "apache", "ubuntu",
    "debian", "admin", "deploy", "git", "man", "list", "smmsp", "logcheck", "amavis", "sysstat",
})  # fmt: skip
_TOOLS: Final = frozenset({
    "cd", "test", "if", "for", "while", "set", "export", "source", "exec", "eval", "nice", "ionice", "timeout",
    "flock", "env", "sudo", "su", "sh", "bash", "zsh", "dash", "python", "python3", "php", "node", "ruby", "perl",
    "java", "curl", "wget", "rsync", "scp", "sftp", "ssh", "psql", "mysql", "mysqldump", "tar", "gzip", "find",
    "rm", "cp", "mv", "echo", "sleep", "docker", "podman", "kubectl", "make", "run-parts", "systemctl", "service",
    "certbot", "logrotate", "chronic", "cronic",
})  # fmt: skip


def _detect(artefact: Artefact) -> float:
    lines = [line for line in artefact.first_lines if line.strip() and not line.lstrip().startswith("#")]
    known = _named(artefact)
    if artefact.name == "anacrontab":
        return 0.9 if any(_ANACRON.match(line) for line in lines) else 0.0
    jobs = sum(1 for line in lines if _is_job(line))
    if not jobs:
        return 0.6 if known and not lines else 0.0
    whole = all(_is_job(line) or _SETTING.match(line) for line in lines)
    return (0.95 if known else 0.7) if whole else (0.6 if known else 0.0)


def _named(artefact: Artefact) -> bool:
    folders = PurePosixPath(artefact.path).parts[:-1]
    return (
        artefact.name in _NAMES
        or artefact.suffix in (".cron", ".crontab")
        or any(folder in ("cron.d", "crontabs") for folder in folders)
        or folders[-2:] == ("spool", "cron")
    )


def _is_job(line: str) -> bool:
    found = _LINE.match(line)
    # Prose may begin with five short words; the fields of a schedule hold a digit or a star.
    return found is not None and (found[1].startswith("@") or any(sign.isdigit() or sign == "*" for sign in found[1]))


def _with_user(artefact: Artefact, lines: list[str]) -> bool:
    """By the place of the file; else all jobs begin with a plain word that is no program, as accounts do."""
    folders = PurePosixPath(artefact.path).parts[:-1]
    if "cron.d" in folders or artefact.path.endswith("etc/crontab"):
        return True
    if "crontabs" in folders or folders[-2:] == ("spool", "cron"):
        return False
    commands = [found[2] for line in lines if _is_job(line) and (found := _LINE.match(line))]
    named = [_USER.match(command) for command in commands]
    if not named or not all(one is not None and one[1] not in _TOOLS for one in named):
        return False
    # Nothing but accounts that systems have, or words that are followed by a path as commands are.
    return all(one is not None and (one[1] in _ACCOUNTS or "/" in one[2]) for one in named)


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    notes = Notes.on("cron", artefact, reading)
    complaints = Complaints(artefact)
    lines = artefact.text.splitlines()
    with_user = _with_user(artefact, lines)
    settings: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if _SETTING.match(line) and not _is_job(line):
            settings |= settings_of(line)
            name, _, value = (part.strip(" \"'") for part in line.partition("="))
            for account, secret in [(name, value)] if is_secret(name, value) else in_address(value):
                yield notes.credential(number, account or name, reading.fingerprint(secret))
            continue
        job = _anacron(line) if artefact.name == "anacrontab" else _job(line, with_user=with_user)
        if job is None:
            yield from complaints.add("is no crontab line", number, "five fields of time, then a command")
            continue
        schedule, user, command, unit = job
        zone = settings.get("CRON_TZ", "")
        figures = {"user": user, "time_zone": zone}
        known = replace(notes, variables={**settings, **reading.variables})
        yield from job_of(known, number, unit=unit, schedule=schedule, command=command, figures=figures)
    yield from complaints.rest()
    yield notes.coverage()


def _job(line: str, *, with_user: bool) -> tuple[str, str, str, str] | None:
    found = _LINE.match(line)
    if found is None or not _is_job(line):
        return None
    command, user = found[2], ""
    named = _USER.match(command) if with_user else None
    if named is not None:
        user, command = named[1], named[2]
    # An unescaped % ends the command: what follows is its standard input.
    return " ".join(found[1].split()), user, re.split(r"(?<!\\)%", command, maxsplit=1)[0].strip() or command, ""


def _anacron(line: str) -> tuple[str, str, str, str] | None:
    found = _ANACRON.match(line)
    if found is None:
        return None
    return (found[1] if found[1].startswith("@") else f"{found[1]}d"), "", found[4], found[3]


def job_of(
    notes: Notes,
    place: Place,
    *,
    unit: str,
    schedule: str,
    command: str,
    figures: dict[str, Any] | None = None,
    confidence: float = 1.0,
) -> Iterator[Seen]:
    """A scheduled command: the job itself, its secrets in clear, and every interface that it reaches."""
    shown = without_secrets(command)
    only = {name: value for name, value in (figures or {}).items() if value}
    yield notes.seen(
        place,
        key=JobKey(protocol="cron", provider=notes.host, host=notes.host, unit=unit or digest(shown)),
        provider=notes.host,
        values={"schedule": schedule, "mode": "batch"},
        figures={"command": shown, **only},
        confidence=confidence,
    )
    yield from write_command(
        notes,
        command,
        place,
        prefix=unit or digest(shown),
        schedule=schedule,
        figures=only,
        confidence=confidence,
    )


def digest(command: str) -> str:
    """The unit of a job without a name: 12 hexadecimal digits of its command, white space evened out.

    Give it the command without secrets: a digest of a short one can be guessed.
    """
    return hashlib.sha256(" ".join(command.split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


READER = Reader("cron", "crontab of a host", _detect, _read)
