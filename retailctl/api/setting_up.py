"""``schema``, ``init`` and ``doctor``."""

from __future__ import annotations

import os
import platform
import ssl
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from retailctl import __version__
from retailctl.api.options import AuditOptions
from retailctl.api.session import open_session
from retailctl.errors import ConfigError, Location, UsageError, WorkspaceNotFound
from retailctl.report.json_schema import report_schema
from retailctl.workspace.atomic import write_atomic
from retailctl.workspace.cache import cache_folder
from retailctl.workspace.schemas import KINDS, file_schema
from retailctl.workspace.starter import init_files

_LIBRARIES = ("pydantic", "PyYAML", "ruamel.yaml", "networkx", "cel-expr-python", "protobuf", "typer")


def schema(kind: str) -> dict[str, Any]:
    """JSON Schema, draft 2020-12. Raises UsageError for an unknown kind."""
    if kind not in (*KINDS, "report"):
        raise UsageError(f"unknown kind {kind!r}", hint="retailctl schema lists the kinds")
    return file_schema(kind, others={"report": report_schema})


def init(path: Path, name: str | None = None) -> list[str]:
    """Write a small workspace that audits clean. Raises ConfigError, and writes nothing, when a file is in the way."""
    target = path.resolve()
    files = init_files(name or target.name)
    there = sorted(relative for relative in files if (target / relative).exists())
    if there:
        raise ConfigError(
            f"{there[0]} exists already" + (f" (and {len(there) - 1} more)" if len(there) > 1 else ""),
            at=Location(path.as_posix()),
            hint="name an empty folder; init never overwrites a file",
        )
    for relative, text in sorted(files.items()):
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target / relative, text)
    return sorted(files)


def doctor(root: Path | None, options: AuditOptions, config_only: bool) -> dict[str, Any]:
    """Versions, settings with their origin, files and cache. No value of a secret, no name of the user."""
    try:
        session = open_session(root, options)
    except WorkspaceNotFound as error:
        if config_only:
            raise
        return {**_versions(), "workspace": f"none: {error.message}", "hint": error.hint}
    settings = [{"setting": row.name, "value": row.value, "origin": row.origin} for row in session.effective.rows()]
    if config_only:
        return {"settings": settings}
    files = {kind: len(paths) for kind, paths in sorted(session.files.by_kind.items())}
    return {
        **_versions(),
        "workspace": session.name,
        "rules": len(session.rules),
        "cache": _cache_state(options),
        "files": files,
        "skipped": list(session.files.skipped[:10]),
        "settings": settings,
    }


def _versions() -> dict[str, Any]:
    libraries = {name: _version(name) for name in _LIBRARIES}
    return {
        "retailctl": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "encoding": sys.getfilesystemencoding(),
        "tls": ssl.OPENSSL_VERSION,
        "libraries": libraries,
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _cache_state(options: AuditOptions) -> str:
    folder = cache_folder(os.environ)
    if not options.use_cache:
        return "off (--no-cache)"
    if folder is None:
        return "off (no home folder; set RETAILCTL_CACHE_DIR)"
    home = Path.home()
    shown = f"~/{folder.relative_to(home).as_posix()}" if folder.is_relative_to(home) else folder.as_posix()
    return f"on, {shown}" if os.access(folder if folder.exists() else folder.anchor, os.W_OK) else f"off, {shown}"
