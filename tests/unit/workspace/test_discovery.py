from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Self

import pytest

from retailctl.errors import WorkspaceNotFound
from retailctl.workspace.discovery import find_root, kind_of, list_files


def touch(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("retailctl.yaml", "settings"),
        ("inventories/orders.yaml", "inventory"),
        ("inventories/observed/log.yml", "inventory"),
        ("inventories/a/b.json", "inventory"),
        ("inventories/ids.lock.yaml", "ids"),
        ("inventories/merges.yaml", "merges"),
        ("inventories/observed/merges.yaml", "inventory"),
        ("inventories/readme.txt", None),
        ("contracts/orders/order-api/contract.yaml", "contract"),
        ("contracts/orders/order-api/v1/openapi.yaml", "document"),
        ("contracts/orders/o/v1/order.avsc", "document"),
        ("contracts/readme.md", None),
        ("policies/estate.yaml", "policy"),
        ("policies/waivers.yaml", "waivers"),
        ("policies/waivers.yml", "waivers"),
        ("policies/baseline.json", "baseline"),
        ("migrations/plan.yaml", "plan"),
        ("migrations/freezes.yaml", "freezes"),
        ("migrations/w2/wave.yaml", "wave"),
        ("migrations/w2/parallel/orders.yaml", "parallel"),
        ("migrations/w2/evidence/2026-run.yaml", "evidence"),
        ("migrations/w2/evidence/history/orders.jsonl", "history"),
        ("migrations/w2/ledger.jsonl", "ledger"),
        ("migrations/w2/ledger.head", "ledger"),
        ("migrations/w2/notes.yaml", None),
        ("inventories/x\n.yaml", "inventory"),
        ("inventories/x.yaml\n", None),
    ],
)
def test_the_path_tells_the_kind(tmp_path: Path, path: str, kind: str | None) -> None:
    assert kind_of(path) == kind
    touch(tmp_path, path)
    files = list_files(tmp_path)
    assert files.skipped == (() if kind else (path,))
    assert list(files) == ([(kind, path)] if kind else [])


@pytest.mark.parametrize("marker", ["retailctl.yaml", "inventories/a.yaml"])
def test_the_root_is_found_from_below(tmp_path: Path, marker: str) -> None:
    touch(tmp_path, marker, "contracts/a/b/c.yaml")
    assert find_root(tmp_path / "contracts/a/b") == tmp_path
    assert find_root(tmp_path / "contracts/a/b/c.yaml") == tmp_path
    assert find_root(tmp_path) == tmp_path


def test_the_closest_workspace_wins(tmp_path: Path) -> None:
    touch(tmp_path, "retailctl.yaml", "sub/inventories/x.yaml", "sub/deep/y")
    assert find_root(tmp_path / "sub/deep") == tmp_path / "sub"


def test_the_search_ends_at_the_git_root_and_at_home(tmp_path: Path) -> None:
    touch(tmp_path, "retailctl.yaml", "repo/.git/HEAD", "repo/a/x", "home/b/x")
    with pytest.raises(WorkspaceNotFound, match="neither") as caught:
        find_root(tmp_path / "repo/a")
    assert caught.value.exit_code == 2
    assert "retailctl init" in caught.value.hint
    with pytest.raises(WorkspaceNotFound):
        find_root(tmp_path / "home/b", home=tmp_path / "home")
    assert find_root(tmp_path / "home/b", home=tmp_path) == tmp_path


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound, match="no such folder"):
        find_root(tmp_path / "nope")


def test_hidden_files_are_left_out_and_order_is_that_of_the_path(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "inventories/b.yaml",
        "inventories/.x.yaml",
        "inventories/.git/a.yaml",
        "inventories/a/z.yaml",
    )
    touch(tmp_path, "inventories/B.yaml", "inventories/a.yaml", "other/c.yaml", ".retailctl/x.yaml")
    assert list_files(tmp_path).of("inventory") == (
        "inventories/B.yaml",
        "inventories/a.yaml",
        "inventories/a/z.yaml",
        "inventories/b.yaml",
    )
    assert list_files(tmp_path).skipped == ()


def test_order_does_not_depend_on_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, *(f"inventories/{n % 3}/{n}.yaml" for n in range(20)))
    (tmp_path / "inventories/link1").symlink_to("../shared")
    (tmp_path / "inventories/link0").symlink_to("../shared")
    touch(tmp_path, "shared/s.yaml")
    first = list_files(tmp_path)
    real = os.scandir

    class Backwards(list[os.DirEntry[str]]):
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(os, "scandir", lambda path: Backwards(list(real(path))[::-1]))
    assert list_files(tmp_path) == first
    assert "inventories/link0/s.yaml" in first.of("inventory")


