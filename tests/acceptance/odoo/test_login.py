"""Where the account comes from: the environment, a private file, standard input, the keyring or a prompt."""

from __future__ import annotations

import io
import sys
import types
from pathlib import Path

import pytest

from retailctl.cli.console import Console
from retailctl.cli.odoo_login import LoginFlags, ask_login
from retailctl.connect.odoo.source import Login, Transport
from retailctl.errors import UsageError

KEY = "0123456789abcdef0123456789abcdef01234567"
PLACE = ("https://erp.example", "shop")


def asked(environ: dict[str, str], transport: Transport = "jsonrpc", **flags: object) -> Login:
    console = Console({f"RETAILCTL_ODOO_{name}": value for name, value in environ.items()})
    login = ask_login(console, LoginFlags(**flags))(*PLACE, transport)  # type: ignore[arg-type]
    if len(login.secret) > 5:
        assert login.secret not in console.clean(f"it is {login.secret}!")
    assert login.secret not in repr(login)
    return login


BOTH = {"LOGIN": "auditor", "PASSWORD": "pass-word", "API_KEY": KEY}


@pytest.mark.parametrize(
    ("environ", "transport", "secret", "is_key"),
    [
        (BOTH, "jsonrpc", "pass-word", False),
        (BOTH, "json2", KEY, True),
        ({"LOGIN": "auditor", "API_KEY": KEY}, "jsonrpc", KEY, True),
        ({"LOGIN": "auditor", "PASSWORD": KEY}, "json2", KEY, True),
        ({"LOGIN": "auditor", "PASSWORD": "pass-word"}, "json2", "pass-word", False),
    ],
)
def test_the_environment(environ: dict[str, str], transport: Transport, secret: str, is_key: bool) -> None:
    assert asked(environ, transport) == Login("auditor", secret, is_key)


def test_a_flag_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    path.touch(0o600)
    path.write_text("from-file\n", encoding="utf-8")
    assert asked(BOTH, file=path) == Login("auditor", "from-file")
    assert asked(BOTH, file=path, login="other") == Login("other", "from-file")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{KEY}\r\n"))
    assert asked(BOTH, stdin=True) == Login("auditor", KEY, is_key=True)


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        ("secret", 0o644, "others may read the file"),
        ("secret", 0o640, "others may read the file"),
        ("", 0o600, "no secret of one line"),
        ("one\ntwo\n", 0o600, "no secret of one line"),
        ("x" * 5000, 0o600, "no secret of one line"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, mode: int, told: str) -> None:
    path = tmp_path / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    with pytest.raises(UsageError, match=told) as caught:
        asked(BOTH, file=path)
    assert "secret of one" in told or "secret" not in str(caught.value).replace("chmod 600 secret", "")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        asked(BOTH, file=tmp_path / "none")
    with pytest.raises(UsageError, match=r"cannot be read|no regular file"):
        asked(BOTH, file=tmp_path)


def test_nothing_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="no secret of one line"):
        asked(BOTH, stdin=True)


def test_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("retailctl https://erp.example shop", "auditor"): "from-keyring"}
    fake = types.ModuleType("keyring")
    fake.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", fake)
    assert asked(BOTH, keyring=True) == Login("auditor", "from-keyring")
    with pytest.raises(UsageError, match="holds no secret for this login"):
        asked(BOTH, keyring=True, login="other")
    with pytest.raises(UsageError, match="needs the login"):
        asked({}, keyring=True)

    def locked(service: str, name: str) -> str:
        raise RuntimeError("MARKED")

    fake.get_password = locked  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="does not answer") as caught:
        asked(BOTH, keyring=True)
    assert "MARKED" not in str(caught.value)


def test_a_keyring_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        asked(BOTH, keyring=True)
    assert "retailctl[keyring]" in caught.value.hint


def test_a_prompt_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no terminal to ask on"):
        asked({"LOGIN": "auditor"})
    monkeypatch.setattr("retailctl.cli.odoo_login.is_terminal", lambda _: True)
    answers = iter(("auditor", "typed-secret"))
    monkeypatch.setattr("typer.prompt", lambda *args, **more: next(answers))
    assert asked({}) == Login("auditor", "typed-secret")
