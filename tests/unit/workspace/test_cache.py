from __future__ import annotations

import os
import stat
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.workspace import cache_entry
from retailctl.workspace.atomic import DRAFT_SUFFIX
from retailctl.workspace.cache import Cache, cache_folder, digest, open_cache

KEY = digest("a")
BIG = b"interfaces: orders " * 4000


def entry(folder: Path, kind: str = "document", key: str = KEY) -> Path:
    return folder / kind / key


@pytest.mark.parametrize("data", [b"", b"x", BIG, os.urandom(5000)])
def test_what_was_put_comes_back(tmp_path: Path, data: bytes) -> None:
    Cache(tmp_path / "c").put("document", KEY, data)
    assert Cache(tmp_path / "c").get("document", KEY) == data
    assert Cache(tmp_path / "c").get("document", digest("b")) is None
    assert Cache(tmp_path / "c").get("verdict", KEY) is None


def test_large_entries_are_packed(tmp_path: Path) -> None:
    Cache(tmp_path / "c").put("document", KEY, BIG)
    assert entry(tmp_path / "c").stat().st_size < len(BIG) / 5


def test_folders_and_files_are_private(tmp_path: Path) -> None:
    Cache(tmp_path / "c").put("document", KEY, b"x")
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "c", tmp_path / "c/document")]
    assert modes == [0o700, 0o700]
    assert stat.S_IMODE(entry(tmp_path / "c").stat().st_mode) == 0o600


@given(st.lists(st.text() | st.binary()), st.lists(st.text() | st.binary()))
def test_keys_tell_any_two_lists_of_parts_apart(a: list[str | bytes], b: list[str | bytes]) -> None:
    assert (digest(*a) == digest(*b)) == (a == b)


def test_every_torn_or_flipped_entry_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c")
    for data in (b"small", BIG):
        cache.put("document", KEY, data)
        path = entry(tmp_path / "c")
        whole = path.read_bytes()
        for at in range(len(whole)):
            path.write_bytes(whole[:at])
            assert cache.get("document", KEY) is None
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert cache.get("document", KEY) is None
        path.write_bytes(whole + b"x")
        assert cache.get("document", KEY) is None
        path.write_bytes(whole)
        assert cache.get("document", KEY) == data


def test_an_entry_under_another_name_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c")
    cache.put("document", KEY, b"x")
    cache.put("verdict", KEY, b"y")
    other = entry(tmp_path / "c", key=digest("b"))
    other.write_bytes(entry(tmp_path / "c").read_bytes())
    entry(tmp_path / "c").write_bytes(entry(tmp_path / "c", "verdict").read_bytes())
    assert cache.get("document", digest("b")) is None
    assert cache.get("document", KEY) is None


def test_a_packed_bomb_is_not_unpacked() -> None:
    packed = zlib.compress(b"\0" * 50_000_000, 9)
    body = b"z" + (10).to_bytes(8, "big") + packed
    forged = cache_entry.MAGIC + cache_entry._checksum("document", KEY, body) + body
    assert cache_entry.decode("document", KEY, forged) is None


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722])
@pytest.mark.parametrize("place", ["c", "c/document"])
def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path, mode: int, place: str) -> None:
    Cache(tmp_path / "c").put("document", KEY, b"x")
    (tmp_path / place).chmod(mode)
    assert Cache(tmp_path / "c").get("document", KEY) is None
    Cache(tmp_path / "c").put("document", digest("b"), b"x")
    assert not entry(tmp_path / "c", key=digest("b")).exists()


def test_an_entry_that_others_may_write_to_is_a_miss(tmp_path: Path) -> None:
    Cache(tmp_path / "c").put("document", KEY, b"x")
    entry(tmp_path / "c").chmod(0o666)
    assert Cache(tmp_path / "c").get("document", KEY) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("place", ["c", "c/document", f"c/document/{KEY}"])
def test_what_belongs_to_somebody_else_is_not_used(tmp_path: Path, place: str) -> None:
    Cache(tmp_path / "c").put("document", KEY, b"x")
    os.chown(tmp_path / place, 65534, 65534)
    assert Cache(tmp_path / "c").get("document", KEY) is None


