"""What in the pages is run, applied and compared; the same code writes it anew (`make docs`).

In a page, blocks mean something to this module:

* ``console``: each ``$ `` line is run in a copy of the repository, block after block, and what stands below it is its
  whole output (nothing below it: any output). ``# exit code N`` at the end of a command says that it ends with N.
* ``diff``: applied to the copy.
* any block after a line ``<!-- file: PATH -->``: written to that path of the copy.
* ``<!-- output: START+N, START+N -->`` before a ``console`` block of one command: only these parts of the output are
  shown, N lines from the line that begins with START (or from that line number), with ``…`` for what is left out.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.needs import ROOT, require
from tests.support import warm
from tests.support.effort import THOROUGH

RUN_PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/report.md",
    "docs/files.md",
    "docs/contracts.md",
    "docs/events.md",
    "docs/inventory.md",
    "docs/parallel.md",
    "docs/parallel-events.md",
    "docs/replay.md",
    "docs/odoo-source.md",
)
LEFT_OUT = "…"
_FENCE = re.compile(r"^```(\w*)\s*$")
_MARK = re.compile(r"^<!-- (\w+): (.*) -->$")
_PLAIN = re.compile(r"retailctl((?: [\w./=@:-]+)+)(?: +# exit code \d+)?$")
_PACKAGE_FILE = re.compile(r"^\+\+\+ b/(retailctl/.*)", re.MULTILINE)
_EXIT = re.compile(r"# exit code (\d+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the marks above it, its lines, and the number of its first line (from 0)."""

    language: str
    marks: dict[str, str]
    lines: tuple[str, ...]
    start: int

    @property
    def text(self) -> str:
        """The lines as a file."""
        return "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a console block, and what the page says it prints (None: nothing is said)."""

    text: str
    shown: tuple[str, ...] | None

    @property
    def exit_code(self) -> int:
        """The exit code that the page promises."""
        match = _EXIT.search(self.text)
        return int(match[1]) if match else 0


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    marks: dict[str, str] = {}
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if fence is None:
            mark = _MARK.match(lines[number])
            marks = {**marks, mark[1]: mark[2]} if mark else marks if not lines[number] else {}
            number += 1
            continue
        end = lines.index("```", number + 1)
        yield Block(fence[1], marks, tuple(lines[number + 1 : end]), number + 1)
        marks, number = {}, end + 1


def commands(block: Block) -> list[Command]:
    """The commands of a console block; a line that ends with a backslash goes on in the next one."""
    found: list[Command] = []
    lines = list(block.lines)
    while lines:
        line = lines.pop(0)
        assert line.startswith("$ "), f"a console block begins with a command: {line!r}"
        while line.endswith("\\"):
            line += "\n" + lines.pop(0)
        shown = []
        while lines and not lines[0].startswith("$ "):
            shown.append(lines.pop(0))
        found.append(Command(line.removeprefix("$ "), tuple(shown) or None))
    return found


def selected(lines: list[str], selection: str) -> list[str]:
    """The parts of an output that a page shows, with one line for every part that it leaves out."""
    chosen: set[int] = set()
    for part in selection.split(", "):
        start, _, count = part.rpartition("+")
        begin = int(start) - 1 if start.isdigit() else next((i for i, x in enumerate(lines) if x.startswith(start)), -1)
        assert begin >= 0, f"no line of the output begins with {start!r}"
        chosen.update(range(begin, begin + int(count)))
    shown: list[str] = []
    for number, line in enumerate(lines):
        if number in chosen:
            shown.append(line)
        elif not shown or shown[-1] != LEFT_OUT:
            shown.append(LEFT_OUT)
    return shown


@dataclass(frozen=True)
class Copy:
    """A copy of the repository in which a page is followed, with ``retailctl`` on the path."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    """What a page did to the package."""

    @classmethod
    def make(cls, place: Path) -> Copy:
        """Copy what git knows, and what it would be told."""
        folder = place / "retailctl"
        for path in tracked():
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        # A copy has the time of its source, by which Python knows what it has compiled; a change has another.
        for path in (ROOT / "retailctl").rglob("__pycache__/*.pyc"):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(exist_ok=True)
            shutil.copy2(path, target)
        programs = place / "bin"
        programs.mkdir()
        for name, arguments in (("retailctl", "-m retailctl"), ("python", "")):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
            program.chmod(0o755)
        kept = {name: os.environ[name] for name in ("TMPDIR", "SYSTEMROOT") if name in os.environ}
        environment = {
            **kept,
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONPATH": str(folder),
            "HOME": str(place),
            "COLUMNS": "80",
            "LC_ALL": "C.UTF-8",
        }
        return cls(folder, environment)

    def run(self, command: str) -> tuple[int, list[str]]:
        """The exit code of a shell command, and the lines it prints to either stream.

        Nothing but ``retailctl`` with its arguments needs no shell, and no import either while the package is ours.
        """
        if not (THOROUGH or self.changed) and (plain := _PLAIN.match(command)):
            ended = warm.run(shlex.split(plain[1]), self.folder, self.environment, together=True)
            return ended.code, [line.rstrip() for line in ended.out.decode().splitlines()]
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        return done.returncode, [line.rstrip() for line in done.stdout.splitlines()]

    def apply(self, diff: str) -> str:
        """Apply a diff; what is wrong with it, or nothing."""
        self.changed.extend(_PACKAGE_FILE.findall(diff))
        apply = [str(require("git")), "apply", "--whitespace=nowarn", "-"]
        # Without a repository around: git would leave out what lies outside of it.
        environment = {**self.environment, "GIT_CEILING_DIRECTORIES": str(self.folder.parent)}
        done = subprocess.run(
            apply, cwd=self.folder, env=environment, input=diff, capture_output=True, encoding="utf-8", check=False
        )
        return done.stderr

    def follow(self, text: str) -> Iterator[tuple[Block, list[Command]]]:
        """Do what a page says. Yields each console block that is out of date, with its commands as they really went."""
        for block in blocks(text):
            if "file" in block.marks:
                target = self.folder / block.marks["file"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text, encoding="utf-8")
                self.changed.extend(_PACKAGE_FILE.findall(f"+++ b/{block.marks['file']}"))
            elif block.language == "diff":
                assert self.apply(block.text) == "", f"the diff in line {block.start} does not apply"
            elif block.language == "console":
                said = commands(block)
                real = [self._went(command, block) for command in said]
                if real != said:
                    yield block, real

    def _went(self, command: Command, block: Block) -> Command:
        code, lines = self.run(command.text)
        printed = "\n".join(lines)
        assert code == command.exit_code, f"{command.text}: exit code {code}\n{printed}"
        if command.shown is None:
            return command
        if "output" in block.marks:
            lines = selected(lines, block.marks["output"])
        return Command(command.text, tuple(lines))


def tracked(*patterns: str) -> list[Path]:
    """The files of the repository, those that are not committed yet included."""
    listing = [str(require("git")), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [path for name in sorted(set(done.stdout.split("\0")) - {""}) if (path := ROOT / name).is_file()]


def with_blocks(text: str, changed: list[tuple[Block, list[Command]]]) -> str:
    """A page with its outdated console blocks replaced."""
    lines = text.splitlines()
    for block, real in sorted(changed, key=lambda pair: -pair[0].start):
        new = [line for one in real for line in (*f"$ {one.text}".split("\n"), *(one.shown or ()))]
        lines[block.start : block.start + len(block.lines)] = new
    return "\n".join(lines) + "\n"
