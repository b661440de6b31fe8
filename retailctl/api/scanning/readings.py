"""What readers are given: the clock, the keys, and what the workspace and the caller know already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from retailctl.api.scanning.options import ScanOptions
from retailctl.api.scanning.taking import hand_kept
from retailctl.api.scanning.templates import templates_of
from retailctl.api.session import Session
from retailctl.errors import ConfigError, InputError, Location
from retailctl.inventory.identity.names import names_of
from retailctl.inventory.reading import Reading
from retailctl.inventory.secret_names import is_print
from retailctl.inventory.variables import settings_of
from retailctl.model.estate import Estate
from retailctl.workspace.pseudonyms import pseudonyms
from retailctl.workspace.reader import parse_bytes, read_bytes
from retailctl.workspace.source import Source


def reading_of(session: Session, scan: ScanOptions) -> Reading:
    """Raises ConfigError for an env file or a column map that cannot be used."""
    key = pseudonyms(session.root)
    estate = hand_kept(session)
    reading = Reading(
        as_of=session.as_of,
        # What is a print already (a saved dump has them instead of secrets) is none of a print.
        fingerprint=lambda secret: secret if is_print(secret) else f"hmac:{key.id}:{key.of(secret)}",
        pseudonym=lambda name: f"anon-{key.of(name)}",
        templates=templates_of(session, estate),
        known=_known(estate),
        progress=scan.progress,
    )
    return under(reading, scan)


def under(reading: Reading, scan: ScanOptions) -> Reading:
    """The same reading for files of another source: with the same templates, which it may go on learning."""
    return replace(
        reading,
        system=scan.system,
        environment=scan.environment,
        variables=_variables(scan.env_files),
        columns=_columns(scan.column_map) if scan.column_map is not None else {},
    )


def _known(estate: Estate) -> Callable[[str], bool]:
    """Names that the inventory declares: of systems, of partners, and of accounts."""
    names = names_of(estate)
    accounts = {name for entry in estate.of("credential").values() for name in (entry.id, entry.noun.name)}
    return lambda name: name in accounts or names.resolve(name) is not None


def _variables(files: tuple[Path, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in files:
        found |= settings_of(Source.decode(path.name, _bytes(path)).text)
    return found


def _columns(path: Path) -> Mapping[str, str]:
    data = parse_bytes(path.name, _bytes(path), format="json" if path.suffix == ".json" else "yaml").data
    columns = data.get("columns", data) if isinstance(data, Mapping) else None
    if not isinstance(columns, Mapping) or not all(isinstance(name, str) for name in columns.values()):
        raise ConfigError(
            "is no column map", at=Location(path.name), hint="write one line per field, such as owner: Responsible"
        )
    return {str(field): str(column) for field, column in columns.items()}


def _bytes(path: Path) -> bytes:
    try:
        return read_bytes(path.parent, path.name)
    except InputError as error:
        raise ConfigError(error.message, at=error.at, hint=error.hint) from None