def test_links_are_not_followed(tmp_path: Path) -> None:
    Cache(tmp_path / "real").put("document", KEY, b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert Cache(tmp_path / "link").get("document", KEY) is None
    entry(tmp_path / "real", key=digest("b")).symlink_to(entry(tmp_path / "real"))
    assert Cache(tmp_path / "real").get("document", digest("b")) is None


def test_a_pipe_or_folder_in_the_place_of_an_entry_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c")
    cache.put("document", digest("b"), b"x")
    os.mkfifo(entry(tmp_path / "c"))
    entry(tmp_path / "c", key=digest("d")).mkdir()
    assert cache.get("document", KEY) is None
    assert cache.get("document", digest("d")) is None


def test_a_read_only_cache_is_merely_off(nobody_folder: Path) -> None:
    folder = nobody_folder / "c"
    Cache(folder).put("document", KEY, b"x")
    (folder / "document").chmod(0o500)
    cache = Cache(folder)
    cache.put("document", digest("b"), b"y")
    assert cache.get("document", digest("b")) is None
    assert Cache(folder).get("document", KEY) == b"x"
    nobody_folder.chmod(0o500)
    Cache(nobody_folder / "new").put("document", KEY, b"x")
    (folder / "document").chmod(0o700)


def test_off_means_off(tmp_path: Path) -> None:
    for cache in (Cache(tmp_path / "c", enabled=False), Cache(None)):
        cache.put("document", KEY, b"x")
        assert cache.get("document", KEY) is None
        cache.prune()
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(("kind", "key"), [("../x", KEY), ("document", "../x"), ("", KEY), ("document", KEY + "\n")])
def test_a_name_that_could_leave_the_folder_is_a_bug(tmp_path: Path, kind: str, key: str) -> None:
    with pytest.raises(ValueError, match="not a cache kind"):
        Cache(tmp_path).get(kind, key)


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"RETAILCTL_CACHE_DIR": "/x", "HOME": "/h"}, "linux", "/x"),
        ({"RETAILCTL_CACHE_DIR": "x", "HOME": "/h"}, "linux", None),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/x/retailctl"),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "linux", "/h/.cache/retailctl"),
        ({"HOME": "/h"}, "darwin", "/h/Library/Caches/retailctl"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/retailctl/cache"),
        ({}, "linux", None),
        ({"HOME": ""}, "linux", None),
        ({"HOME": "rel"}, "linux", None),
    ],
)
def test_the_folder_follows_the_platform(environ: dict[str, str], platform: str, expected: str | None) -> None:
    assert cache_folder(environ, platform=platform) == (Path(expected) if expected else None)


def test_the_cache_is_off_inside_the_workspace(tmp_path: Path) -> None:
    environ = {"RETAILCTL_CACHE_DIR": str(tmp_path / "root" / "cache")}
    (tmp_path / "root").mkdir()
    open_cache(tmp_path / "root", environ).put("document", KEY, b"x")
    assert not (tmp_path / "root" / "cache").exists()
    open_cache(tmp_path / "other", environ).put("document", KEY, b"x")
    assert (tmp_path / "root" / "cache").exists()


def test_pruning_takes_the_least_recently_used_and_the_old(tmp_path: Path) -> None:
    now = 10_000_000.0
    cache = Cache(tmp_path, max_bytes=3000, now=lambda: now)
    keys = [digest(str(n)) for n in range(6)]
    for age, key in enumerate(keys):
        path = entry(tmp_path, key=key)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(b"x" * 1000)
        os.utime(path, (now - age * 60, now - age * 60))
    os.utime(entry(tmp_path, key=keys[5]), (0, 0))
    (tmp_path / "document" / f".x{DRAFT_SUFFIX}").write_bytes(b"")
    os.utime(tmp_path / "document" / f".x{DRAFT_SUFFIX}", (0, 0))
    (tmp_path / "mine.txt").write_text("not an entry")
    cache.prune()
    assert {p.name for p in (tmp_path / "document").iterdir()} == set(keys[:2])
    assert (tmp_path / "mine.txt").exists()


def test_pruning_is_rare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    real = Cache.prune

    def counted(self: Cache) -> None:
        calls.append(1)
        real(self)

    monkeypatch.setattr(Cache, "prune", counted)
    for _ in range(3):
        cache = Cache(tmp_path)
        for n in range(20):
            cache.put("document", digest(str(n)), b"x")
    assert len(calls) == 1


def test_use_keeps_an_entry_young(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("document", KEY, b"x")
    os.utime(entry(tmp_path), (0, 0))
    assert cache.get("document", KEY) == b"x"
    assert entry(tmp_path).stat().st_mtime > 1_000_000
