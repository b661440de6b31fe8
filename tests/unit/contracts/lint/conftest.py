"""Lint of documents in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from retailctl.contracts.lint import LintFact, lint
from retailctl.contracts.references import Library
from retailctl.errors import IncompleteError, Location
from retailctl.workspace.reader import parse_bytes

Lint = Callable[..., tuple[LintFact, ...]]


@pytest.fixture
def lint_document() -> Lint:
    def run(
        document: object, files: Mapping[str, object] | None = None, *, strict: bool = False
    ) -> tuple[LintFact, ...]:
        """Lint ``api.json`` (or ``api.yaml`` for bytes) beside some other files."""
        root = "api.yaml" if isinstance(document, bytes) else "api.json"
        every = {root: document, **(files or {})}

        def read(path: str) -> Any:
            if path not in every:
                raise IncompleteError("cannot be read: No such file or directory", at=Location(path))
            content = every[path]
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            return parse_bytes(path, data, owned=False, require_mapping=False)

        return lint(Library(read, root), strict=strict)

    return run
