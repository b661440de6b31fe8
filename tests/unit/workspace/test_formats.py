"""The list of endings, which everything that looks for documents of contracts asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retailctl.contracts.lint.events.languages import LANGUAGES
from retailctl.contracts.sets.languages import BY_LANGUAGE
from retailctl.errors import InputError
from retailctl.workspace import input_codes as codes
from retailctl.workspace.discovery import kind_of
from retailctl.workspace.formats import ENDINGS, JSON, YAML, ending_of, schema_language
from retailctl.workspace.reader import read_document


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_is_a_document_and_is_read(ending: str, tmp_path: Path) -> None:
    assert kind_of(f"contracts/shop/orders/v1/order{ending}") == "document"
    (tmp_path / f"A{ending.upper()}").write_text(json.dumps({"a": 1}))
    document = read_document(tmp_path, f"A{ending.upper()}", owned=False)
    assert document.data == ({"a": 1} if ENDINGS[ending].format in (JSON, YAML) else '{"a": 1}')


def test_every_language_with_files_is_in_the_indexes() -> None:
    languages = {row.language for row in ENDINGS.values()}
    assert languages == set(BY_LANGUAGE)
    assert languages - {None} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("path", "language"),
    [("a/b.avsc", "avro"), ("B.PROTO", "protobuf"), ("a.json", None), ("avsc", None), ("a.avsc/b", None)],
)
def test_the_name_of_a_file_tells_its_language(path: str, language: str | None) -> None:
    assert schema_language(path) == language


@pytest.mark.parametrize("path", ["a.xsd", "a", "a.proto.txt"])
def test_other_endings_are_not_read(path: str, tmp_path: Path) -> None:
    assert ending_of(path) is None
    (tmp_path / path).write_text("a: 1")
    with pytest.raises(InputError) as raised:
        read_document(tmp_path, path)
    assert raised.value.code == codes.FORMAT
    assert all(ending in (raised.value.hint or "") for ending in ENDINGS)
