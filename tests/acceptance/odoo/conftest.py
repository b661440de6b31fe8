"""`retailctl inventory odoo` against a fake server, in a small workspace; nothing that comes out may hold a secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from retailctl.cli.main import main
from tests.support.fake_odoo.server import FakeOdoo
from tests.support.fake_odoo.synthetic import MARK

VARIABLES = ("LOGIN", "PASSWORD", "API_KEY")
NEVER = ("Traceback", "MARKED", MARK, "/opt/odoo", 'File "')


class Ended(NamedTuple):
    """How a run ended; ``files`` is all that it wrote."""

    code: int
    out: str
    err: str
    files: str


Odoo = Callable[..., Ended]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "inventories").mkdir()
    (tmp_path / "retailctl.yaml").write_text("name: shop\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETAILCTL_CACHE_DIR", str(tmp_path / ".cache"))
    monkeypatch.setenv("RETAILCTL_KEY", "a key of the tests, long enough")
    monkeypatch.setattr("retailctl.connect.odoo.wire.BACK_OFF", 0.0)
    for name in (*(f"RETAILCTL_ODOO_{name}" for name in VARIABLES), "CI", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def odoo(workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Odoo:
    def run(
        server: FakeOdoo, *args: str, login: str = "admin", key: bool = False, url: str = "", db: str = "",
        account: bool = True,
    ) -> Ended:  # fmt: skip
        if account:
            monkeypatch.setenv("RETAILCTL_ODOO_LOGIN", login)
            monkeypatch.setenv(
                "RETAILCTL_ODOO_API_KEY" if key else "RETAILCTL_ODOO_PASSWORD", server.key if key else server.password
            )
        place = ("inventory", "odoo", url or server.url, "--db", db or server.recording.database)
        code = main([*place, "-vv", "--as-of", "2026-11-20", *args])
        out, err = capsys.readouterr()
        written = "".join(path.read_text("utf-8", "replace") for path in sorted(workspace.rglob("*")) if path.is_file())
        for secret in (server.password, server.key, *NEVER):
            assert secret not in out + err + written, secret
        return Ended(code, out, err, written)

    return run
