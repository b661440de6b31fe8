from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from retailctl.errors import ConfigError, InputError, Location, UsageError
from retailctl.workspace.settings import load_settings


class Parsed:
    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.raw = YAML(typ="rt", pure=True).load((folder / name).read_text())
        self.data = YAML(typ="safe", pure=True).load((folder / name).read_text())
        if self.data is None:
            raise InputError("INP010", "the file holds no data", at=Location(name))

    def locate(self, where: tuple[str | int, ...]) -> Location:
        node, line = self.raw, 0
        for step in where:
            line = node.lc.key(step)[0]
            node = node[step]
        return Location(self.name, line + 1)


def load(root: Path, **rest: Any) -> Any:
    return load_settings(root, read=Parsed, **rest)


def test_defaults_hold_without_any_file(tmp_path: Path) -> None:
    settings = load(tmp_path)
    values = settings.values
    assert (values.fail_on, values.packs, values.waiver_max_days) == ("error", ("retailctl:standard",), 180)
    assert (values.limits.file_mib, values.limits.depth) == (32, 100)
    assert (values.severity, values.params, values.sources) == ({}, {}, ())
    assert settings.origin("fail-on") == "default"


def test_each_source_beats_the_ones_below_it(tmp_path: Path) -> None:
    (tmp_path / "retailctl.yaml").write_text("name: file\nfail-on: info\n")
    (tmp_path / "extra.yaml").write_text("fail-on: warn\n")
    steps: list[tuple[dict[str, Any], str, str]] = [
        ({}, "info", "retailctl.yaml:2"),
        ({"config": tmp_path / "extra.yaml"}, "warn", "extra.yaml:1"),
        ({"environ": {"RETAILCTL_FAIL_ON": "never"}}, "never", "RETAILCTL_FAIL_ON"),
        ({"flags": {"fail-on": "error"}}, "error", "--fail-on"),
    ]
    given: dict[str, Any] = {}
    for more, value, origin in steps:
        given |= more
        settings = load(tmp_path, **given)
        assert (settings.values.fail_on, settings.origin("fail-on")) == (value, origin)
        assert settings.values.name == "file"


def test_rules_limits_and_parameters_merge_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "retailctl.yaml").write_text(
        "severity: {A: 'off', B: warn}\nlimits: {depth: 50}\nparams: {R: {days: 1, max: 2}}\npacks: [a]\n"
    )
    (tmp_path / "x.yaml").write_text("severity: {B: error}\nparams: {R: {days: 9}}\npacks: [b]\n")
    settings = load(tmp_path, config=tmp_path / "x.yaml", flags={"limits.nodes": 5000, "limits.file-mib": None})
    values = settings.values
    assert values.severity == {"A": "off", "B": "error"}
    assert values.params == {"R": {"days": 9, "max": 2}}
    assert values.packs == ("b",)
    assert (values.limits.depth, values.limits.nodes, values.limits.file_mib) == (50, 5000, 32)
    assert settings.origin("severity.A") == "retailctl.yaml:1"
    assert settings.origin("params.R.days") == "x.yaml:2"
    assert settings.origin("limits.nodes") == "--nodes"


def test_pyproject_is_read_and_located(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[tool.retailctl]\nfail-on = "warn"\n[tool.retailctl.limits]\ndepth = 50\n'
    )
    settings = load(tmp_path)
    assert (settings.values.fail_on, settings.values.limits.depth) == ("warn", 50)
    assert settings.origin("fail-on") == "pyproject.toml:4:1"
    assert settings.origin("limits.depth") == "pyproject.toml:6:1"


@pytest.mark.parametrize("text", ["[tool.other]\nx = 1\n", "not toml at all [", ""])
def test_a_pyproject_of_other_tools_does_not_matter(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "retailctl.yaml").write_text("name: x\n")
    assert load(tmp_path).values.name == "x"


def test_both_kinds_of_file_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.retailctl]\n")
    (tmp_path / "retailctl.yaml").write_text("name: x\n")
    with pytest.raises(ConfigError, match="both") as caught:
        load(tmp_path)
    assert caught.value.exit_code == 2
    assert load(tmp_path, no_config=True).values.name is None


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("name: x\nfailon: warn\n", "retailctl.yaml:2", "Did you mean fail-on?"),
        ("limits:\n  dept: 3\n", "retailctl.yaml:2", "Did you mean depth?"),
        ("plugins: [evil]\n", "retailctl.yaml:1", "need a flag"),
        ("allow-remote-refs: [h]\n", "retailctl.yaml:1", "need a flag"),
        ("output: ../../x\n", "retailctl.yaml:1", "need a flag"),
        ("exec: rm\nfail-on: eror\n", "retailctl.yaml:1", "need a flag"),
        ("fail-on: eror\n", "retailctl.yaml:1", "Did you mean error?"),
        ("limits: {depth: 100000}\n", "retailctl.yaml:1", ""),
    ],
)
def test_a_wrong_file_is_exit_2_with_place_and_next_step(tmp_path: Path, text: str, place: str, hint: str) -> None:
    (tmp_path / "retailctl.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert str(caught.value.at) == place
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"environ": {"RETAILCTL_FAIL_ON": "eror"}}, "RETAILCTL_FAIL_ON"),
        ({"environ": {"RETAILCTL_LIMITS_DEPTH": "deep"}}, "RETAILCTL_LIMITS_DEPTH"),
        ({"flags": {"limits.depth": 1}}, "--depth"),
        ({"config": Path("/no/such/file.yaml")}, "does not exist"),
        ({"config": Path("x.yaml"), "no_config": True}, "exclude each other"),
    ],
)
def test_a_wrong_flag_or_variable_is_named(tmp_path: Path, given: Mapping[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load(tmp_path, **given)


def test_environment_values_are_converted(tmp_path: Path) -> None:
    environ = {
        "RETAILCTL_FAIL_ON_UNKNOWN": "true",
        "RETAILCTL_PACKS": "a, b",
        "RETAILCTL_WAIVER_MAX_DAYS": "30",
        "RETAILCTL_NAME": "",
        "RETAILCTL_KEY": "something else",
    }
    values = load(tmp_path, environ=environ).values
    assert (values.fail_on_unknown, values.packs, values.waiver_max_days) == (True, ("a", "b"), 30)
    assert values.name is None


def test_a_file_with_comments_only_means_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "retailctl.yaml").write_text("# fail-on: warn\n")
    assert load(tmp_path).values.fail_on == "error"


def test_the_common_misspelling_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "retailctl.yml").write_text("fail-on: warn\n")
    with pytest.raises(ConfigError, match=r"the name is retailctl\.yaml"):
        load(tmp_path)
