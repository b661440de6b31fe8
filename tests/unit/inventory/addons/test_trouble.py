"""Files that cannot be read, and source that wants to be too much: located, bounded, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.inventory.addons.python_files import python_facts
from retailctl.inventory.addons.scan import PYTHON, Scan
from tests.unit.inventory.addons.trees import MANIFEST, module, row, write

CALL = "import requests\nrequests.get('https://api.shop.io')\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"print 'hello'\n", 1),
        (b"def f():\n    try:\n        pass\n    except E, e:\n        pass\n", 4),
        (b"x = 1\nraise E, 'x'\n", 2),
        (b"def (\n", 1),
        (b"x = '\n", 1),
        (b"x = \x00\n", 0),
        (b"# -*- coding: klingon -*-\n", 0),
        (b"x = '\xff'\n", 1),
        (b"X = " + b"(" * 5_000 + b")" * 5_000, 1),
        (b"X = " + b"1+" * 200_000 + b"1", 0),
        (b"X = " + b"-" * 200_000 + b"1", 0),
        (b"X = a" + b".b" * 100_000, 0),
    ],
)
def test_python_that_does_not_parse_is_one_located_error(data: bytes, line: int) -> None:
    with pytest.raises(InputError) as told:
        python_facts(data, "till/models/a.py")
    assert told.value.at is not None and told.value.at.path == "till/models/a.py"
    assert told.value.at.line == line
    assert "Python" in told.value.message and told.value.hint


def test_code_for_python_2_is_named_as_such() -> None:
    with pytest.raises(InputError, match="can be parsed") as told:
        python_facts(b"print 'hello'\n", "a.py")
    assert "Python 2" in told.value.hint


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    facts = module(
        tmp_path, {"a.py": "def (", "b.py": CALL, "data/crons.xml": "", "data/x.xml": "<odoo>", "c.py": b"\x00"}
    )
    assert [str(problem.at) for problem in facts.problems] == [
        "till/a.py:1",
        "till/c.py",
        "till/data/crons.xml",
        "till/data/x.xml:1:7",
    ]
    assert len(facts.calls) == 1


def test_files_beyond_the_limit_are_not_read(tmp_path: Path) -> None:
    facts = module(tmp_path, {"huge.py": b"X = [" + b"1," * (PYTHON.file_bytes // 2 + 10) + b"]\n", "b.py": CALL})
    (problem,) = facts.problems
    assert problem.code == "INP002" and str(problem.at) == "till/huge.py" and len(facts.calls) == 1


@pytest.mark.parametrize(
    "text",
    [
        b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + CALL.encode(),
        b"\xef\xbb\xbf" + CALL.encode(),
        CALL.replace("\n", "\r\n").encode(),
        CALL.replace("\n", "\r").encode(),
        "# 日本語\n".encode() + CALL.encode(),
    ],
)
def test_encodings_and_line_ends_do_not_matter(text: bytes) -> None:
    assert len(python_facts(text, "a.py").calls) == 1


def test_escapes_that_python_warns_of_are_silent() -> None:
    assert len(python_facts(b"import re\nre.match('\\d', 'https://api.shop.io')\n", "a.py").urls) == 1


def test_deep_but_legal_nesting_is_walked() -> None:
    nested = "x = " + "[" * 90 + "'https://deep.shop.io'" + "]" * 90
    blocks = "".join(f"{'  ' * n}if a:\n" for n in range(90)) + "  " * 90 + "y = 'https://block.shop.io'\n"
    chain = "z = " + " + ".join("f('https://chain.shop.io')" for _ in range(400))
    found = [url.host for url in python_facts(f"{nested}\n{blocks}{chain}\n".encode(), "a.py").urls]
    assert (found.count("deep.shop.io"), found.count("block.shop.io"), found.count("chain.shop.io")) == (1, 1, 400)


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("", "holds no dictionary"),
        ("x = 1", "holds no dictionary"),
        ("{'name': ", "can be parsed"),
        ("[1]", "holds no dictionary"),
    ],
)
def test_a_module_with_a_broken_manifest_is_still_a_module(tmp_path: Path, manifest: str, message: str) -> None:
    facts = module(tmp_path, {"b.py": CALL}, manifest=manifest)
    assert message in facts.problems[0].message and len(facts.calls) == 1 and facts.manifest.installable


def test_manifests_are_taken_apart_and_never_run(tmp_path: Path) -> None:
    manifest = (
        "# -*- coding: utf-8 -*-\n{'name': 'A', 'version': '1.0', 'license': 'OEEL-1', 'installable': False, 'application': True,\n"
        "'auto_install': ['sale'], 'depends': ['base', 'sale'], 'external_dependencies': {'python': ['stripe'], 'bin': []},\n"
        "'data': ['data/a.xml'] + MORE, 'summary': __import__('os').system('touch ran')}\n"
    )
    found = row(tmp_path, {}, manifest=manifest)
    assert (found["license"], found["installable"], found["application"], found["auto_install"]) == (
        "OEEL-1",
        False,
        True,
        True,
    )
    assert found["depends"] == ["base", "sale"] and found["external_dependencies"] == {"bin": [], "python": ["stripe"]}
    assert not list(Path().glob("ran")) and not (tmp_path / "ran").exists()


def test_links_are_not_followed_and_hidden_folders_are_left_out(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"evil.py": CALL})
    tree = write(
        tmp_path / "tree",
        {
            "till/__manifest__.py": MANIFEST,
            "till/.git/x.py": CALL,
            "till/node_modules/y.py": CALL,
            "till/__pycache__/z.py": CALL,
        },
    )
    (tree / "till" / "linked.py").symlink_to(outside / "evil.py")
    (tree / "till" / "folder").symlink_to(outside)
    (tree / "till" / "loop").symlink_to(tree)
    (facts,) = Scan(tree).modules()
    assert facts.calls == [] and facts.python_files == 1


def test_files_that_cannot_be_opened_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(root: Path, relative: str, **_: object) -> bytes:
        raise IncompleteError("cannot be read: Permission denied", at=Location(relative))

    write(tmp_path, {"till/__manifest__.py": MANIFEST, "till/a.py": CALL})
    monkeypatch.setattr("retailctl.inventory.addons.scan.read_bytes", refused)
    scan = Scan(tmp_path, "addons/")
    list(scan.modules())
    assert [str(error.at) for error in scan.unreadable] == ["addons/till/__manifest__.py", "addons/till/a.py"]
