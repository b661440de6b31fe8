"""Severity files: the text of oasdiff, the mapping of the settings, and mistakes with their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.contracts.rules.rules import all_rules
from retailctl.contracts.rules.severity_file import read_severities, read_severity_file
from retailctl.errors import ConfigError, IncompleteError

TEXT = """\
# What our partners can live with
api-security-added\terr
  request-property-removed   INFO   # they send it for years

response-optional-property-removed Warn
api-tag-added none
api-tag-added info
"""
LEVELS = {
    "api-security-added": "ERR",
    "request-property-removed": "INFO",
    "response-optional-property-removed": "WARN",
    "api-tag-added": "INFO",
}


@pytest.mark.parametrize("data", [TEXT.encode(), TEXT.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + TEXT.encode()])
def test_lines_of_an_id_and_a_level(data: bytes) -> None:
    assert read_severities("levels.txt", data) == LEVELS


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("levels.yaml", "severity: {api-tag-added: off, sunset-deleted: error, webhook-removed: hint}"),
        ("levels.yml", "severity:\n  api-tag-added: none\n  sunset-deleted: ERR\n  webhook-removed: info\n"),
        ("levels.JSON", '{"severity": {"api-tag-added": "off", "sunset-deleted": "err", "webhook-removed": "info"}}'),
        ("retailctl.yaml", "name: x\nseverity: {api-tag-added: off, sunset-deleted: error, webhook-removed: info}"),
    ],
)
def test_the_mapping_of_the_settings(path: str, text: str) -> None:
    expected = {"api-tag-added": "none", "sunset-deleted": "ERR", "webhook-removed": "INFO"}
    assert read_severities(path, text.encode()) == expected


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_a_file_may_say_nothing(text: str) -> None:
    assert read_severities("levels.txt", text.encode()) == {}


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (
            "a.txt",
            "api-tag-added err\nrequest-property-remved err\n",
            "a.txt:2:1: unknown rule 'request-property-remved'\n  hint: Did you mean request-property-removed?",
        ),
        ("a.txt", "zzz err", "a.txt:1:1: unknown rule 'zzz'\n  hint: retailctl explain --all lists every id"),
        (
            "a.txt",
            "\n  api-tag-added loud",
            "a.txt:2:3: unknown level 'loud' of api-tag-added\n  hint: one of err, warn, info, none",
        ),
        (
            "a.txt",
            "api-tag-added\n",
            "a.txt:1:1: expected an id and a level\n  hint: for example: endpoint-added none",
        ),
        (
            "a.txt",
            "api-tag-added err now",
            "a.txt:1:1: expected an id and a level\n  hint: for example: endpoint-added none",
        ),
        (
            "a.yaml",
            "severity:\n  api-tag-added: err\n  api-tag-aded: err\n  api-tag-removed: 3\n",
            "a.yaml:3:3: unknown rule 'api-tag-aded' (and 1 more in this file)\n  hint: Did you mean api-tag-added?",
        ),
        ("a.yaml", "api-tag-added: err", "a.yaml:1:1: expected a mapping 'severity' from rule id to level"),
        ("a.json", '{"severity": []}', "a.json:1:1: expected a mapping 'severity' from rule id to level"),
    ],
)
def test_a_mistake_is_told_with_its_place(path: str, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_severities(path, text.encode())
    assert str(raised.value) == told
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.txt", b"api-tag-added \xff"),
        ("a.yaml", b"severity: {api-tag-added: err, api-tag-added: warn}"),
        ("a.yaml", b"severity: ["),
        ("a.yaml", b"- api-tag-added"),
        ("a.json", b"{" * 100_000),
        ("a.txt", b"x" * 1_000_000 + b" err"),
        ("a.txt", b"api-tag-added " + b"x" * 1_000_000),
    ],
)
def test_what_cannot_be_understood_is_a_mistake_of_the_configuration(path: str, data: bytes) -> None:
    with pytest.raises(ConfigError) as raised:
        read_severities(path, data)
    assert len(str(raised.value)) < 1000


def test_a_file_is_read_below_its_root_only(tmp_path: Path) -> None:
    (tmp_path / "estate").mkdir()
    (tmp_path / "levels.txt").write_text(TEXT)
    (tmp_path / "estate" / "levels.txt").write_text("api-tag-added err")
    assert read_severity_file(tmp_path / "estate", "levels.txt") == {"api-tag-added": "ERR"}
    with pytest.raises(ConfigError, match="leaves the workspace"):
        read_severity_file(tmp_path / "estate", "../levels.txt")
    with pytest.raises(IncompleteError, match="cannot be read"):
        read_severity_file(tmp_path / "estate", "none.txt")


@given(st.dictionaries(st.sampled_from(sorted(all_rules())), st.sampled_from(["ERR", "WARN", "INFO", "none"])))
def test_what_is_written_is_read(levels: dict[str, str]) -> None:
    lines = "".join(f"{id_} {level}\n" for id_, level in levels.items())
    assert read_severities("levels.txt", lines.encode()) == levels


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert set(read_severities("levels.txt", text.encode())) <= set(all_rules())
    except ConfigError as error:
        assert error.at is not None
