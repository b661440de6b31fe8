"""The secret sweep (hostile.md 41): secrets of every shape everywhere, every command and format: none comes out."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.case import write
from tests.hostile.child import DAY, run
from tests.hostile.outputs import FORMATS

# Put together here, so that no scanner takes this file for a leak.
ENVIRONMENT = {
    "ODOO_PASSWORD": "correct-horse-battery",
    "CI_JOB_TOKEN": "Zq8/x+w=&<1>",
    "MY_API_KEY": "qwertz-0815-qwertz",
}
SHAPES = {
    "aws": "AKIA" + "IOSFODNN7EXAMPLE", "stripe": "sk_" + "live_51HxAbCdEfGh",
    "github": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2",
    "gitlab": "glpat-" + "x1y2z3w4v5u6t7s8r9q0", "slack": "xoxb-" + "1234567890-abcdef",
    "shopify": "shpat_" + "0123456789abcdef0123456789abcdef",
    "jwt": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "bearer": "Bearer " + "0a1b2c3d4e5f",
    "pair": "password=" + "hunter2hunter2",
    "colon": "api_key: " + "k3y-in-cl3ar", "url": "https://svc:" + "p4ssw0rd@erp.example/x",
    "pem": "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEAx1x2x3x4x5\n" * 3 + "-----END RSA PRIVATE KEY-----",
}  # fmt: skip
HIDDEN = (*ENVIRONMENT.values(), "IOSFODNN7", "51HxAbCd", "a1B2c3D4e5", "x1y2z3w4", "1234567890-abc",
"0123456789abcdef01", "hbGciOi",
          "0a1b2c3d4e5f", "hunter2", "k3y-in-cl3ar", "p4ssw0rd", "MIIEowIBAAK")  # fmt: skip
"""What must not be found: the part of each that is secret."""
PLANTED = {**SHAPES, **{name.lower(): value for name, value in ENVIRONMENT.items()}}


def _interfaces() -> Iterator[dict[str, object]]:
    for number, (kind, secret) in enumerate(PLANTED.items()):
        yield {"id": f"if-{kind}", "name": secret, "note": secret, "owner": secret, "provider": secret,
        "domain": secret,
               "schedule": secret, "consumers": [{"system": secret, "identity": secret}],
               "endpoints": [{"url": secret}],
               "connector": secret, "contract": secret, "key": {"protocol": "http", "address": secret}}  # fmt: skip
        if "\n" not in secret:
            yield {"id": f"{secret}", "name": f"n{number}", "lifecycle": secret, secret: "unknown key", "mode": secret}
            yield {"id": f"x-{secret}", "name": f"n{number}", "owner": f"team {secret}"}


def _rules() -> dict[str, object]:
    return {
        f"OWN{number}": {"name": f"r{number}", "title": secret, "for": "interface", "when": "has(interface.note)",
        "severity": "error",
                         "message": f"{secret} and {{{{interface.note}}}}", "why": secret, "fix": secret,
                         "tags": [secret],
                         "tests": {"violates": [{"id": "a", "note": secret}], "passes": [{"id": "b", "note": secret}]}}
        for number, secret in enumerate(PLANTED.values(), start=900)
    }  # fmt: skip


def _waivers() -> list[dict[str, str]]:
    return [
        {"id": f"w-{secret}", "rule": "OWN-01", "subject": f"x-{secret}", "reason": secret, "owner": secret,
        "approved-by": secret,
         "expires": "2026-11-25", "ticket": secret, "compensating": secret}
        for secret in PLANTED.values() if "\n" not in secret
    ]  # fmt: skip


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace that is full of secrets."""
    folder = tmp_path_factory.mktemp("secrets")
    inventory = {"interfaces": list(_interfaces()),
    "systems": [{"id": "odoo", "note": "x" * 70_000, "limits": PLANTED}],
                 "credentials": [{"id": secret, "vault": secret, "used_by": [secret]} for secret in PLANTED.values()],
                 "coverage": [{"source": secret, "scope": secret} for secret in PLANTED.values()]}  # fmt: skip
    pack = {
        "schema": "retailctl/policy/v1",
        "name": SHAPES["slack"],
        "extends": "retailctl:standard",
        "rules": _rules(),
    }
    write(folder / "ws", {
        "retailctl.yaml": json.dumps({"name": SHAPES["aws"], "packs": ["policies/own.yaml"]}),
        "inventories/a.json": json.dumps(inventory, indent=1), f"inventories/{SHAPES['github']}.yaml": "systems: [",
        "policies/own.yaml": json.dumps(pack), "policies/waivers.yaml": json.dumps({"waivers": _waivers()}),
    })  # fmt: skip
    return folder


