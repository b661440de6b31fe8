"""Cases of policy, waivers and settings: what a repository may say about its own judgement (hostile.md 37 to 39).

Whatever is wrong there ends the run with exit code 2: guessing would hide violations.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.hostile.case import ANY, AUDIT, GOOD, SOUND, Build, Case, files, write
from tests.hostile.child import DAY, Done
from tests.hostile.files import MARKER, bomb

TEXT = (("audit", "--as-of", DAY),)
WAIVERS, PACK, SETTINGS = "policies/waivers.yaml", "policies/own.yaml", "retailctl.yaml"
_CEL = "interface.name == 'x'"


def waiver(**fields: str) -> Build:
    """One waiver that is sound but for these fields; a field without text is left out."""
    sound = {
        "rule": "OWN-02",
        "subject": "order",
        "reason": "r",
        "owner": "o",
        "approved-by": "a",
        "expires": "2026-12-01",
    }
    made = {name.replace("_", "-"): value for name, value in (sound | fields).items() if value}
    text = "".join(f"    {name}: {value}\n" for name, value in made.items())
    return files({WAIVERS: "waivers:\n  -\n" + text})


def blanket(subject: str) -> Case:
    """A subject that covers everything, however it is spelled."""
    return Case(
        f"37-blanket-{subject}",
        waiver(subject=f"'{subject}'"),
        code=2,
        runs=TEXT,
        says=("covers everything", f"{WAIVERS}:4"),
    )


def refused(name: str, build: Build, *says: str) -> Case:
    """Exit code 2, and what is said."""
    return Case(name, build, code=2, runs=TEXT, says=says)


def settings(text: str) -> Build:
    """A settings file in the audited repository."""
    return files({SETTINGS: text})


def pack(when: str = _CEL, **more: str) -> Build:
    """A pack of the repository's own with one rule, and two interfaces that it judges."""
    rule = {"name": "own-rule", "for": "interface", "when": when, "message": "'m'", "severity": "error"} | more
    body = "".join(f"    {key.replace('_', '-')}: {value}\n" for key, value in rule.items() if value)
    head = "schema: retailctl/policy/v1\nname: own\nextends: retailctl:standard\nrules:\n  OWN900:\n"
    inventory = f"interfaces:\n  - {{id: if-a, name: {'a' * 40}, provider: odoo}}\n  - {{id: if-b, name: b}}\n"
    return files({PACK: head + body, SETTINGS: f"packs: [{PACK}]\n", "inventories/some.yaml": inventory})


def quoted(expression: str) -> str:
    """An expression as a YAML text."""
    return "'" + expression.replace("'", "''") + "'"


def doubling(levels: int) -> str:
    """A text that doubles at each level of a chain of macros."""
    chain = "".join(f".map(v{n}, v{n} + v{n})" for n in range(levels))
    return quoted(f"size([interface.id]{chain}[0]) > 0")


def nested(levels: int) -> str:
    """Loops inside loops over ten items."""
    numbers = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    return quoted("".join(f"{numbers}.all(x{n}, " for n in range(levels)) + "x0 > 0" + ")" * levels)


def config_link(target: str) -> Build:
    """A settings file that is a link."""

    def build(root: Path) -> None:
        write(root, {GOOD: SOUND})
        write(root.parent / "outside", {"secret.yaml": f"name: {MARKER}\n"})
        (root / SETTINGS).symlink_to(target)

    return build


def sparse_toml(root: Path) -> None:
    """Two gigabytes of project file."""
    write(root, {GOOD: SOUND, "pyproject.toml": "[tool.retailctl]\n"})
    os.truncate(root / "pyproject.toml", 2 << 30)


def toml_link(root: Path) -> None:
    """A project file that is a link out of the workspace."""
    write(root, {GOOD: SOUND})
    write(root.parent / "outside", {"secret.yaml": f"[tool.retailctl]\nname = '{MARKER}'\n"})
    (root / "pyproject.toml").symlink_to("../outside/secret.yaml")


def deep_limits(root: Path) -> None:
    """The deepest nesting that a settings file may allow, used up."""
    deepest = 200
    inner = "{a: " * (deepest - 4) + "1" + "}" * (deepest - 4)
    write(
        root,
        {
            GOOD: SOUND,
            SETTINGS: f"limits: {{depth: {deepest}}}\n",
            "inventories/a.yaml": f"systems:\n  - {{id: a, limits: {inner}}}\n",
        },
    )


def pipe(name: str) -> Build:
    """A pipe in the place of a file: reading it would wait for ever."""

    def build(root: Path) -> None:
        write(root, {GOOD: SOUND})
        (root / name).parent.mkdir(exist_ok=True)
        os.mkfifo(root / name)

    return build


