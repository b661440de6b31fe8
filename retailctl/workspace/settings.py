"""Effective settings, each with its origin: flag, environment, --config file, workspace file, default.

A file in an audited repository is not trusted. It cannot enable plug-ins, network access, commands or
outputs outside the folder: the schema has no such keys, so that they are unknown keys like any other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from retailctl.errors import ConfigError, InputError, Location, UsageError
from retailctl.model.governance_files import SettingsFile
from retailctl.workspace.problems import UNKNOWN_KEY
from retailctl.workspace.setting_keys import DEEP, DEFAULTS, leaves, put, steps
from retailctl.workspace.toml_table import PYPROJECT, TABLE, locate_key, read_text

SETTINGS: Final = "retailctl.yaml"
_EMPTY: Final = "INP010"
_FROM_ENVIRONMENT: Final = (
    *("name", "fail-on", "fail-on-unknown", "packs", "waiver-max-days"),
    *(f"limits.{name}" for name in ("file-mib", "depth", "nodes", "aliases")),
)
_NEEDS_FLAG: Final = (
    *("plugin", "network", "offline", "remote", "exec", "command", "hook", "script", "import", "python"),
    *("output", "report", "cache", "proxy", "url"),
)


class Parsed(Protocol):
    """What a file reader returns: plain values and the places of their keys."""

    @property
    def data(self) -> Any:
        """The content."""

    def locate(self, where: tuple[str | int, ...], /) -> Location:
        """Return the place of a key or item."""


Reader = Callable[[Path, str], Parsed]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, every optional value filled in.

    ``origins`` has the origin of each value by dotted key ("limits.depth", "severity.SEC-01"): a flag, a
    variable, ``file:line`` or "default".
    """

    values: SettingsFile
    origins: Mapping[str, str] = field(default_factory=dict)

    def origin(self, key: str) -> str:
        """Return where a value comes from."""
        return self.origins.get(key, "default")


@dataclass(frozen=True, slots=True)
class _Layer:
    data: Mapping[str, Any]
    locate: Callable[[tuple[str | int, ...]], Location] | None = None
    origin: Callable[[str], str] = str


def load_settings(
    root: Path,
    *,
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    config: Path | None = None,
    no_config: bool = False,
    read: Reader | None = None,
) -> Settings:
    """Return the effective settings of a workspace.

    ``flags`` are values by dotted key ("fail-on", "limits.depth"), None = not given. Raises ConfigError (a
    file is wrong, or both kinds of file are there), UsageError (a flag or variable is wrong) and
    IncompleteError (a file cannot be read).
    """
    if config is not None and no_config:
        raise UsageError("--config and --no-config exclude each other", hint="Give only one of them.")
    reader = read or _default_reader
    layers = [_Layer(DEFAULTS, None, lambda _key: "default")]
    if not no_config:
        layers += [_checked(layer) for layer in _files(root, config, reader)]
    layers += [_environment(environ or {}), _flags(flags or {})]
    merged: dict[str, Any] = {key: {} for key in DEEP}
    origins: dict[str, str] = {}
    for layer in layers:
        for path, value in leaves(layer.data):
            put(merged, path, value)
            origins[".".join(path)] = layer.origin(".".join(path))
    return Settings(_validated(merged), dict(sorted(origins.items())))


def _files(root: Path, config: Path | None, read: Reader) -> Iterator[_Layer]:
    own, table = _yaml(root, SETTINGS, read), _pyproject(root, PYPROJECT)
    if own and table:
        raise ConfigError(
            f"both {SETTINGS} and [{TABLE}] in {PYPROJECT} are present",
            at=Location(SETTINGS),
            hint="Keep one of them; they are not merged.",
        )
    yield from (layer for layer in (own or table,) if layer)
    if config is not None:
        toml = config.suffix == ".toml"
        named = _pyproject(config.parent, config.name) if toml else _yaml(config.parent, config.name, read)
        if named is None:
            missing = f"has no [{TABLE}] table" if toml and config.is_file() else "does not exist"
            raise UsageError(f"--config: {config.name} {missing}", hint="Name a YAML file with settings.")
        yield named


def _yaml(folder: Path, name: str, read: Reader) -> _Layer | None:
    if not (folder / name).exists() and not (folder / name).is_symlink():
        if name == SETTINGS and (folder / "retailctl.yml").is_file():
            raise ConfigError(f"is not read: the name is {SETTINGS}", at=Location("retailctl.yml"), hint="Rename it.")
        return None
    try:
        parsed = read(folder, name)
    except InputError as error:
        if error.code == _EMPTY:  # everything commented out: the defaults hold
            return _Layer({}, None)
        raise ConfigError(error.message, at=error.at, hint=error.hint) from error
    return _Layer(parsed.data, parsed.locate)


def _pyproject(folder: Path, name: str) -> _Layer | None:
    text = read_text(folder, name)
    if text is None or "retailctl" not in text:  # most have no word on us: no need to parse them
        return None
    try:
        table = tomllib.loads(text).get("tool", {}).get("retailctl")
    except (tomllib.TOMLDecodeError, RecursionError, AttributeError) as error:
        raise ConfigError("is not valid TOML", at=Location(name), hint=f"Correct it: [{TABLE}] is read.") from error
    return None if table is None else _Layer(table, lambda path: locate_key(text, name, path))


def _checked(layer: _Layer) -> _Layer:
    """Validate one file by itself, so that its errors have its places."""
    from retailctl.workspace.boundary import validate

    locate = layer.locate or (lambda _path: Location(SETTINGS))
    checked = validate(layer.data, SettingsFile)
    if checked.value is None:
        first = next((p for p in checked.problems if p.code == UNKNOWN_KEY), checked.problems[0])
        error = first.as_config_error(locate, len(checked.problems) - 1)
        if first.code == UNKNOWN_KEY and any(word in str(first.path[-1]).lower() for word in _NEEDS_FLAG):
            error.hint = "A file cannot allow plug-ins, network, commands or outputs elsewhere; these need a flag."
        raise error
    return _Layer(layer.data, layer.locate, lambda key: str(locate(steps(key))))


def _environment(environ: Mapping[str, str]) -> _Layer:
    names = {key: "RETAILCTL_" + key.upper().replace("-", "_").replace(".", "_") for key in _FROM_ENVIRONMENT}
    data: dict[str, Any] = {}
    for key, name in names.items():
        text = environ.get(name)
        if text:
            value = [part.strip() for part in text.split(",") if part.strip()] if key == "packs" else text
            put(data, steps(key), value)
    return _given(data, lambda key: names.get(key, key))


def _flags(flags: Mapping[str, Any]) -> _Layer:
    data: dict[str, Any] = {}
    for key, value in flags.items():
        if value is not None:
            put(data, steps(key), value)
    return _given(data, lambda key: "--" + key.removeprefix("limits."))


def _given(data: dict[str, Any], origin: Callable[[str], str]) -> _Layer:
    from retailctl.workspace.boundary import validate

    for problem in validate(data, SettingsFile).problems:
        name = origin(".".join(str(step) for step in problem.path))
        raise UsageError(f"{name}: {problem.message.partition(': ')[2] or problem.message}", hint=problem.hint)
    return _Layer(data, None, origin)


def _validated(merged: dict[str, Any]) -> SettingsFile:
    from retailctl.workspace.boundary import adapter

    value: SettingsFile = adapter(SettingsFile).validate_python(merged)
    return value


def _default_reader(folder: Path, name: str) -> Parsed:
    import importlib

    parsed: Parsed = importlib.import_module("retailctl.workspace.reader").read_document(folder, name)
    return parsed
