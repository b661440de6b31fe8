"""Cases of structure: what a file of the workspace is, and how its YAML or JSON is built (hostile.md 1 to 14)."""

from __future__ import annotations

import os
from pathlib import Path

from tests.hostile.case import AUDIT, CHECK, GOOD, JUDGE, SOUND, Case, files, inventory, write
from tests.hostile.child import Done

MARKER = "BAIT-7781-CONTENT"
BAD, BAD_JSON = "inventories/bad.yaml", "inventories/bad.json"


def bomb(levels: int = 9, ways: int = 9) -> str:
    """Billions of values in a few lines, as aliases of aliases."""
    first = f"a0: &a0 [{', '.join(['x'] * ways)}]"
    more = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * ways)}]" for n in range(1, levels + 1))
    return "\n".join((first, *more, ""))


def merge_bomb(levels: int = 9, ways: int = 9) -> str:
    """The same with merge keys, which copy instead of sharing."""
    own = (f"k{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * ways)}], v{n}: 1}}" for n in range(1, levels + 1))
    return "\n".join(("k0: &m0 {a: 1}", *own, ""))


def merge_copies(keys: int = 2_000, times: int = 4_000) -> str:
    """One large mapping merged into thousands of others: every merge copies all its keys."""
    base = ", ".join(f"k{n}: 1" for n in range(keys))
    return f"base: &b {{{base}}}\n" + "".join(f"m{n}: {{<<: *b}}\n" for n in range(times))


def sparse(root: Path) -> None:
    """Two gigabytes that take no room on the disk."""
    write(root, {GOOD: SOUND, BAD: ""})
    os.truncate(root / BAD, 2 << 30)


def links_out(root: Path) -> None:
    """A file and a folder outside, and a system file, as links."""
    outside = root.parent / "outside"
    write(root, {GOOD: SOUND})
    write(
        outside, {"secret.yaml": f"systems:\n  - id: {MARKER}\n", "folder/more.yaml": f"systems: [{{id: {MARKER}}}]\n"}
    )
    (root / "inventories" / "passwd.yaml").symlink_to("/etc/passwd")
    (root / "inventories" / "relative.yaml").symlink_to("../../outside/secret.yaml")
    (root / "inventories" / "folder").symlink_to(outside / "folder")
    (root / "inventories" / "nothing.yaml").symlink_to("/no/such/file")


def link_loops(root: Path) -> None:
    """A link to the parent, a ring of two links, and a link to itself."""
    write(root, {GOOD: SOUND})
    inside = root / "inventories"
    (inside / "up").symlink_to("..")
    (inside / "here").symlink_to(".")
    (inside / "a.yaml").symlink_to("b.yaml")
    (inside / "b.yaml").symlink_to("a.yaml")
    (inside / "self").symlink_to("self")


def other_kinds(root: Path) -> None:
    """A pipe, a socket-like device and a folder where a file should be."""
    write(root, {GOOD: SOUND})
    os.mkfifo(root / "inventories" / "pipe.yaml")
    (root / "inventories" / "zero.yaml").symlink_to("/dev/zero")
    (root / "inventories" / "folder.yaml").mkdir()
    os.mkfifo(root / "contracts.yaml")


def deep_folders(root: Path) -> None:
    """Folders nested as deep as the system lets a path be."""
    write(root, {GOOD: SOUND})
    place = root / "inventories"
    while len(str(place)) < 3_800:
        place /= "d" * 60
        place.mkdir()


def visited_once(done: Done) -> None:
    """One system, however many ways lead to its file."""
    assert done.report["summary"]["entities"]["systems"] == 1


def names_both_lines(done: Done) -> None:
    """A duplicate key is shown with the line of the first."""
    row = done.finding("INP007")
    assert [place["location"]["line"] for place in row["related"]] == [3], row
    assert "line 3" in row["message"]


def is_located(rule: str, line: int) -> tuple[str, ...]:
    """The expectation for one finding of the bad file."""
    return (f"{rule} {BAD}:{line}$",)


