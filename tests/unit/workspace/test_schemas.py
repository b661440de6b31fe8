from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate as validate_openapi
from ruamel.yaml import YAML

from retailctl.errors import UsageError
from retailctl.workspace.boundary import validate
from retailctl.workspace.discovery import kind_of, list_files
from retailctl.workspace.edits import append_to_list
from retailctl.workspace.schema_examples import EXAMPLES
from retailctl.workspace.schemas import KINDS, file_schema
from retailctl.workspace.starter import init_files

OWN = [kind for kind, each in KINDS.items() if each.type is not None]


def load(text: str) -> Any:
    """Dates stay text, as in the reader of the workspace and in editors."""
    yaml = YAML(typ="safe", pure=True)
    return json.loads(json.dumps(yaml.load(text), default=str))


@pytest.mark.parametrize("kind", OWN)
def test_a_schema_is_valid_and_its_example_passes_schema_and_model(kind: str) -> None:
    schema = file_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/{kind}.json")
    assert schema["title"] and schema["description"]
    assert list(Draft202012Validator(schema).iter_errors(EXAMPLES[kind])) == []
    assert validate(EXAMPLES[kind], KINDS[kind].type).problems == ()


def errors(kind: str, data: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(file_schema(kind)).iter_errors(data)]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("contract", {"id": 7, "kind": "openapi", "versions": [{"version": 1.10}]}),
        ("inventory", {"interfaces": [{"id": 10, "owner": True, "consumers": ["a", {"system": "b"}]}]}),
        ("inventory", {"events": [{"id": "e", "dlq": "none"}, {"id": "f", "dlq": {"name": "q"}}]}),
        ("inventory", {"interfaces": [{"id": "a", "reconciliation": {"tolerance": {"amount": "0.01"}}}]}),
        (
            "inventory",
            {"interfaces": [{"id": "a", "key": {"protocol": "http", "method": "GET"}}], "teams": None},
        ),
        ("wave", {"wave": {"id": "w", "coexistence": {"legacy": "a", "new": "b"}}}),
        ("wave", {"wave": {"id": "w"}, "hypercare": {"days": 3, "exit": {"p1": 0, "p2": "<=2"}}}),
    ],
)
def test_what_the_reader_accepts_is_not_flagged(kind: str, data: Any) -> None:
    assert validate(data, KINDS[kind].type).problems == ()
    assert errors(kind, data) == []


@pytest.mark.parametrize(
    ("kind", "data", "place"),
    [
        ("inventory", {"interfaces": [{"name": "x"}]}, "$.interfaces[0]"),
        ("inventory", {"sytems": []}, "$"),
        ("inventory", {"interfaces": [{"id": "", "mode": "sync"}]}, "$.interfaces[0].id"),
        ("waivers", {"waivers": [{"rule": "A"}]}, "$.waivers[0]"),
        ("policy", {"schema": "retailctl/policy/v2"}, "$.schema"),
        ("settings", {"plugins": []}, "$"),
        ("settings", {"limits": {"depth": 5}}, "$.limits"),
    ],
)
def test_what_the_model_refuses_is_flagged(kind: str, data: Any, place: str) -> None:
    assert validate(data, KINDS[kind].type).problems
    assert place in errors(kind, data)


def test_titles_are_not_made_up_and_examples_reach_the_editor() -> None:
    interface = file_schema("inventory")["$defs"]["Interface"]["properties"]
    assert "title" not in interface["owner"]
    assert interface["owner"]["description"] == "Team that answers for it."
    assert file_schema("waivers")["$defs"]["Waiver"]["properties"]["rule"]["examples"] == ["SEC-01"]


def test_schemas_do_not_depend_on_the_hash_seed() -> None:
    script = "from retailctl.workspace.starter import init_files; print(init_files('x'))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_a_schema_made_elsewhere_is_hooked_in() -> None:
    with pytest.raises(UsageError):
        file_schema("report")
    schema = file_schema("report", others={"report": lambda: {"type": "object", "title": "x"}})
    assert (schema["type"], schema["$id"]) == ("object", "https://retailctl.dev/schemas/v1/report.json")


def test_an_unknown_kind_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        file_schema("waiver")
    assert caught.value.hint == "Did you mean waivers?"


@pytest.mark.parametrize("name", ["Nordlicht", "a: b # c", "'\"", "null", "Über ☃"])
def test_a_new_workspace_is_valid(tmp_path: Path, name: str) -> None:
    files = init_files(name)
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    listed = list_files(tmp_path)
    assert listed.skipped == listed.outside == ()
    for kind, path in listed:
        if kind not in KINDS:
            continue
        data = load(files[path])
        assert validate(data, KINDS[kind].type).problems == ()
        assert errors(kind, data) == []
        first, marker = files[path].splitlines()[0], "# yaml-language-server: $schema="
        assert first.startswith(marker)
        schema = (tmp_path / path).parent / first.removeprefix(marker)
        assert json.loads(schema.read_text())["$id"].endswith(f"/{kind}.json")
    assert load(files["retailctl.yaml"])["name"] == name
    validate_openapi(load(files["contracts/order/order-api/v1/openapi.yaml"]))
    assert ".retailctl/" in files[".gitignore"]


def test_a_waiver_can_be_added_to_the_new_file() -> None:
    path = "policies/waivers.yaml"
    assert kind_of(path) == "waivers"
    new = append_to_list(init_files("x")[path], "waivers", EXAMPLES["waivers"]["waivers"][0])
    assert validate(load(new), KINDS["waivers"].type).value is not None


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b", "x" * 101])
def test_a_name_that_breaks_files_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        init_files(name)