def test_a_loop_of_folder_links_is_visited_once(tmp_path: Path) -> None:
    touch(tmp_path, "inventories/a/x.yaml", "contracts/c/contract.yaml")
    (tmp_path / "inventories/a/up").symlink_to("..")
    (tmp_path / "inventories/root").symlink_to("..")
    (tmp_path / "inventories/self").symlink_to(".")
    (tmp_path / "inventories/other").symlink_to("../contracts")
    assert list(list_files(tmp_path)) == [
        ("contract", "contracts/c/contract.yaml"),
        ("inventory", "inventories/a/x.yaml"),
    ]


def test_links_among_links_end(tmp_path: Path) -> None:
    touch(tmp_path, "shared/one/x.yaml", "shared/two/y.yaml", "inventories/z.yaml")
    (tmp_path / "inventories/in").symlink_to("../shared/one")
    (tmp_path / "shared/one/next").symlink_to("../two")
    (tmp_path / "shared/two/back").symlink_to("../one")
    assert list_files(tmp_path).of("inventory") == (
        "inventories/in/next/y.yaml",
        "inventories/in/x.yaml",
        "inventories/z.yaml",
    )


def test_a_file_with_a_link_to_it_is_listed_once_by_its_real_path(tmp_path: Path) -> None:
    touch(tmp_path, "inventories/z.yaml", "shared/s.yaml")
    (tmp_path / "inventories/a.yaml").symlink_to("z.yaml")
    (tmp_path / "inventories/s.yaml").symlink_to("../shared/s.yaml")
    assert list_files(tmp_path).of("inventory") == ("inventories/s.yaml", "inventories/z.yaml")


def test_links_that_leave_the_workspace_are_told_apart(tmp_path: Path) -> None:
    root = tmp_path / "root"
    touch(tmp_path, "root/inventories/a.yaml", "elsewhere/secret.yaml", "root-2/b.yaml", "elsewhere/inv/c.yaml")
    (root / "inventories/file.yaml").symlink_to(tmp_path / "elsewhere/secret.yaml")
    (root / "inventories/folder").symlink_to(tmp_path / "elsewhere")
    (root / "inventories/near").symlink_to("../../root-2")
    (root / "inventories/gone.yaml").symlink_to("/no/such/file")
    (root / "contracts").symlink_to(tmp_path / "elsewhere")
    (root / "retailctl.yaml").symlink_to(tmp_path / "elsewhere/secret.yaml")
    files = list_files(root)
    assert list(files) == [("inventory", "inventories/a.yaml")]
    assert files.outside == (
        "contracts",
        "inventories/file.yaml",
        "inventories/folder",
        "inventories/gone.yaml",
        "inventories/near",
        "retailctl.yaml",
    )


def test_broken_links_and_pipes_inside_are_listed_so_that_reading_reports_them(tmp_path: Path) -> None:
    touch(tmp_path, "inventories/a.yaml")
    (tmp_path / "inventories/gone.yaml").symlink_to("nothing.yaml")
    (tmp_path / "inventories/ring.yaml").symlink_to("ring.yaml")
    os.mkfifo(tmp_path / "inventories/pipe.yaml")
    assert list_files(tmp_path).of("inventory") == (
        "inventories/a.yaml",
        "inventories/gone.yaml",
        "inventories/pipe.yaml",
        "inventories/ring.yaml",
    )


@pytest.mark.parametrize(
    "name", ["a\nb", "q\"'`$(x)", "-rf", "x" * 250, "#?%41", os.fsdecode(b"\xff\xfe"), "‮evil", "é"]
)
def test_odd_names_survive(tmp_path: Path, name: str) -> None:
    touch(tmp_path, f"inventories/{name}.yaml")
    assert list_files(tmp_path).of("inventory") == (f"inventories/{name}.yaml",)


def test_a_very_deep_tree(tmp_path: Path) -> None:
    (tmp_path / "inventories").mkdir()
    here = os.open(tmp_path / "inventories", os.O_RDONLY)
    for _ in range(1500):  # deeper than Python recursion, and than a path may be long
        os.mkdir("dir", dir_fd=here)
        below = os.open("dir", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    try:
        files = list_files(tmp_path)
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "inventories")], check=True)  # shutil.rmtree recurses
    assert len(files.unreadable) == 1
    assert files.of("inventory") == ()


def test_a_folder_without_permission_is_told(nobody_folder: Path) -> None:
    touch(nobody_folder, "inventories/a.yaml", "inventories/closed/b.yaml")
    (nobody_folder / "inventories/closed").chmod(0)
    files = list_files(nobody_folder)
    assert files.unreadable == ("inventories/closed",)
    assert files.of("inventory") == ("inventories/a.yaml",)
    (nobody_folder / "inventories/closed").chmod(0o700)
