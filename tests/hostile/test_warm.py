"""What runs in a process that was forked behaves as what starts alone: same answer, guard, limits, and nothing is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hostile.case import GOOD, SOUND, write
from tests.hostile.child import DAY, HERE, environment, run
from tests.hostile.contracts import api, pair
from tests.support import warm
from tests.support.warm import Ended

GUARD = HERE / "guard" / "sitecustomize.py"


@pytest.fixture
def ws(tmp_path: Path) -> Path:
    """A workspace with a mistake, and two documents of which one breaks the other."""
    root = tmp_path / "ws"
    write(root, {GOOD: SOUND, "inventories/a.yaml": "systems:\n  - {id: pos, nmae: x}\n"})
    pair(api({"A": {}}), api({"A": {"type": "object", "required": ["x"]}}))(root)
    return root


def ended(ws: Path, *argv: str, guard: Path | None = GUARD, **limits: int) -> Ended:
    return warm.run(argv, ws, environment(ws.parent), limits, guard)


@pytest.mark.parametrize(
    "line",
    [
        f"audit --as-of {DAY} -f json",
        "inventory check",
        "contract diff api.json other.json -f json",
        "contract lint gone.json",
        "explain CON-01",
        "no-such-command",
        "--version",
        "",
    ],
)
def test_the_answer_is_that_of_a_process_of_its_own(line: str, ws: Path) -> None:
    alone = run(ws.parent, *line.split(), cold=True)
    found = ended(ws, *line.split())
    assert (found.code, found.out.decode(), found.err.decode()) == (alone.code, alone.out, alone.err)


def test_the_cost_has_that_of_a_start(ws: Path) -> None:
    assert ended(ws, "--version").cpu > 0.05
    assert ended(ws, "--version").peak > 20


def test_one_run_leaves_nothing_for_the_next(ws: Path) -> None:
    """Neither the environment nor the folder, nor what was read."""
    first = ended(ws, "inventory", "list", "systems", "-f", "json")
    (ws / GOOD).write_text("systems:\n  - {id: other, name: Other}\n", encoding="utf-8")
    second = ended(ws, "inventory", "list", "systems", "-f", "json")
    assert {row["id"] for row in json.loads(first.out)} ^ {row["id"] for row in json.loads(second.out)} == {
        "odoo",
        "other",
    }
    plain = warm.run(["audit", "-f", "text"], ws, {})
    named = warm.run(["audit", "-f", "text"], ws, {"RETAILCTL_CONFIG": "gone.yaml"})
    again = warm.run(["audit", "-f", "text"], ws, {})
    assert plain.code == again.code == 1 and named.code == 2


def test_limits_hold_in_it(ws: Path) -> None:
    assert ended(ws, "audit", "--no-cache", "-o", "json=out").code == 1
    (ws / "out").unlink()
    assert ended(ws, "audit", "--no-cache", "-o", "json=out", RLIMIT_FSIZE=64).code == 3
    assert not (ws / "out").exists()


def test_the_guard_holds_in_it(ws: Path) -> None:
    """A comparison with a revision starts git, which nothing under the guard may."""
    line = ("contract", "check", "--against", "HEAD")
    guarded = ended(ws, *line)
    assert guarded.code == 99 and b"GUARD: subprocess.Popen" in guarded.err
    assert b"GUARD" not in ended(ws, *line, guard=None).err
