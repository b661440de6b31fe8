"""Cases of output: names that a terminal, browser, spreadsheet or CI runner would obey (hostile.md 17 to 23)."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from tests.hostile.case import GOOD, SOUND, Case, files, write
from tests.hostile.child import DAY, Done

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv")
_DAY = ("--as-of", DAY)
NOT_PRINTED = tuple("\x1b\x07\x9b\u202e\u2066\u200f\ufeff\x00\x08")


def audit(*formats: str) -> tuple[tuple[str, ...], ...]:
    """The audit in each format."""
    return tuple(("audit", "-f", name, *_DAY) for name in formats)


def named(**texts: str) -> Callable[[Path], None]:
    """One interface, team, system and waived rule whose texts are these; JSON, so that any character can be written."""
    name = texts.get("name", "Orders")
    subject = texts.get("id", "if-a")
    owner = texts.get("owner", "team-a")
    interface = {"id": subject, "name": name, "owner": owner, "provider": texts.get("provider", "odoo"),
                 "domain": texts.get("domain", "order"), "consumers": [{"system": texts.get("consumer", "pos")}],
                 "connector": name, "key": {"protocol": "http", "address": name}}  # fmt: skip
    system = {"id": texts.get("provider", "odoo"), "name": name, "owner": owner, "layer": "business"}
    coverage = {"source": name, "scope": owner, "window": {"start": "2026-01-01", "end": "2026-02-01"}}
    content = {"interfaces": [interface], "systems": [system], "coverage": [coverage], "teams": [{"id": "t"}]}
    settings = json.dumps({"name": texts.get("estate", name)}, ensure_ascii=True)
    return files({"inventories/bad.json": json.dumps(content), "retailctl.yaml": settings})


def escaped(*texts: str) -> Callable[[Done], None]:
    """The texts are there in their inert spelling, and no control character is."""

    def check(done: Done) -> None:
        assert not [char for char in NOT_PRINTED if char in done.out + done.err]
        for text in texts:
            assert text in done.out.replace("\n", "").replace(" ", ""), done.out[-3000:]

    return check


def one_command_a_line(done: Done) -> None:
    """Every line that is a command is an annotation of ours; none was smuggled in."""
    lines = done.out.splitlines()
    commands = [line for line in lines if "::" in line and line.lstrip().startswith("::")]
    assert commands and all(
        re.match(r"::(error|warning|notice) (file=[^:]*,)?[^:]*title=[^:]*::", one) for one in commands
    )
    assert len(lines) == len(commands) + 1 and "set-output" not in "".join(line[:14] for line in lines)
    assert not re.search(r"(?m)^\s*##\[", done.out)


def no_formula(done: Done) -> None:
    """No cell of a spreadsheet starts a formula, and a negative number is still one."""
    rows = list(csv.reader(io.StringIO(done.out, newline="")))
    cells = [cell for row in rows for cell in row]
    bad = [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n") and not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell)]
    assert not bad, bad[:5]
    assert len({len(row) for row in rows}) == 1


def has_cell(*wanted: str) -> Callable[[Done], None]:
    """Inert, and these cells are among them."""

    def check(done: Done) -> None:
        no_formula(done)
        cells = {cell for row in csv.reader(io.StringIO(done.out, newline="")) for cell in row}
        assert set(wanted) <= cells, sorted(cells)[:40]

    return check


class _Page(HTMLParser):
    """Elements, event attributes, addresses and scripts of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.bad: list[str] = []
        self.scripts: list[str] = []
        self.policy = ""
        self._inside: dict[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect one element."""
        self.tags.add(tag)
        values = dict(attrs)
        self.bad += [name for name, _ in attrs if name.startswith("on")]
        self.bad += [
            value or "" for name, value in attrs if name in ("src", "href") and not (value or "").startswith("#")
        ]
        if tag == "meta" and (values.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = values.get("content") or ""
        self._inside = values if tag == "script" else None

    def handle_data(self, data: str) -> None:
        """Collect one script."""
        if self._inside is not None and self._inside.get("type") != "application/json":
            self.scripts.append(data)
        self._inside = None


def inert_page(done: Done) -> None:
    """Nothing foreign became markup, and the policy lets our own script run and nothing else."""
    page = _Page(done.out)
    assert not {"img", "iframe", "object", "embed", "base", "form", "link"} & page.tags
    assert page.bad == []
    assert "default-src 'none'" in page.policy
    for script in page.scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.policy


def well_formed(done: Done) -> None:
    """XML 1.0, without a character that it forbids."""
    ElementTree.fromstring(done.out)


def sarif_uris(done: Done) -> None:
    """Every address is a relative reference of plain characters that leads back to a file of the workspace."""
    seen = set()
    for result in done.report["runs"][0]["results"]:
        for location in result["locations"]:
            address = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9._~/%!$&'()*+,;=@-]+", address), address
            parts = urlsplit(address)
            assert not parts.scheme and not parts.netloc and not address.startswith("/")
            seen.add(unquote(address, errors="surrogateescape"))
    found = {path.name for path in (done.folder / "ws" / "inventories").iterdir()}
    assert {f"inventories/{name}" for name in ODD_NAMES} <= seen and {Path(path).name for path in seen} <= found | {""}


ODD_NAMES = ("-f.yaml", "a\nb.yaml", "a'\"b.yaml", "a#b?c.yaml", "a%0A::error::x.yaml", "a b.yaml", "a\x1b[2Jb.yaml", "\u202eb.yaml",
             "<img src=x onerror=alert(1)>.yaml", "=cmd|x!A1.yaml", "x" * 250 + ".yaml", "a\udcffb.yaml", "a:b,c.yaml")  # fmt: skip


def odd_names(root: Path) -> None:
    """Every odd name holds the same mistake on line 2."""
    write(root, {GOOD: SOUND})
    for name in ODD_NAMES:
        (root / "inventories" / name).write_bytes(b"systems:\n  - {id: a, nmae: x}\n")


_ESC, _BIDI = "if-\x1b]0;owned\x07\x1b[2J", "if-\u202egnp.exe\u2066"
_MARKUP = "[/red][link=http://x]y[/link][bold]"
_GITHUB = "a%0A::error::x\n::set-output name=a::b\r##[error]x"
_SCRIPT = "</script><img src=x onerror=alert(1)><!--<script>"
_FORMULA = '=HYPERLINK("http://x","y")'

CASES = (
    Case("17-ansi", named(id=_ESC, name=_ESC, owner=_ESC, estate=_ESC), runs=audit(*FORMATS),
         check=escaped()),
    Case("17-ansi-shown", named(id=_ESC), runs=audit("text"), check=escaped("\\x1b]0;owned\\x07")),
    Case("17-bidi", named(id=_BIDI, name=_BIDI, owner=_BIDI), runs=audit("text", "markdown", "github", "html", "csv"),
         check=escaped("\\u202egnp.exe")),
    Case("17-c1", named(id="if-\x9b2J\x85\u2028x", owner="\x7f\u200f\ufeff"), runs=audit(*FORMATS), check=escaped()),
    Case("17-list", named(id=_ESC, name=_BIDI), code=0, check=escaped(),
         runs=(("inventory", "list"), ("inventory", "list", "systems", "-f", "csv"), ("inventory", "show", _ESC), ("graph", "show"))),
    Case("18-rich-markup", named(id=_MARKUP, name=_MARKUP, owner=_MARKUP), runs=(*audit("text"), (*audit("text")[0], "--color", "always")),
         says=(_MARKUP,)),
    Case("19-github", named(id=_GITHUB, name=_GITHUB, owner=_GITHUB, domain=_GITHUB), runs=audit("github"), check=one_command_a_line),
    Case("19-github-files", odd_names, runs=audit("github"), check=one_command_a_line),
    Case("20-formula", named(id=_FORMULA, owner="-2+3", domain="\t=1+1"), runs=audit("csv"),
         check=has_cell("'" + _FORMULA, "'-2+3")),
    Case("20-number", named(id="-12.50", owner="@SUM(A1)"), runs=audit("csv"), check=has_cell("-12.50", "'@SUM(A1)")),
    Case("20-formula-list", named(id=_FORMULA, owner="-2+3"), code=0, check=no_formula,
         runs=(("inventory", "list", "-f", "csv"), ("inventory", "list", "systems", "-f", "csv"))),
    Case("21-html", named(id=_SCRIPT, name=_SCRIPT, owner=_SCRIPT, provider=_SCRIPT, consumer="javascript:alert(1)", estate=_SCRIPT),
         runs=audit("html"), check=inert_page),
    Case("21-html-files", odd_names, runs=audit("html"), check=inert_page),
    Case("22-junit", named(id="if-\x01\ufffe\uffff", name="\x0b\x1f", owner="]]><x/>", estate="&x;\x02"), runs=audit("junit"),
         check=well_formed),
    Case("22-junit-files", odd_names, runs=audit("junit"), check=well_formed),
    Case("23-odd-file-names", odd_names, runs=audit("sarif"), check=sarif_uris),
    Case("23-odd-file-names-all", odd_names, runs=audit("text", "json", "gitlab", "markdown", "csv"), never=("\x1b", "\u202e")),
    Case("23-leading-dash", odd_names, code=2, runs=(("audit", "--", "-x"), ("audit", "--root", "-f.yaml/x"))),
)  # fmt: skip