def contract_paths(root: Path) -> None:
    """Contracts that lead out of the workspace, by their path in the inventory and by links."""
    paths = ("../../etc/passwd", "/etc/passwd", "contracts/../../outside/secret.yaml", "file:///etc/passwd", "contracts/out/x.yaml",
             "http://127.0.0.1:9/latest/meta-data", "\\\\\\\\host\\\\share\\\\x.yaml", "contracts/a/v1/openapi.yaml")  # fmt: skip
    entries = "".join(f'  - {{id: if-{n}, contract: "{path}"}}\n' for n, path in enumerate(paths))
    write(root, {GOOD: SOUND, "inventories/c.yaml": f"interfaces:\n{entries}", "contracts/a/v1/keep.yaml": "a: 1\n"})
    write(root.parent / "outside", {"secret.yaml": f"info: {{version: {MARKER}}}\n", "x.yaml": f"{MARKER}: 1\n"})
    (root / "contracts/out").symlink_to(root.parent / "outside")
    (root / "contracts/a/v1/openapi.yaml").symlink_to("/etc/passwd")


def linked_root(root: Path) -> None:
    """The workspace is reached through a link; what is inside counts as inside."""
    real = root.parent / "real"
    write(real, {GOOD: SOUND, "inventories/bad.yaml": "systems:\n  - {id: a, nmae: x}\n"})
    (root / "inventories").rmdir()
    root.rmdir()
    root.symlink_to(real)


def is_waived(done: Done) -> None:
    """The waiver that ends today still holds, and says so."""
    assert done.report["summary"]["waived"] == 1 and done.finding("WAV003")


_IGNORE = "interfaces:\n  - {id: if-a}  # retailctl: ignore[CLS-01]\n"
_MANY = "waivers:\n" + "".join(
    f"  - {{rule: XX-{n}, subject: a, reason: r, owner: o, approved-by: a, expires: 2026-12-01}}\n" for n in range(20_000))  # fmt: skip
_BLANKETS = (
    "*",
    "**",
    "*?*",
    "[a-z]*",
    "[!x]*",
    "if-*",
    "?*",
    "*-*",
    "[]a-z]*",
    "*[]a-z]*",
    "?f-*",
    "i[f]-*",
    "[i]f-*",
    "*[!~]",
    "i*",
    "*e*",
)