_TWICE = "systems:\n  - id: a\n    owner: x\n    name: A\n    owner: y\n"
_TWICE_JSON = '{"systems": [\n {"id": "a",\n  "owner": "x",\n  "name": "A",\n  "owner": "y"}]}\n'
_TAG = "systems:\n  - id: a\n    note: !!python/object/apply:os.system ['touch owned']\n"
_CONFLICT = "systems:\n<<<<<<< HEAD\n  - {id: a}\n=======\n  - {id: b}\n>>>>>>> other\n"

CASES = (
    Case("1-alias-bomb", runs=JUDGE, build=inventory(bomb), finds=(f"INP005 {BAD}:",)),
    Case("1-alias-count", inventory("a: &a 1\nb: [" + "*a, " * 10_001 + "]\n"), finds=is_located("INP005", 2)),
    Case("1-merge-bomb", inventory(merge_bomb), finds=(f"INP005 {BAD}:",)),
    Case("1-merge-copies", inventory(merge_copies), finds=(f"INP005 {BAD}:",)),
    Case("2-recursive-alias", runs=JUDGE, build=inventory("a: &a {b: *a}\n"), finds=is_located("INP006", 1)),
    Case("2-recursive-merge", inventory("a: &a {<<: *a}\n"), finds=is_located("INP006", 1)),
    Case("3-deep-flow-sequence", runs=JUDGE, build=inventory("[" * 100_000), finds=is_located("INP003", 1)),
    Case("3-deep-flow-mapping", inventory("{a: " * 100_000), finds=is_located("INP003", 1)),
    Case("3-deep-block-sequence", inventory("- " * 100_000), finds=is_located("INP003", 1)),
    Case("3-deep-entry", inventory("systems:\n- id: a\n  limits: " + "[" * 98 + "]" * 98),
         finds=is_located("INP003", 3)),
    Case("4-deep-json", runs=JUDGE, build=inventory('{"a":' * 50_000, "bad.json"), finds=(f"INP003 {BAD_JSON}:1$",)),
    Case("4-deep-json-closed", inventory("[" * 50_000 + "]" * 50_000, "bad.json"), finds=(f"INP003 {BAD_JSON}:1$",)),
    Case("5-huge-file", runs=JUDGE, build=sparse, finds=is_located("INP002", 0),
         says=("2,147,483,648 bytes; 33,554,432 are allowed",)),
    Case("6-huge-scalar", inventory(lambda: f"systems:\n  - id: a\n    note: {'x' * (31 << 20)}\n"), code=0,
         runs=CHECK),
    Case("6-huge-scalar-audit", inventory(lambda: f"systems:\n  - id: a\n    note: {'x' * (31 << 20)}\n"), runs=AUDIT),
    Case("6-huge-scalar-id", inventory(lambda: f"systems:\n  - id: {'x' * (31 << 20)}\n"),
         finds=is_located("INP020", 2)),
    Case("6-huge-scalar-json",
         inventory(lambda: f'{{"systems": [{{"id": "a", "note": "{"é" * (15 << 20)}"}}]}}', "b.json"),
         code=0, runs=CHECK),
    Case("6-huge-scalar-lines", inventory(lambda: "systems:\n  - id: a\n    note: |\n" + "      x\n" * (3 << 20)),
         finds=is_located("INP002", 0), runs=CHECK),
    Case("6-huge-comment", inventory(lambda: f"# {'x' * (31 << 20)}\nsystems: []\n"), code=0, runs=CHECK),
    Case("6-blank-lines", inventory(lambda: "\n" * (31 << 20) + "systems: []\n"), finds=is_located("INP002", 0),
         runs=CHECK),
    Case("6-blank-lines-cr", inventory(lambda: "\r" * (31 << 20) + "systems: []\n"), finds=is_located("INP002", 0),
         runs=CHECK),
    Case("6-many-values", inventory(lambda: "systems: [" + "x," * (15 << 20) + "]\n"), finds=is_located("INP004", 1)),
    Case("6-many-keys", inventory(lambda: "".join(f"k{n}: 1\n" for n in range(1_500_000))), finds=(f"INP004 {BAD}:",)),
    Case("6-many-limits",
         inventory(lambda: "systems:\n- id: a\n  limits:\n" + "".join(f"    k{n}: v{n}\n" for n in range(1_400_000))),
         finds=(f"INP004 {BAD}:",)),
    Case("7-symlink-out", runs=JUDGE, build=links_out, bait=("secret.yaml", "more.yaml"), never=(MARKER, "root:x:0"),
         finds=tuple(f"INP013 inventories/{name}:0$" for name in ("passwd.yaml", "relative.yaml", "folder",
         "nothing.yaml"))),
    Case("8-symlink-loop", runs=JUDGE, build=link_loops,
         finds=("INP014 inventories/a.yaml", "INP014 inventories/b.yaml"), check=visited_once),
    Case("8-other-kinds", other_kinds, finds=("INP014 inventories/pipe.yaml", "INP013 inventories/zero.yaml")),
    Case("8-deep-folders", deep_folders, code=0, runs=CHECK, check=visited_once),
    Case("9-duplicate-keys", runs=JUDGE, build=inventory(_TWICE), finds=is_located("INP007", 5),
         check=names_both_lines),
    Case("9-duplicate-keys-json", inventory(_TWICE_JSON, "bad.json"), finds=(f"INP007 {BAD_JSON}:5$",),
         check=names_both_lines),
    Case("10-python-tag", runs=JUDGE, build=inventory(_TAG), finds=is_located("INP008", 3)),
    Case("10-python-tag-key", inventory("!!python/name:os.system x: 1\n"), finds=is_located("INP008", 1)),
    Case("11-several-documents", runs=JUDGE, build=inventory("---\nsystems: []\n---\nteams: []\n"),
         finds=is_located("INP009", 3)),
    Case("12-empty", runs=JUDGE, build=inventory(""), finds=(f"INP010 {BAD}:",)),
    Case("12-comments-only", inventory("# nothing\n\n# at all\n"), finds=(f"INP010 {BAD}:",)),
    Case("12-empty-json", inventory(" \n", "bad.json"), finds=(f"INP010 {BAD_JSON}:",)),
    Case("12-no-inventory", lambda root: (root / "inventories").rmdir(), code=2, says=("no workspace at or above",)),
    Case("13-scalar-root", runs=JUDGE, build=inventory("hello\n"), finds=is_located("INP011", 1),
         says=("expected a mapping",)),
    Case("13-list-root", inventory("- id: a\n"), finds=is_located("INP011", 1)),
    Case("14-tab", runs=JUDGE, build=inventory("systems:\n\t- id: a\n"), finds=is_located("INP001", 2), says=("tab",)),
    Case("14-tab-bom-crlf", inventory(b"\xef\xbb\xbfsystems:\r\n\t- id: a\r\n"), finds=is_located("INP001", 2)),
    Case("14-utf16", inventory("systems: []\n".encode("utf-16")), finds=(f"INP012 {BAD}:",)),
    Case("14-latin1", inventory(b"systems:\n  - {id: caf\xe9}\n"), finds=is_located("INP012", 2)),
    Case("14-nul", inventory("systems:\n  - {id: a\0b}\n"), finds=is_located("INP012", 2)),
    Case("14-overlong", inventory(b"systems:\n  - {id: \xc0\xaf}\n"), finds=is_located("INP012", 2)),
    Case("x-merge-conflict", inventory(_CONFLICT), finds=is_located("INP024", 2)),
    Case("x-tag-directives", inventory("".join(f"%TAG !{n}! tag:x\n" for n in range(20_000)) + "---\na: 1\n"),
         finds=(f"INP001 {BAD}:",)),
    Case("x-merge-of-text", inventory("systems:\n  - {<<: text, id: a}\n"), finds=is_located("INP001", 2)),
    Case("x-merge-hides-id", inventory("systems:\n  - &a {id: a}\n  - {<<: *a}\n"), finds=(f"INP022 {BAD}:",)),
    Case("x-alias-key", inventory("a: &a x\n? *a\n: 1\n"), finds=is_located("INP016", 2)),
    Case("x-anchors", inventory(lambda: "systems: [" + "".join(f"&a{n} x," for n in range(300_000)) + "]\n"),
         finds=(f"INP020 {BAD}:",)),
    Case("x-many-files", files(lambda: {f"inventories/f{n:04}.yaml": f"teams: [{{id: t{n}}}]\n" for n in range(1_500)}),
         code=0, runs=CHECK),
)  # fmt: skip
