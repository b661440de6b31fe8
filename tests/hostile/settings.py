"""Cases of settings: a repository that is audited configures its own audit, or tries to (hostile.md 38 and 39)."""

from __future__ import annotations

import os
from pathlib import Path

from tests.hostile.case import ANY, AUDIT, GOOD, SOUND, Build, Case, files, write
from tests.hostile.child import Done
from tests.hostile.files import MARKER, bomb
from tests.hostile.policy import PACK, SETTINGS, WAIVERS, pack, refused, settings


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


def nothing_outside(done: Done) -> None:
    """The output that was refused is not there."""
    assert not (done.folder / "x.json").exists()


CASES = (
    refused("38-settings-severity", settings("severity: {OWN-02: eror}\n"), "id you mean error"),
    refused("38-unknown-rule", settings("severity: {OWN-2: error}\n"), "unknown rule 'OWN-2'; did you mean 'OWN-02'",
         f"{SETTINGS}:1"),
    refused("38-unknown-key", settings("sevrity: {}\n"), "sevrity", "severity"),
    refused("38-unknown-param", settings("params: {SEC-05: {day: 9}}\n"), "unknown parameter 'day'"),
    refused("39-plugins", settings("plugins: [evil]\n"), "plugins"),
    refused("39-exec", settings("hooks: {before: 'touch owned'}\n"), "hooks"),
    refused("39-output", settings("output: ../../x\n"), "output"),
    Case("39-output-flag", files({}), code=2,
         runs=(("audit", "-o", "json=../x.json"), ("audit", "-o", "json=/nonexistent/x.json")),
         check=nothing_outside),
    refused("39-pack-outside", settings("packs: [../../etc/passwd]\n"), "unknown pack"),
    refused("39-pack-absolute", settings("packs: [/etc/passwd]\n"), "unknown pack"),
    refused("39-pack-extends-out",
         files({PACK: "schema: retailctl/policy/v1\nextends: ../../outside.yaml\n", SETTINGS: f"packs: [{PACK}]\n"}),
            "unknown pack"),
    refused("39-pack-circle",
         files({PACK: "schema: retailctl/policy/v1\nextends: policies/own.yaml\n", SETTINGS: f"packs: [{PACK}]\n"}),
         "circle"),
    refused("39-check-of-python", pack("", check="os.system"), "unknown check 'os.system'"),
    refused("39-settings-link", config_link("../outside/secret.yaml"), SETTINGS),
    refused("39-settings-bomb", settings(bomb()), SETTINGS),
    refused("39-settings-pipe", pipe(SETTINGS), "pipe"),
    refused("39-settings-both", files({SETTINGS: "name: a\n", "pyproject.toml": "[tool.retailctl]\nname = 'b'\n"}),
         "not merged"),
    refused("39-toml-deep", files({"pyproject.toml": "[tool.retailctl]\nname = " + "[" * 100_000}), "pyproject.toml"),
    Case("39-toml-huge", sparse_toml, runs=AUDIT),
    Case("39-toml-link", toml_link, runs=AUDIT, bait=("secret.yaml",), never=(MARKER,)),
    Case("39-limits-deep", deep_limits, runs=(("audit",), ("audit", "-f", "html"), ("inventory", "show", "a")),
         code=ANY),
    refused("39-toml-plugins", files({"pyproject.toml": "[tool.retailctl]\nplugins = ['evil']\n"}), "plugins"),
    refused("39-limits-recursion", settings("limits: {depth: 1000}\n"), "depth", SETTINGS),
    refused("39-limits-off", settings("limits: {nodes: 999999999999, depth: 100000}\n"), SETTINGS),
    refused("39-waivers-bomb", files({WAIVERS: bomb()}), WAIVERS),
    refused("39-waivers-pipe", pipe(WAIVERS), "pipe"),
    refused("39-baseline-broken", files({"policies/baseline.json": "{"}), "policies/baseline.json:1"),
    refused("39-baseline-list", files({"policies/baseline.json": "[]"}), "policies/baseline.json"),
    *(refused(f"x-param-{number}", settings(f"params: {{{text}}}\n"), "must be", SETTINGS) for number,
         text in enumerate((
        "SEC-05: {days: many}", "SEC-05: {days: .inf}", "EST101: {quiet_days: 1e300}", "OWN-02: {mandatory: order}",
        "OWN-02: {mandatory: [1, {a: b}]}", "ARC-09: {max_density: .nan}", "ARC-09: {max_degree: [1]}"))),
)  # fmt: skip
