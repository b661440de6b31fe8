"""Two scans: what is new, gone or changed, and what nobody looked at."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.inventory.assemble import declared, entries_of
from retailctl.inventory.drift import Drift, Scan, drift, scan_of
from retailctl.model.inventory_file import InventoryFile
from retailctl.workspace.boundary import adapter
from tests.needs import require
from tests.unit.inventory.commands import Ended, run, workspace

WINDOW = {"from": "2026-10-01", "to": "2026-10-31"}
HAND: dict[str, Any] = {
    "systems": [{"id": "odoo", "layer": "business"}, {"id": "shop", "layer": "channel"}, {"id": "esb", "layer": "integration"}],
    "interfaces": [{"id": "if-a", "provider": "odoo", "consumers": ["shop"]}],
}  # fmt: skip


def looked(source: str = "access-log", scope: str = "odoo") -> dict[str, Any]:
    return {"source": source, "scope": scope, "window": WINDOW}


def seen(id_: str, source: str = "access-log", **more: Any) -> dict[str, Any]:
    return {"id": id_, "sightings": [{"source": source, "at": "2026-10-31"}], **more}


def side(*files: dict[str, Any], hand: dict[str, Any] | None = None) -> Scan:
    def items(path: str, data: dict[str, Any]) -> list[Any]:
        return list(declared(path, entries_of(adapter(InventoryFile).validate_python(data))))

    observed = [one for number, data in enumerate(files) for one in items(f"inventories/observed/{number}.yaml", data)]
    return scan_of(observed, items("inventories/a.yaml", hand if hand is not None else HAND))


def told(found: list[Drift]) -> list[tuple[str, str, str, str]]:
    return [(one.status, one.kind, one.id, one.what) for one in found]


def test_what_a_source_that_looked_again_does_not_see_is_gone() -> None:
    old = side({"coverage": [looked()], "interfaces": [seen("if-a"), seen("if-b")]})
    new = side({"coverage": [looked()], "interfaces": [seen("if-a")]})
    (one,) = drift(old, new)
    assert (one.status, one.id, one.looked, one.declared, one.sources) == ("gone", "if-b", True, False, ("access-log",))


@pytest.mark.parametrize(
    "coverage",
    [
        [],
        [looked("register")],
        [looked(scope="crm")],
        [{"source": "access-log", "scope": "odoo"}],  # without a window
    ],
)
def test_outside_coverage_nothing_is_gone(coverage: list[dict[str, Any]]) -> None:
    old = side({"coverage": [looked()], "interfaces": [seen("if-b", consumers=["shop"])], "credentials": [seen("svc")]})
    new = side({"coverage": coverage})
    found = drift(old, new)
    assert {one.status for one in found} == {"not looked"} and all("did not look" in one.after for one in found)
    assert {one.id for one in found} == {"if-b", "svc"}


def test_every_source_has_to_look_again() -> None:
    old = side(
        {"coverage": [looked()], "interfaces": [seen("if-b")]},
        {"coverage": [looked("register", "*")], "interfaces": [seen("if-b", "register")]},
    )
    half = side({"coverage": [looked()]})
    whole = side({"coverage": [looked(), looked("register", "*")]})
    assert told(drift(old, half)) == [("not looked", "interface", "if-b", "")]
    assert drift(old, half)[0].after == "register did not look"
    assert told(drift(old, whole)) == [("gone", "interface", "if-b", "")]


def test_an_entry_without_any_coverage_is_never_gone() -> None:
    assert told(drift(side({"systems": [{"id": "x"}]}), side({"coverage": [looked(scope="*")]}))) == [
        ("not looked", "system", "x", "")
    ]


def test_of_several_scopes_that_of_the_provider_counts() -> None:
    two = [looked(), looked(scope="wms")]
    old = side({"coverage": two, "interfaces": [seen("if-a"), seen("if-w", provider="wms")]})
    new = side({"coverage": [looked()]})
    assert told(drift(old, new)) == [("gone", "interface", "if-a", ""), ("not looked", "interface", "if-w", "")]


def test_a_new_consumer_that_nobody_declared() -> None:
    old = side({"coverage": [looked()], "interfaces": [seen("if-a", consumers=["shop"])]})
    new = side({"coverage": [looked()], "interfaces": [seen("if-a", consumers=["shop", "lake"])]})
    consumer, edge = drift(old, new)
    assert (consumer.status, consumer.kind, consumer.what, consumer.declared) == ("new", "consumer", "lake", False)
    assert (edge.kind, edge.id, edge.after) == ("edge", "lake - odoo", "if-a")  # nobody says in which layer the lake is
    assert told(drift(new, old)) == [("gone", "consumer", "if-a", "lake")]


def test_a_new_direct_edge_and_none_through_the_integration_layer() -> None:
    old = side({"coverage": [looked()]})
    more = [
        seen("if-x", provider="shop", consumers=["odoo"]),
        seen("if-y", provider="pos", consumers=["odoo"]),
        seen("if-z", provider="esb", consumers=["odoo"]),
    ]
    layers = {**HAND, "systems": [*HAND["systems"], {"id": "pos", "layer": "channel"}]}
    found = drift(
        side({"coverage": [looked()]}, hand=layers), side({"coverage": [looked()], "interfaces": more}, hand=layers)
    )
    assert [one.id for one in found if one.kind == "direct edge"] == ["odoo - pos"]
    assert drift(old, old) == []


def test_what_was_first_looked_at_now_is_new_and_says_so() -> None:
    (first,) = drift(side({}), side({"coverage": [looked()], "interfaces": [seen("if-b")]}))
    assert (first.status, first.looked, first.before) == ("new", False, "not looked")


def test_attributes_that_changed() -> None:
    old = side(
        {
            "interfaces": [seen("if-b", owner="team-a", classification={"criticality": "A"})],
            "credentials": [seen("svc", scopes=["a", "b"])],
        }
    )
    new = side(
        {
            "interfaces": [seen("if-b", owner="team-b", classification={"criticality": "A"})],
            "credentials": [seen("svc", scopes=["b", "a", "c"])],
        }
    )
    assert [(one.kind, one.what, one.before, one.after) for one in drift(old, new)] == [
        ("credential", "scopes", "a, b", "a, b, c"), ("interface", "owner", "team-a", "team-b")
    ]  # fmt: skip


entries = st.lists(
    st.builds(lambda i, c, s: seen(i, s, consumers=c), st.sampled_from(["if-1", "if-2", "if-3"]),
              st.lists(st.sampled_from(["shop", "lake"]), unique=True), st.sampled_from(["access-log", "kong"])),
    max_size=4, unique_by=lambda entry: str(entry["id"]),
)  # fmt: skip
files = st.builds(lambda e, c: {"interfaces": e, "coverage": c}, entries,
                  st.lists(st.builds(looked, st.sampled_from(["access-log", "kong"]), st.sampled_from(["odoo", "*"])), max_size=2))  # fmt: skip


@given(files, files)
def test_new_one_way_is_gone_or_not_looked_the_other_way(a: dict[str, Any], b: dict[str, Any]) -> None:
    def of(found: list[Drift], *status: str) -> set[tuple[str, str, str]]:
        return {(one.kind, one.id, one.what) for one in found if one.status in status and "edge" not in one.kind}

    there, back = drift(side(a), side(b)), drift(side(b), side(a))
    assert of(there, "new") == of(back, "gone", "not looked")
    assert drift(side(a), side(a)) == []
    silent = side({**b, "coverage": []})
    assert not of(drift(side(a), silent), "gone")  # without coverage nothing is ever gone


OBSERVED = """\
coverage: [{source: access-log, scope: odoo, window: {from: 2026-10-01, to: 2026-10-31}}]
interfaces:
  - id: if-a
    owner: team-a
    consumers: [shop]
    sightings: [{source: access-log, at: 2026-10-31}]
  - id: "if-=cmd|x"
    sightings: [{source: access-log, at: 2026-10-31}]
