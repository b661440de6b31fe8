"""The workspace at another revision, in real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from retailctl.errors import ConfigError, IncompleteError, InputError, RetailctlError, UsageError
from retailctl.workspace import git as git_module
from retailctl.workspace.limits import Limits
from retailctl.workspace.revisions import open_merge_base, open_revision
from tests.needs import require

IDENTITY = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    command = [str(require("git")), *IDENTITY, *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env=environment).stdout


def commit(folder: Path, files: dict[str, str], message: str = "m") -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits on `main`; the first one is the tag `v1` and the branch `old`."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, {"contracts/a.yaml": "x: 1\n", "contracts/b.json": '{"y": 1}', "shared/c.yaml": "z: 1\n"})
    git(folder, "tag", "-a", "-m", "m", "v1")
    git(folder, "branch", "old")
    (folder / "contracts" / "b.json").unlink()
    commit(folder, {"contracts/a.yaml": "x: 2\n", "contracts-2/d.yaml": "x: 1\n"})
    return folder


@pytest.mark.parametrize("ref", ["v1", "old", "refs/heads/old", "HEAD~1", "main^", "main@{0}~1", "@^{commit}~1"])
def test_a_revision_by_every_kind_of_name(repository: Path, ref: str) -> None:
    with open_revision(repository, ref) as tree:
        assert tree.revision.name == ref
        assert tree.revision.commit == git(repository, "rev-parse", "v1^{commit}").strip()
        assert tree.files() == ("contracts/a.yaml", "contracts/b.json", "shared/c.yaml")
        assert tree.files("contracts") == ("contracts/a.yaml", "contracts/b.json")
        assert tree.read("contracts/a.yaml") == b"x: 1\n"


def test_a_revision_by_its_hash_long_and_short(repository: Path) -> None:
    whole = git(repository, "rev-parse", "old").strip()
    for ref in (whole, whole[:8]):
        with open_revision(repository, ref) as tree:
            assert tree.revision.commit == whole
            assert str(tree.revision) == ref
    with open_revision(repository, "old") as tree:
        assert str(tree.revision) == f"old ({whole[:12]})"


def test_a_prefix_is_a_folder_or_a_file_and_not_the_start_of_a_name(repository: Path) -> None:
    with open_revision(repository, "main") as tree:
        assert tree.files("contracts") == ("contracts/a.yaml",)
        assert tree.files("contracts/", "contracts-2/d.yaml", "gone") == ("contracts-2/d.yaml", "contracts/a.yaml")


def test_the_working_tree_is_neither_read_nor_changed(repository: Path) -> None:
    (repository / "contracts" / "a.yaml").write_text("x: 3\n", encoding="utf-8")
    (repository / "contracts" / "new.yaml").write_text("x: 3\n", encoding="utf-8")
    before = git(repository, "status", "--porcelain")
    index = (repository / ".git" / "index").stat()
    with open_revision(repository, "HEAD") as tree:
        assert tree.read("contracts/a.yaml") == b"x: 2\n"
        assert tree.files("contracts") == ("contracts/a.yaml",)
    assert (repository / ".git" / "index").stat() == index
    assert git(repository, "status", "--porcelain") == before


def test_a_workspace_in_a_subfolder_and_in_a_linked_worktree(repository: Path, tmp_path: Path) -> None:
    commit(repository, {"shop/contracts/a.yaml": "deep: 1\n", "contracts/z.yaml": "x: 1\n"})
    with open_revision(repository / "shop", "HEAD") as tree:
        assert tree.files() == tree.files("contracts") == ("contracts/a.yaml",)
        assert tree.document("contracts/a.yaml").data == {"deep": 1}
        with pytest.raises(InputError) as caught:
            tree.read("../contracts/a.yaml")
        assert caught.value.code == "INP013"
    with open_revision(repository / "shop", "v1") as tree:
        assert tree.files() == ()
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"), "old")
    with open_revision(tmp_path / "linked", "main") as tree:
        assert "shop/contracts/a.yaml" in tree.files()


def test_unusual_file_names(repository: Path) -> None:
    names = ["a b.yaml", "é😀.yaml", "new\nline.yaml", 'quote".yaml', "-dash.yaml", "tab\t.yaml", "*.yaml", "\\.yaml"]
    for name in [*names, ":(top)/x.yaml"]:
        commit(repository, {f"odd/{name}": f"name: {name!r}"})
    with open_revision(repository, "HEAD") as tree:
        assert tree.files("odd") == tuple(sorted(f"odd/{name}" for name in [*names, ":(top)/x.yaml"]))
        assert all(tree.read(f"odd/{name}").decode() == f"name: {name!r}" for name in names)
        assert tree.files("od*") == tree.files(":(top)odd") == tree.files("--help") == ()


def test_links_and_submodules_are_left_out(repository: Path) -> None:
    (repository / "contracts" / "link.yaml").symlink_to("/etc/passwd")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},contracts/module")
    git(repository, "add", "contracts/link.yaml")
    git(repository, "commit", "-q", "-m", "m")
    with open_revision(repository, "HEAD") as tree:
        assert tree.files("contracts") == ("contracts/a.yaml",)
        assert tree.left_out("contracts") == ("contracts/link.yaml", "contracts/module")
        with pytest.raises(InputError, match="a link or submodule in HEAD") as caught:
            tree.read("contracts/link.yaml")
        assert caught.value.code == "INP014"


def test_documents_have_places_of_the_workspace_and_errors_name_the_revision(repository: Path) -> None:
    commit(repository, {"contracts/bad.json": '{"a": 1,\n "a": 2}', "contracts/c.json": '{"a":\n {"b": 1}}'})
    with open_revision(repository, "main") as tree:
        document = tree.document("contracts/c.json")
        with pytest.raises(InputError, match=r"occurs twice .* \(in main \([0-9a-f]{12}\)\)") as caught:
            tree.document("contracts/bad.json")
    assert caught.value.at is not None
    assert (caught.value.at.path, caught.value.at.line) == ("contracts/bad.json", 2)
    place = document.locate("/a/b")  # after the tree was closed
    assert (place.path, place.line, place.column) == ("contracts/c.json", 2, 3)


def test_a_file_over_the_limit_is_refused_and_the_next_one_is_read(repository: Path) -> None:
    commit(repository, {"contracts/large.yaml": "x: " + "y" * 300_000})
    with open_revision(repository, "HEAD") as tree:
        with pytest.raises(InputError, match=r"300,003 bytes in HEAD .*; 300,002 are allowed") as caught:
            tree.read("contracts/large.yaml", Limits(file_bytes=300_002))
        assert caught.value.code == "INP002"
        assert tree.read("contracts/a.yaml") == b"x: 2\n"
        assert len(tree.read("contracts/large.yaml", Limits(file_bytes=300_003))) == 300_003


@pytest.mark.parametrize("path", ["contracts/none.yaml", "contracts", "contracts/a.yaml/b"])
def test_an_absent_file(repository: Path, path: str) -> None:
    with open_revision(repository, "HEAD") as tree, pytest.raises(InputError, match="no file in HEAD") as caught:
        tree.read(path)
    assert (caught.value.code, caught.value.exit_code) == ("INP014", 1)


def test_a_pointer_to_large_file_storage_is_not_taken_for_the_content(repository: Path) -> None:
    commit(repository, {"contracts/p.json": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    with open_revision(repository, "HEAD") as tree, pytest.raises(IncompleteError, match="Git LFS"):
        tree.document("contracts/p.json")


def test_many_files_cost_one_process(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository, {f"contracts/{n}.yaml": f"n: {n}" for n in range(300)})
    with open_revision(repository, "HEAD") as tree:
        started: list[tuple[str, ...]] = []
        start = git_module.Git._start

        def counted(self: git_module.Git, arguments: tuple[str, ...], errors: Any) -> subprocess.Popen[bytes]:
            started.append(arguments)
            return start(self, arguments, errors)

        monkeypatch.setattr(git_module.Git, "_start", counted)
        assert [tree.read(f"contracts/{n}.yaml").decode() for n in range(300)] == [f"n: {n}" for n in range(300)]
        assert [arguments[0] for arguments in started] == ["ls-tree", "cat-file"]


@pytest.mark.parametrize(
    "ref",
    ["--upload-pack=x", "-h", "HEAD:../x", "HEAD:contracts", "HEAD\nmain", "HEAD\0", "", " ", "main old", "old..main",
     "old...main", ":/m", "a" * 2000, "\ud800", "HEAD\x1b[31m", "re*", "x\\y", "\u2028"],
)  # fmt: skip
def test_hostile_names_are_refused_before_git_sees_them(
    repository: Path, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("git was started"))
    with pytest.raises(UsageError, match="is not the name of a revision") as caught:
        open_revision(repository, ref)
    assert caught.value.exit_code == 2
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("ref", "hint"),
    [
        ("maim", "Did you mean main?"), ("origin/main", "Did you mean main?"), ("V1", "Did you mean"),
        ("zzzzzz", "git branch -a"), ("0" * 40, "git branch -a"), ("v1^{tree}", ""), ("HEAD~99", ""),
    ],
)  # fmt: skip
def test_unknown_names_come_with_a_next_step(repository: Path, ref: str, hint: str) -> None:
    with pytest.raises(UsageError, match="no revision") as caught:
        open_revision(repository, ref)
    assert hint in caught.value.hint
    assert "shallow" not in caught.value.hint


def test_a_shallow_clone_says_how_to_fetch_the_history(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    for opening in (open_revision, open_merge_base):
        with pytest.raises(UsageError) as caught:
            opening(tmp_path / "shallow", "v1")
        assert "fetch-depth: 0" in caught.value.hint
    with open_revision(tmp_path / "shallow", "origin/main") as tree:
        assert tree.read("contracts/a.yaml") == b"x: 2\n"


def test_a_partial_clone_never_fetches(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", repository.as_uri(), "partial")
    with open_revision(tmp_path / "partial", "origin/main") as tree:
        assert "contracts/a.yaml" in tree.files()
        with pytest.raises(IncompleteError, match="not in this clone"):
            tree.read("contracts/a.yaml")


def test_the_merge_base_is_where_head_left(repository: Path) -> None:
    base = git(repository, "rev-parse", "HEAD").strip()
    git(repository, "switch", "-q", "-c", "feature")
    commit(repository, {"contracts/f.yaml": "x: 1"})
    git(repository, "switch", "-q", "main")
    commit(repository, {"contracts/m.yaml": "x: 1"})
    git(repository, "switch", "-q", "feature")
    with open_merge_base(repository, "main") as tree:
        assert tree.revision.commit == base
        assert tree.files("contracts") == ("contracts/a.yaml",)
    git(repository, "checkout", "-q", "--orphan", "apart")
    commit(repository, {})
    with pytest.raises(UsageError, match="no common commit"):
        open_merge_base(repository, "main")


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="not in a git repository"):
        open_revision(tmp_path, "main")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="git is not installed"):
        open_revision(tmp_path, "main")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_somebody_else(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for path in (repository, repository / ".git"):
        os.chown(path, 12345, 12345)
    with pytest.raises(ConfigError, match="belongs to another user") as caught:
        open_revision(repository, "main")
    assert "safe.directory" in caught.value.hint


def test_the_repository_cannot_run_a_program(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = tmp_path / "proof"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {proof}\n", encoding="utf-8")
    program.chmod(0o755)
    settings = {
        "core.fsmonitor": program, "core.pager": program, "core.sshCommand": program, "core.askPass": program,
        "credential.helper": f"!{program}", "diff.external": program, "filter.x.smudge": program,
        "diff.x.textconv": program, "alias.ls-tree": f"!{program}", "alias.cat-file": f"!{program}",
        "protocol.ext.allow": "always", "remote.origin.url": f"ext::{program}", "remote.origin.promisor": "true",
        "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*", "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
    }  # fmt: skip
    for name, value in settings.items():
        git(repository, "config", name, str(value))
    blob = git(repository, "rev-parse", "v1:contracts/b.json").strip()
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    (repository / ".gitattributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    for name in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_PAGER", "GIT_ASKPASS"):
        monkeypatch.setenv(name, str(program))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    with open_revision(repository, "v1") as tree:
        assert tree.read("contracts/a.yaml") == b"x: 1\n"
        with pytest.raises(IncompleteError, match="not in this clone"):
            tree.read("contracts/b.json")
    with pytest.raises(UsageError):
        open_revision(repository, "1" * 40)
    assert not proof.exists()


def test_a_tree_that_holds_itself_many_times_is_not_listed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = git(repository, "rev-parse", "v1:contracts/a.yaml").strip()
    entry, tree_id = f"100644 blob {blob}", ""
    for _ in range(9):
        listing = "".join(f"{entry}\t{n}\n" for n in range(10))
        made = subprocess.run(
            ["git", "mktree"], input=listing, cwd=repository, check=True, capture_output=True, text=True
        )
        tree_id = made.stdout.strip()
        entry = f"040000 tree {tree_id}"
    bomb = git(repository, "commit-tree", "-m", "m", tree_id).strip()
    monkeypatch.setattr("retailctl.workspace.git.MOST", 100_000)
    with open_revision(repository, bomb) as tree, pytest.raises(IncompleteError, match="too many files"):
        tree.files()


def test_a_repository_that_never_answers(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = git(repository, "rev-parse", "v1:contracts/a.yaml").strip()
    stored = repository / ".git" / "objects" / blob[:2] / blob[2:]
    stored.unlink()
    os.mkfifo(stored)
    with open_revision(repository, "v1") as tree:
        tree.files()
        monkeypatch.setattr(git_module, "TIMEOUT", 0.4)
        with pytest.raises(RetailctlError, match="did not answer") as caught:
            tree.read("contracts/a.yaml")
    assert caught.value.exit_code == 3
