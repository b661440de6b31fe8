"""One run on one workspace: settings, rules in force, date, and the documents read so far."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from retailctl.api.effective import Effective, effective_settings
from retailctl.api.identity import tool_identity
from retailctl.api.options import AuditOptions
from retailctl.errors import ConfigError, InputError, UsageError
from retailctl.model.governance_files import SettingsFile
from retailctl.model.report import FailOn
from retailctl.model.rule import Rule
from retailctl.policy.pack import STANDARD, Pack, load_rules, standard_pack
from retailctl.policy.validation import Parsed
from retailctl.workspace.cache import Cache, open_cache
from retailctl.workspace.discovery import WorkspaceFiles, find_root, list_files
from retailctl.workspace.document import Document
from retailctl.workspace.documents import Documents
from retailctl.workspace.reader import parse_bytes


@dataclass(frozen=True)
class Session:
    """What every verb starts from. Packs are read when the first rule is asked for."""

    root: Path
    files: WorkspaceFiles
    documents: Documents
    effective: Effective
    as_of: date
    options: AuditOptions
    cache: Cache

    @property
    def settings(self) -> SettingsFile:
        """The settings in force."""
        return self.effective.settings

    @property
    def name(self) -> str:
        """Name of the estate for reports; the folder's name when the settings give none."""
        return self.settings.name or self.root.name

    @property
    def fail_on(self) -> FailOn:
        """Lowest severity that gives exit code 1."""
        return self.settings.fail_on or "error"

    @cached_property
    def pack(self) -> Pack:
        """All rules in force. Raises ConfigError for a wrong pack, or a rule that --rule does not find."""
        named = self.settings.packs or (STANDARD,)
        found = {path: parsed(config_document(self.documents, path)) for path in self.files.of("policy")}
        pack = load_rules(named, found, builtin_pack, self.effective.overrides)
        for name in (*self.options.rules, *self.options.skip_rules):
            _known("rule", name, pack.rules, "retailctl policy list shows all rules")
        tags = sorted({tag for rule in pack.rules.values() for tag in rule.tags})
        for name in self.options.tags:
            _known("tag", name, tags, f"the rules in force have {', '.join(tags)}")
        return pack

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
        if not chosen and self.pack.rules and (options.rules or options.skip_rules or options.tags):
            raise UsageError(
                "no rule is left to judge by", hint="--rule, --skip-rule and --tag exclude each other here"
            )
        return tuple(sorted(chosen, key=lambda rule: rule.id))


def open_session(start: Path | None, options: AuditOptions) -> Session:
    """Find the workspace and its settings.

    Raises WorkspaceNotFound, or ConfigError for wrong settings: guessing there hides violations.
    """
    root = find_root(start or Path.cwd())
    effective = effective_settings(root, options)
    cache = open_cache(root, os.environ, enabled=options.use_cache)
    documents = Documents(root, effective.limits, cache, tool_identity())
    as_of = options.as_of or datetime.now(UTC).date()
    return Session(root, list_files(root), documents, effective, as_of, options, cache)


def config_document(documents: Documents, path: str) -> Document:
    """A file whose mistakes end the run: the content error becomes a ConfigError (exit 2)."""
    try:
        return documents.read(path)
    except InputError as error:
        raise ConfigError(error.message, at=error.at, hint=error.hint) from None


def parsed(document: Document) -> Parsed:
    """A document in the form that the policy package takes."""
    text = document.load() if document.load is not None else None
    return Parsed(document.path, document.data, document.locate, text or "", document.locate_value)


@cache
def builtin_pack() -> Pack:
    """The pack that ships with the tool; read once, since its files do not change while it runs."""
    return standard_pack(lambda path, text: parsed(parse_bytes(path, text.encode())))


def _known(what: str, name: str, names: Collection[str], otherwise: str) -> None:
    """Raise UsageError for a name that is none of these: a run that judges nothing must not look clean."""
    if name not in names:
        near = [one for one in names if one.lower() == name.lower()] or get_close_matches(name, names, n=1)
        raise UsageError(f"unknown {what} {name!r}", hint=f"did you mean {near[0]}?" if near else otherwise)
