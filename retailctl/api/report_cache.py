"""Reports of earlier runs: with nothing changed, nothing is judged again."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from retailctl.api.identity import tool_identity
from retailctl.api.session import Session
from retailctl.errors import IncompleteError, InputError
from retailctl.model.redaction import Redactor, secret_values
from retailctl.model.report import Report
from retailctl.workspace.cache import digest
from retailctl.workspace.reader import file_sha256

_KIND = "reports"


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


class ReportCache:
    """The report of one command on one state of one workspace; ``key`` is None when nothing may be kept.

    The key holds the running code, the command, the options, the day, the settings in force and the digest of every
    file of the workspace, so a hit is what the run would say. A workspace with a file that cannot be read has no key.
    """

    def __init__(self, session: Session, command: str) -> None:
        self._cache = session.cache
        self.key = _key(session, command) if session.options.use_cache else None

    def get(self) -> Report | None:
        """The report, or None."""
        entry = self._cache.get(_KIND, self.key) if self.key else None
        if entry is None:
            return None
        try:
            return _adapter().validate_json(entry)
        except ValidationError:
            return None

    def put(self, report: Report) -> None:
        """Keep a report, unless it holds a secret: a copy would outlive the secret in the workspace.

        One with a file name that is not UTF-8 has no JSON and is made again each time as well.
        """
        if not self.key:
            return
        if Redactor(secret_values(os.environ)).value(report) is not report:
            return
        with suppress(PydanticSerializationError):
            self._cache.put(_KIND, self.key, _adapter().dump_json(report))


def _key(session: Session, command: str) -> str | None:
    files = session.files
    parts = [tool_identity(), command, session.as_of.isoformat(), repr(session.options), *_in_force(session)]
    parts += [session.name, repr(files.outside), repr(files.unreadable), repr(files.skipped)]
    paths = [path for _, path in files]
    baseline = session.options.baseline
    try:
        for path in paths:
            parts += [path, file_sha256(session.root, path, limits=session.effective.limits)]
        if baseline is not None:
            parts.append(file_sha256(baseline.resolve().parent, baseline.name, limits=session.effective.limits))
    except (InputError, IncompleteError):
        return None
    return digest(*parts)


def _in_force(session: Session) -> tuple[str, ...]:
    """The settings as text that is the same in every process; the ``repr`` of a function, such as the one that finds
    a place in the settings file, is not."""
    effective = session.effective
    overrides = effective.overrides
    laid = (overrides.severity, overrides.params)
    return repr(effective.settings), repr(effective.limits), repr(laid)
