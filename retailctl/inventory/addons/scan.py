"""A tree of addons, one module at a time: only what was found stays in memory, never a file or its tree."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.inventory.addons.csv_records import csv_records, model_of
from retailctl.inventory.addons.facts import Loaded, Manifest, ModuleFacts
from retailctl.inventory.addons.manifest import manifest_of
from retailctl.inventory.addons.python_files import parse, python_facts
from retailctl.inventory.addons.tree import MANIFEST, ModuleFiles, Tree, tree_of
from retailctl.inventory.addons.xml_records import Read, xml_records
from retailctl.workspace.input_codes import SYNTAX
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_bytes

# A syntax tree takes up to five hundred times the size of its source; the largest files of Odoo have 0.6 MB.
PYTHON: Final = Limits(file_bytes=1024 * 1024)
DATA: Final = Limits()
Fingerprint = Callable[[str], str]


@dataclass(slots=True)
class Scan:
    """A tree under scan: ``modules()`` reads as it goes. ``shown`` is put before every path that is shown."""

    root: Path
    shown: str = ""
    fingerprint: Fingerprint | None = None
    progress: Callable[[int], None] = lambda _: None
    tree: Tree = field(init=False)
    unreadable: list[IncompleteError] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = tree_of(self.root, self.shown)
        self.unreadable = list(self.tree.unreadable)

    def modules(self) -> Iterator[ModuleFacts]:
        """Every module in order of its folder."""
        base = os.path.realpath(self.root)
        for files in self.tree.modules:
            yield self._module(files, base)

    def _module(self, files: ModuleFiles, base: str) -> ModuleFacts:
        technical = files.technical or self.root.resolve().name
        facts = ModuleFacts(
            path=f"{self.shown}{files.folder}".rstrip("/") or ".",
            technical=technical,
            is_test=technical.startswith("test_"),
            test_files=files.tests,
        )
        manifest = f"{files.folder}/{MANIFEST}" if files.folder else MANIFEST
        facts.manifest = self._manifest(facts, manifest, base)
        if facts.is_test:
            facts.test_files += len(files.python)
            return facts
        listed: dict[str, Loaded] = dict.fromkeys(facts.manifest.demo, "demo")
        listed |= dict.fromkeys(facts.manifest.data, "data")
        for path in files.python:
            facts.python_files += 1
            if path != manifest:
                self._read(facts, path, base, PYTHON, self._python)
        for path in files.xml:
            facts.xml_files += 1
            loaded = listed.get(files.inner(path), "unlisted")
            self._read(
                facts, path, base, DATA, lambda *given, loaded=loaded: self._records(xml_records, loaded, *given)
            )
        for path in files.csv:
            if model_of(path):
                facts.csv_files += 1
                loaded = listed.get(files.inner(path), "unlisted")
                self._read(
                    facts, path, base, DATA, lambda *given, loaded=loaded: self._records(csv_records, loaded, *given)
                )
        return facts

    def _read(
        self,
        facts: ModuleFacts,
        path: str,
        base: str,
        limits: Limits,
        use: Callable[[ModuleFacts, bytes, str], None],
    ) -> None:
        shown = f"{self.shown}{path}"
        try:
            data = read_bytes(self.root, path, limits=limits, base=base)
        except InputError as error:
            facts.problems.append(InputError(error.code, error.message, at=Location(shown), hint=error.hint))
            return
        except IncompleteError as error:
            self.unreadable.append(IncompleteError(error.message, at=Location(shown), hint=error.hint))
            return
        self.progress(len(data))
        try:
            use(facts, data, shown)
        except InputError as error:
            facts.problems.append(error)

    def _python(self, facts: ModuleFacts, data: bytes, shown: str) -> None:
        facts.add(python_facts(data, shown, self.fingerprint))

    def _records(self, read: Callable[..., Read], loaded: Loaded, facts: ModuleFacts, data: bytes, shown: str) -> None:
        found = read(data, shown, loaded, self.fingerprint)
        facts.records += found.records
        facts.open_access += found.open_access

    def _manifest(self, facts: ModuleFacts, path: str, base: str) -> Manifest:
        found: list[Manifest] = []

        def use(_: ModuleFacts, data: bytes, shown: str) -> None:
            manifest = manifest_of(parse(data, shown))
            if manifest is None:
                raise InputError(SYNTAX, "holds no dictionary", at=Location(shown), hint="write the manifest as one")
            found.append(manifest)

        self._read(facts, path, base, PYTHON, use)
        return found[0] if found else Manifest()
