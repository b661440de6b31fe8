"""crontab: lines of schedule and command; files of ``cron.d`` have a user column, crontabs of users do not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import JobKey
from retailctl.model.redaction import redact
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage, Window

_FIELD: Final = r"(?:\*|[0-9a-zA-Z,*/-]+)"
_LINE: Final = re.compile(rf"^\s*(@(?:reboot|hourly|daily|midnight|weekly|monthly|yearly|annually)|(?:{_FIELD}\s+){{4}}{_FIELD})\s+(\S.*)$")  # fmt: skip  # noqa: E501
_SETTING: Final = re.compile(r"^\s*[A-Za-z_][A-Za-z0-9_]*\s*=")
_USER: Final = re.compile(r"^([a-z_][a-z0-9_-]*\$?)\s+(\S.*)$")
_NAMES: Final = frozenset({"crontab", "crontab.txt"})


def _detect(artefact: Artefact) -> float:
    lines = [line for line in artefact.first_lines if line.strip() and not line.lstrip().startswith("#")]
    jobs = sum(1 for line in lines if _LINE.match(line))
    known = artefact.name in _NAMES or artefact.suffix in (".cron", ".crontab") or "cron.d/" in artefact.path
    if not jobs:
        return 0.6 if known and not lines else 0.0
    whole = all(_LINE.match(line) or _SETTING.match(line) for line in lines)
    return (0.95 if known else 0.7) if whole else (0.6 if known else 0.0)


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    with_user = "cron.d/" in artefact.path or artefact.path.endswith("etc/crontab") or artefact.name == "crontab"
    host = reading.system or artefact.path
    for number, line in enumerate(artefact.text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#") or _SETTING.match(line):
            continue
        found = _LINE.match(line)
        if found is None:
            yield artefact.error("INP001", "is no crontab line", number, hint="five fields of time, then a command")
            continue
        command, user = found[2], ""
        named = _USER.match(command) if with_user else None
        if named is not None:
            user, command = named[1], named[2]
        clean = redact(command)
        yield Seen(
            source="cron",
            ref=artefact.ref(number),
            at=reading.as_of,
            key=JobKey(protocol="cron", provider=host, host=host, unit=digest(clean)),
            provider=host,
            environment=reading.environment,
            values={"schedule": found[1].strip(), "mode": "batch"},
            figures={"command": clean, **({"user": user} if user else {})},
        )
    yield Coverage(source="cron", scope=host, window=Window(start=reading.as_of, end=reading.as_of))


def digest(command: str) -> str:
    """The unit of a job without a name: 12 hexadecimal digits of its command, white space evened out.

    Give it the command without secrets: a digest of a short one can be guessed.
    """
    return hashlib.sha256(" ".join(command.split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


READER = Reader("cron", "crontab of a host", _detect, _read)