def _files(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for name in names for word in ("-o", f"{name}=../out/{name}"))


TABLE, PAGE = ("json", "csv"), ("json",)
GENERIC = SHAPES["stripe"]
COMMANDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("audit", "--as-of", DAY, "--include-waived"), FORMATS[1:]),
    (("audit", "--as-of", DAY, "-f", "html"), ()),
    (("audit", "--as-of", DAY, "-f", "json", "--color", "always", "--no-waivers"), ()),
    (("inventory", "check"), FORMATS[1:]),
    (("inventory", "list", "interfaces"), TABLE),
    (("inventory", "list", "credentials", "--where", f"vault={GENERIC}"), TABLE),
    (("inventory", "list", "consumptions"), TABLE),
    (("inventory", "show", "if-pem"), PAGE),
    (("inventory", "show", "odoo"), PAGE),
    (("inventory", "show", f"no-{GENERIC}"), PAGE),
    (("graph", "show"), PAGE),
    (("policy", "list"), TABLE),
    (("policy", "test"), PAGE),
    (("explain", "OWN901"), PAGE),
    (("explain", "--all"), PAGE),
    (("explain", GENERIC), PAGE),
    (("waiver", "list"), TABLE),
    (("baseline", "write", "--update"), PAGE),
    (("baseline", "show"), PAGE),
    (("doctor",), PAGE),
    (("audit", "--rule", GENERIC), ()),
    (("audit", "--baseline", GENERIC), ()),
    (("audit", "--config", GENERIC), ()),
    ((GENERIC,), ()),
    (("waiver", "add", "--rule", GENERIC, "--subject", "a", "--reason", "r", "--owner", "o", "--approved-by", "a",
    "--expires", "2026-12-01"), PAGE),
)  # fmt: skip


def _leaks(text: str) -> list[str]:
    return [secret for secret in HIDDEN if secret in text]


@pytest.mark.parametrize(("argv", "more"), COMMANDS, ids=["-".join(argv)[:40] for argv, _ in COMMANDS])
def test_no_secret_comes_out(argv: tuple[str, ...], more: tuple[str, ...], planted: Path) -> None:
    (planted / "out").mkdir(exist_ok=True)
    loud = ("-vv",) if len(argv) > 1 or argv == ("doctor",) else ()
    outside = ("--allow-outside", *_files(more)) if more else ()
    done = run(planted, *argv, *loud, *outside, env=ENVIRONMENT)
    done.within_bounds()
    assert done.code in (0, 1, 2), done.err
    assert (done.out or done.err) and _leaks(done.out) == [] and _leaks(done.err) == []
    written = [path for name in ("out", "home") for path in (planted / name).rglob("*") if path.is_file()]
    assert [(path.name, leaks) for path in written if (leaks := _leaks(path.read_text("utf-8")))] == []
    for path in (planted / "out").iterdir():
        path.unlink()


def test_no_secret_stays_in_the_cache(planted: Path) -> None:
    """The cache is the user's own, and still holds no copy: it would outlive the secret in the workspace."""
    run(planted, "audit", env=ENVIRONMENT)
    paths = [planted / "cache", *(planted / "cache").rglob("*")]
    assert not [
        path
        for path in paths
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077 and path.name == "retailctl"
    ]
    assert [
        path.name for path in paths if path.is_file() and _leaks(path.read_bytes().decode("utf-8", "replace"))
    ] == []


def test_the_sweep_would_see_them(planted: Path) -> None:
    text = "".join(path.read_text() for path in (planted / "ws").rglob("*.*") if path.is_file())
    assert set(_leaks(text)) | {ENVIRONMENT["CI_JOB_TOKEN"]} == set(HIDDEN)