CASES = (
    Case("37-expires-today", waiver(expires=DAY), runs=AUDIT, check=is_waived),
    Case("37-expired", waiver(expires="2026-11-19"), runs=AUDIT, finds=("WAV001 ",)),
    refused("37-impossible-date", waiver(expires="2024-02-30"), "is not a date", f"{WAIVERS}:8"),
    refused("37-year-9999", waiver(expires="9999-12-31"), "at most 180 are allowed", f"{WAIVERS}:8"),
    refused("37-no-owner", waiver(owner=""), "owner is missing"),
    refused("37-blank-owner", waiver(owner="' '"), "owner is empty"),
    refused("37-no-reason", waiver(reason=""), "reason is missing"),
    refused("37-no-end", waiver(expires=""), "expires is missing"),
    refused("37-waives-waivers", waiver(rule="WAV001"), "cannot be waived"),
    refused("37-inline-without-reason", files({"inventories/a.yaml": _IGNORE}), "needs a reason", "inventories/a.yaml:2"),
    refused("37-inline-unknown-rule", files({"inventories/a.yaml": _IGNORE.replace("CLS-01", "CLS-1") .rstrip() + " because\n"}), "did you mean"),
    *map(blanket, _BLANKETS),
    refused("38-waiver-unknown-rule", waiver(rule="OWN-2"), "unknown rule 'OWN-2'", "did you mean 'OWN-02'"),
    refused("38-waiver-unknown-key", waiver(ownr="x"), "unknown key 'ownr'", "did you mean 'owner'"),
    refused("38-many-mistakes", files({WAIVERS: _MANY}), "more"),
    refused("38-severity", pack(severity="eror"), "did you mean 'error'", f"{PACK}:10"),
    refused("38-settings-severity", settings("severity: {OWN-02: eror}\n"), "id you mean error"),
    refused("38-unknown-rule", settings("severity: {OWN-2: error}\n"), "unknown rule 'OWN-2'; did you mean 'OWN-02'", f"{SETTINGS}:1"),
    refused("38-unknown-key", settings("sevrity: {}\n"), "sevrity", "severity"),
    refused("38-unknown-param", settings("params: {SEC-05: {day: 9}}\n"), "unknown parameter 'day'"),
    refused("38-cel-field", pack(quoted("interface.ownr == 'x'")), "unknown field 'ownr'", f"{PACK}:8"),
    refused("38-cel-syntax", pack(quoted("interface.name ==")), f"{PACK}:8"),
    refused("39-plugins", settings("plugins: [evil]\n"), "plugins"),
    refused("39-exec", settings("hooks: {before: 'touch owned'}\n"), "hooks"),
    refused("39-output", settings("output: ../../x\n"), "output"),
    Case("39-output-flag", files({}), code=2, runs=(("audit", "-o", "json=../x.json"), ("audit", "-o", "json=/nonexistent/x.json")),
         check=lambda done: _nothing_outside(done)),  # noqa: PLW0108 - it is defined below
    refused("39-pack-outside", settings("packs: [../../etc/passwd]\n"), "unknown pack"),
    refused("39-pack-absolute", settings("packs: [/etc/passwd]\n"), "unknown pack"),
    refused("39-pack-extends-out", files({PACK: "schema: retailctl/policy/v1\nextends: ../../outside.yaml\n", SETTINGS: f"packs: [{PACK}]\n"}),
            "unknown pack"),
    refused("39-pack-circle", files({PACK: "schema: retailctl/policy/v1\nextends: policies/own.yaml\n", SETTINGS: f"packs: [{PACK}]\n"}), "circle"),
    refused("39-check-of-python", pack("", check="os.system"), "unknown check 'os.system'"),
    refused("39-settings-link", config_link("../outside/secret.yaml"), SETTINGS),
    refused("39-settings-bomb", settings(bomb()), SETTINGS),
    refused("39-settings-pipe", pipe(SETTINGS), "pipe"),
    refused("39-settings-both", files({SETTINGS: "name: a\n", "pyproject.toml": "[tool.retailctl]\nname = 'b'\n"}), "not merged"),
    refused("39-toml-deep", files({"pyproject.toml": "[tool.retailctl]\nname = " + "[" * 100_000}), "pyproject.toml"),
    Case("39-toml-huge", sparse_toml, runs=AUDIT),
    Case("39-toml-link", toml_link, runs=AUDIT, bait=("secret.yaml",), never=(MARKER,)),
    Case("39-limits-deep", deep_limits, runs=(("audit",), ("audit", "-f", "html"), ("inventory", "show", "a")), code=ANY),
    refused("39-toml-plugins", files({"pyproject.toml": "[tool.retailctl]\nplugins = ['evil']\n"}), "plugins"),
    refused("39-limits-off", settings("limits: {nodes: 999999999999, depth: 100000}\n"), SETTINGS),
    refused("39-waivers-bomb", files({WAIVERS: bomb()}), WAIVERS),
    refused("39-waivers-pipe", pipe(WAIVERS), "pipe"),
    refused("39-baseline-broken", files({"policies/baseline.json": "{"}), "policies/baseline.json:1"),
    refused("39-baseline-list", files({"policies/baseline.json": "[]"}), "policies/baseline.json"),
    Case("x-cel-doubling", pack(doubling(40)), code=2, runs=TEXT),
    Case("x-cel-nested-loops", pack(nested(9)), code=2, runs=TEXT),
    Case("x-cel-deep", pack(quoted("(" * 5_000 + "true" + ")" * 5_000)), code=2, runs=TEXT, says=(PACK,)),
    Case("x-cel-long", pack(quoted(" || ".join(["interface.id == 'x'"] * 20_000))), code=2, runs=TEXT, says=(PACK,)),
    Case("x-cel-slow-pattern", pack(quoted("interface.name.matches('(a+)+$') && interface.name.matches('(.*a){25}b')")), runs=TEXT),
    Case("x-cel-huge-pattern", pack(quoted("interface.name.matches('((a{1000}){1000}){1000}')")), code=2, runs=TEXT),
    Case("x-cel-bad-pattern", pack(quoted("interface.name.matches('[')")), code=2, runs=TEXT),
    Case("x-message-braces", pack(message=f"'{'{{' * 40_000}'"), code=ANY, runs=TEXT),
    Case("x-message-steps", pack(message="'{{interface" + "[" * 30_000 + "}}'"), code=2, runs=TEXT),
    Case("x-glob", pack(quoted(f"glob(interface.name, '{'*a' * 30}*b')")), runs=TEXT),
    *(refused(f"x-param-{number}", settings(f"params: {{{text}}}\n"), "must be", SETTINGS) for number, text in enumerate((
        "SEC-05: {days: many}", "SEC-05: {days: .inf}", "EST101: {quiet_days: 1e300}", "OWN-02: {mandatory: order}",
        "OWN-02: {mandatory: [1, {a: b}]}", "ARC-09: {max_density: .nan}", "ARC-09: {max_degree: [1]}"))),
    Case("x-check-without-params", pack("", check="point-to-point", **{"for": "system"}), code=2, runs=TEXT, says=("OWN900",)),
    Case("x-contract-escapes", contract_paths, runs=AUDIT, bait=("secret.yaml", "outside/x.yaml"), never=(MARKER, "root:x:0"),
         finds=("INP013 contracts/a/v1/openapi.yaml", "INP013 contracts/out")),
    Case("x-linked-root", linked_root, runs=AUDIT, finds=("INP021 inventories/bad.yaml:2$",)),
    Case("x-linked-root-baseline", linked_root, code=2, runs=(("audit", "--baseline", "/etc/hosts"),), says=("outside the workspace",)),
)  # fmt: skip


def _nothing_outside(done: Done) -> None:
    """The output that was refused is not there."""
    assert not (done.folder / "x.json").exists()
