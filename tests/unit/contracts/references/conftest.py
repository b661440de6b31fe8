"""A library over documents in memory: the reader knows these paths and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from retailctl.contracts.references import Library
from retailctl.errors import IncompleteError, Location
from retailctl.workspace.reader import parse_bytes

MakeLibrary = Callable[..., Library]


@pytest.fixture
def library() -> MakeLibrary:
    def make(files: Mapping[str, object], root: str = "api/openapi.json", **options: Any) -> Library:
        def read(path: str) -> Any:
            if path not in files:
                raise IncompleteError("cannot be read: No such file or directory", at=Location(path))
            content = files[path]
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            return parse_bytes(path, data, owned=False, require_mapping=False)

        return Library(read, root, **options)

    return make
