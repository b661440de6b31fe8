"""One run on one workspace: settings, rules in force, date, and the documents read so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

from retailctl.api.options import AuditOptions
from retailctl.errors import InputError, Location, UsageError, ConfigError
from retailctl.model.governance_files import SettingsFile
from retailctl.model.rule import Rule
from retailctl.policy.pack import STANDARD, Overrides, Pack, load_rules, standard_pack
from retailctl.policy.validation import Parsed
from retailctl.workspace.boundary import adapter
from retailctl.workspace.discovery import WorkspaceFiles, find_root, list_files
from retailctl.workspace.document import Document
from retailctl.workspace.documents import Documents
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes


@dataclass(frozen=True, slots=True)
class Session:
    """What every verb starts from."""

    root: Path
    files: WorkspaceFiles
    documents: Documents
    settings: SettingsFile
    pack: Pack
    as_of: date
    options: AuditOptions

    @property
    def name(self) -> str:
        """Name of the estate for reports; the folder's name when the settings give none."""
        return self.settings.name or self.root.name

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Rules in force after --rule, --skip-rule and --tag, in id order."""
        options = self.options
        chosen = [
            rule
            for rule in self.pack.rules.values()
            if (not options.rules or rule.id in options.rules)
            and rule.id not in options.skip_rules
            and (not options.tags or set(options.tags) & set(rule.tags))
        ]
        return tuple(sorted(chosen, key=lambda rule: rule.id))


def open_session(start: Path | None, options: AuditOptions) -> Session:
    """Find the workspace and read its settings and packs.

    Raises WorkspaceNotFound, or ConfigError for a wrong settings or policy file: guessing there hides violations.
    """
    root = find_root(start or Path.cwd())
    files = list_files(root)
    documents = Documents(root, Limits())
    settings = SettingsFile()
    overrides = None
    if not options.no_config and (root / "retailctl.yaml").exists():
        document = config_document(documents, "retailctl.yaml")
        settings = adapter(SettingsFile).validate_python(document.data)
        overrides = Overrides(settings.severity or {}, settings.params or {}, document.locate)
    pack = _pack(settings, files, documents, overrides)
    as_of = options.as_of or datetime.now(UTC).date()
    session = Session(root, files, documents, settings, pack, as_of, options)
    for name in (*options.rules, *options.skip_rules):
        _known_rule(name, pack)
    return session


def config_document(documents: Documents, path: str) -> Document:
    """A file whose mistakes end the run: the content error becomes a ConfigError (exit 2)."""
    try:
        return documents.read(path)
    except InputError as error:
        raise ConfigError(error.message, at=error.at, hint=error.hint) from None


def parsed(document: Document) -> Parsed:
    """A document in the form that the policy package takes."""
    text = document.load() if document.load is not None else None
    return Parsed(document.path, document.data, document.locate_value, text or "")


def builtin_pack() -> Pack:
    """The pack that ships with the tool."""
    return standard_pack(lambda path, text: parsed(parse_bytes(path, text.encode())))


def _pack(
    settings: SettingsFile, files: WorkspaceFiles, documents: Documents, overrides: Overrides | None
) -> Pack:
    named = settings.packs or (STANDARD,)
    found = {path: parsed(config_document(documents, path)) for path in files.of("policy")}
    return load_rules(named, found, builtin_pack, overrides)


def _known_rule(name: str, pack: Pack) -> None:
    if name not in pack.rules:
        near = get_close_matches(name, pack.rules, n=1)
        hint = f"did you mean {near[0]}?" if near else "retailctl policy list shows all rules"
        raise UsageError(f"unknown rule {name!r}", hint=hint)


def somewhere(location: Location | None) -> tuple[Location, ...]:
    """A location as the tuple that findings carry."""
    return (location,) if location is not None else ()
