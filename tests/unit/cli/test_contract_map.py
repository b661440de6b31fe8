"""``retailctl contract map`` from the command line: what people and programs get. RETAILCTL_UPDATE_GOLDEN=1 renews."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from retailctl.cli.main import main
from tests.unit.api.contracts.mapped import API_2, MAP, SCHEMA, THE_MAP, Json, edited, openapi, world
from tests.unit.api.contracts.test_maps import rename, say

GOLDEN = Path(__file__).parents[2] / "golden" / "map"
Map = Callable[..., tuple[int, str]]


def entries(made: Json) -> None:
    """One of every kind of entry and finding."""
    made["fields"]["gift_note"] = {"type": "string", "note": "a | b"}
    for edit in (
        say(1, "placed_at", derived="From occurred_at."),
        say(1, "total", path="amount", conversion="Decimal as text."),
        say(2, "gift_note", dropped="Never read."),
        say(0, "lines[].quantity", path="lines[].pieces", unit="piece"),
    ):
        edit(made)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = world(
        tmp_path,
        mapped=entries,
        event=lambda schema: schema["properties"].update(gift_note={"type": "string"}, extra={}),
        more={API_2: openapi(edited(SCHEMA, rename("placed_at", "ordered_on")), "2.0.0")},
    )
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def call(shop: Path, capsys: pytest.CaptureFixture[str]) -> Map:
    def run(*arguments: str) -> tuple[int, str]:
        code = main(["contract", "map", *arguments, "--as-of", "2026-11-20", "--no-cache"])
        return code, capsys.readouterr().out

    return run


@pytest.mark.parametrize(("name", "suffix"), [("text", "txt"), ("json", "json"), ("markdown", "md")])
def test_a_map_looks_as_agreed(call: Map, name: str, suffix: str) -> None:
    code, out = call("-f", name)
    assert code == 0
    path = GOLDEN / f"order.{suffix}"
    if os.environ.get("RETAILCTL_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(out.encode())
    assert out == path.read_bytes().decode()


def test_the_exit_code_tells_only_when_it_is_asked(call: Map) -> None:
    assert [call(*flags)[0] for flags in ((), ("--check",), ("--check", "--exit-zero"))] == [0, 1, 0]
    assert call("--check", "--fail-on", "never")[0] == 0


def test_a_field_and_a_name_choose(call: Map) -> None:
    code, out = call("order-events", "--field", "placedAt", "-f", "json")
    page = json.loads(out)
    assert code == 0
    assert [field["field"] for field in page["maps"][0]["fields"]] == ["placed_at"]
    assert {one["subject"].rpartition(": ")[2] for one in page["findings"]} == {"placed_at"}


@pytest.mark.parametrize("arguments", [("invoice",), ("--field", "a..b"), ("--field", "none")])
def test_what_is_in_no_map_is_exit_2(call: Map, arguments: tuple[str, ...]) -> None:
    assert call(*arguments) == (2, "")


def test_a_map_that_is_wrong_is_shown_as_a_finding(shop: Path, call: Map) -> None:
    (shop / MAP).write_text(json.dumps(edited(THE_MAP, say(0, "totl", path="x"))))
    code, out = call("--check")
    assert code == 1
    assert "the entity has no field totl" in out


def test_without_a_map_it_says_how_to_write_one(shop: Path, call: Map) -> None:
    (shop / MAP).unlink()
    code, out = call()
    assert code == 0
    assert "a set is declared in a file such as contracts/order/order.map.yaml" in out