"""
LATER = OBSERVED.replace("team-a", "team-b").replace("[shop]", "[shop, lake]").rsplit("  - id", 1)[0]


def git(root: Path, *args: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *args], cwd=root, check=True, capture_output=True
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    require("git")
    hand = "interfaces: [{id: if-a, provider: odoo, consumers: [shop]}]\n"
    monkeypatch.chdir(workspace(tmp_path, {"inventories/a.yaml": hand, "inventories/observed/log.yaml": OBSERVED}))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    (tmp_path / "inventories/observed/log.yaml").write_text(LATER)
    workspace(tmp_path / "scans", {"old/log.yaml": OBSERVED, "new/log.yaml": LATER})
    (tmp_path / "scans/retailctl.yaml").unlink()
    return tmp_path


def diffed(capsys: pytest.CaptureFixture[str], *args: str) -> Ended:
    return run(capsys, "inventory", "diff", *args)


@pytest.mark.parametrize(
    "sides", [("--since", "HEAD"), ("HEAD", "inventories/observed"), ("scans/old", "scans/new"), ("HEAD", ".")]
)
def test_a_revision_a_folder_and_a_workspace_are_sides(
    root: Path, capsys: pytest.CaptureFixture[str], sides: tuple[str, ...]
) -> None:
    ended = diffed(capsys, *sides)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert "gone: interface if-=cmd|x (not declared; by access-log)" in lines
    assert "new: consumer if-a lake (not declared; by access-log)" in lines
    assert "changed: interface if-a owner: team-a -> team-b (by access-log)" in lines
    assert lines[-1].endswith("2 new, 1 gone, 1 changed")


def test_formats_say_the_same(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = json.loads(diffed(capsys, "--since", "HEAD", "-f", "json").out)
    assert page["counts"] == {"new": 2, "gone": 1, "changed": 1, "not looked": 0}
    rows = list(csv.DictReader(io.StringIO(diffed(capsys, "--since", "HEAD", "-f", "csv").out)))
    assert [(row["status"], row["id"]) for row in rows] == [(row["status"], row["id"]) for row in page["rows"]]
    text = diffed(capsys, "--since", "HEAD", "-f", "markdown").out
    assert "| gone | interface | if-=cmd\\|x |" in text and text.startswith("## HEAD against as it is\n")
    assert text == diffed(capsys, "--since", "HEAD", "-f", "markdown").out


def test_no_difference_is_zero_and_exit_zero_forgives(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diffed(capsys, "HEAD", "HEAD").out == "HEAD against HEAD: no difference\n"
    assert diffed(capsys, "HEAD", "HEAD").code == 0
    assert diffed(capsys, "--since", "HEAD", "--exit-zero").code == 0


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "inventory diff needs A and B, or --since REV"),
        (("HEAD",), 2, "inventory diff needs A and B, or --since REV"),
        (("HEAD", "nothing"), 2, "no revision nothing"),
        (("HEAD", "inventories/a.yaml"), 2, "inventories/a.yaml is no folder"),
        (("HEAD", "broken"), 3, "broken.yaml"),
    ],
)
def test_a_side_that_cannot_be_read_is_told(
    root: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], code: int, said: str
) -> None:
    (root / "broken").mkdir()
    (root / "broken/broken.yaml").write_text("interfaces: [{id: [}\n")
    ended = diffed(capsys, *args)
    assert ended.code == code and said in ended.err and "Traceback" not in ended.err
