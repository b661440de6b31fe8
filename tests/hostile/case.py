"""One hostile input: how it is built, what is run on it, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.child import DAY, Done

ANY = -1
"""Any exit code: the case is about cost."""
GOOD = "inventories/good.yaml"
SOUND = "systems:\n  - {id: odoo, name: Odoo}\n"
"""A file beside the hostile one: one bad file never hides the others."""
JUDGE = (("audit", "-f", "json", "--as-of", DAY), ("inventory", "check", "-f", "json"))
AUDIT = JUDGE[:1]

Files = Mapping[str, str | bytes]
Build = Callable[[Path], None]
Check = Callable[[Done], None]


@dataclass(frozen=True)
class Case:
    """``build`` writes a workspace into a folder; every command of ``runs`` is then run in it.

    ``finds`` are findings as ``RULE path:line`` that the JSON report must have, ``says`` texts that the streams must
    have, ``never`` texts that must be in no stream. ``sound``: the good file beside it was read.
    """

    name: str
    build: Build
    code: int = 1
    runs: tuple[tuple[str, ...], ...] = JUDGE
    finds: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    check: Check | None = None
    sound: bool = True
    bait: tuple[str, ...] = ()


def write(root: Path, files: Files) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def files(more: Files | Callable[[], Files]) -> Build:
    """A builder that writes the sound inventory and these files; large ones are made when the case runs."""

    def build(root: Path) -> None:
        write(root, {GOOD: SOUND})
        write(root, more() if callable(more) else more)

    return build


def inventory(text: str | bytes | Callable[[], str | bytes], name: str = "bad.yaml") -> Build:
    """A builder for one hostile inventory beside the sound one."""
    return files(lambda: {f"inventories/{name}": text() if callable(text) else text})


def verify(case: Case, done: Done) -> None:
    """Hold one run against the case."""
    done.within_bounds()
    streams = done.out + done.err
    assert case.code in (done.code, ANY), f"exit {done.code}\n{streams[-2000:]}"
    for wanted in case.finds:
        assert any(f"{found}$".startswith(wanted) for found in done.findings), (wanted, done.findings[:20])
    for text in case.says:
        assert text in streams, (text, streams[-2000:])
    for text in case.never:
        assert text not in streams, (text, streams[-2000:])
    if case.finds and case.sound:
        assert done.report["summary"]["entities"].get("systems", 0) >= 1, "the sound file was not read"
    if case.check is not None:
        case.check(done)
