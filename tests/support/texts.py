"""Documents as text: JSON or YAML, and the fixtures read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.needs import ROOT
from tests.support.walk import Document

FIXTURES = ROOT / "tests" / "fixtures" / "contracts"
NAMES = ("feeds", "loyalty", "orders", "payments", "stock")


class _Quoted(yaml.SafeDumper):
    """Texts in quotes: what PyYAML takes for a text without them may be a number in YAML 1.2."""

    def ignore_aliases(self, data: object) -> bool:
        """Write a value that occurs twice in full: an alias is another test's matter."""
        return True


_Quoted.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def to_yaml(document: Any) -> str:
    """The document as YAML, keys in their order."""
    return yaml.dump(document, Dumper=_Quoted, sort_keys=False, allow_unicode=True, width=200)


def to_json(document: Any, indent: int | None = 1) -> str:
    """The document as JSON, keys in their order."""
    return json.dumps(document, indent=indent, ensure_ascii=False)


def write(document: Any, path: Path) -> Path:
    """Write the document as its suffix says."""
    text = to_json(document) if path.suffix == ".json" else to_yaml(document)
    path.write_text(text, encoding="utf-8")
    return path


def fixture(name: str) -> Document:
    """One of the documents written for these tests."""
    document: Document = read(FIXTURES / f"{name}.yaml")
    return document


def read(path: Path) -> Any:
    """A document from JSON or YAML; numbers and texts as YAML 1.1 has them, which the fixtures do not depend on."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.CSafeLoader)
