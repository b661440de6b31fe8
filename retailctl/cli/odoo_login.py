"""The account for an Odoo: from the environment, standard input, a private file, the keyring or a prompt.

Never from an argument or a settings file: those end in the history of a shell, in process lists and in repositories.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from retailctl.cli.color import is_terminal
from retailctl.cli.console import Console
from retailctl.errors import UsageError
from retailctl.model.redaction import Redactor, secret_values

if TYPE_CHECKING:
    from retailctl.connect.odoo.source import Login, Transport

LOGIN, PASSWORD, API_KEY = "RETAILCTL_ODOO_LOGIN", "RETAILCTL_ODOO_PASSWORD", "RETAILCTL_ODOO_API_KEY"
_MOST: Final = 4096
_KEY: Final = re.compile(r"[0-9a-f]{40}")  # as every version of Odoo makes its API keys
_SHORTEST: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFlags:
    """What the command line says of the account."""

    login: str = ""
    stdin: bool = False
    file: Path | None = None
    keyring: bool = False


def ask_login(console: Console, flags: LoginFlags) -> Callable[[str, str, Transport], Login]:
    """The function that a connection asks for its account. Raises UsageError for flags that exclude each other."""
    if flags.stdin + (flags.file is not None) + flags.keyring > 1:
        raise UsageError("--password-stdin, --password-file and --keyring exclude each other")
    # Read before anything is sent: a file that cannot be used is no reason to talk to a server.
    given = _from_stdin() if flags.stdin else _from_file(flags.file) if flags.file is not None else ""

    def ask(server: str, database: str, transport: Transport) -> Login:
        from retailctl.connect.odoo.source import Login

        name = flags.login or console.environ.get(LOGIN, "")
        secret, is_key = given, bool(_KEY.fullmatch(given))
        if flags.keyring:
            secret = _from_keyring(server, database, name)
            is_key = bool(_KEY.fullmatch(secret))
        if not secret:
            secret, is_key = _from_environment(console, transport)
        if not secret:
            name, secret = _prompted(server, database, name)
            is_key = bool(_KEY.fullmatch(secret))
        _hide(console, secret)
        return Login(name, secret, is_key)

    return ask


def _from_environment(console: Console, transport: Transport) -> tuple[str, bool]:
    password, key = console.environ.get(PASSWORD, ""), console.environ.get(API_KEY, "")
    if key and (transport == "json2" or not password):
        return key, True
    return password, bool(_KEY.fullmatch(password))


def _from_stdin() -> str:
    return _checked(sys.stdin.read(_MOST + 1) if sys.stdin is not None else "", "--password-stdin")


def _from_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise UsageError("--password-file: is no regular file", hint="name a file with the secret in it")
            if os.name == "posix" and mode & 0o077:
                hint = f"chmod 600 {path.name}"
                raise UsageError("--password-file: others may read the file", hint=hint)
            text = stream.read(_MOST + 1)
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "is not text"
        raise UsageError(f"--password-file: cannot be read: {what}", hint="check path and permissions") from None
    return _checked(text, "--password-file")


def _checked(text: str, flag: str) -> str:
    secret = text.rstrip("\r\n")
    if not secret or len(secret) > _MOST or "\n" in secret:
        raise UsageError(f"{flag}: holds no secret of one line", hint="write the password or API key, and nothing else")
    return secret


def _from_keyring(server: str, database: str, name: str) -> str:
    try:
        import keyring
    except ImportError:
        raise UsageError(
            "--keyring needs a package that is not installed", hint="pip install 'retailctl[keyring]'"
        ) from None
    if not name:
        raise UsageError("--keyring needs the login", hint=f"set {LOGIN}, or give --login")
    service = f"retailctl {server} {database}"
    try:
        found = keyring.get_password(service, name)
    except Exception as error:  # noqa: BLE001 - every backend has errors of its own
        hint = "unlock it, or give the secret another way"
        raise UsageError(f"--keyring: the keyring does not answer ({type(error).__name__})", hint=hint) from None
    if not found:
        raise UsageError("--keyring: holds no secret for this login", hint=f"keyring set '{service}' {name}")
    return str(found)


def _prompted(server: str, database: str, name: str) -> tuple[str, str]:
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        hint = f"set {LOGIN} and {PASSWORD} or {API_KEY}, or use --password-stdin or --password-file"
        raise UsageError("no password or API key is given, and there is no terminal to ask on", hint=hint)
    import typer

    name = name or typer.prompt(f"Login at {server}, database {database}", err=True)
    secret = typer.prompt(f"Password or API key of {name}", hide_input=True, err=True)
    return name, str(secret)


def _hide(console: Console, secret: str) -> None:
    """Whatever is printed from now on does not show it; a very short one would hide parts of every text."""
    if len(secret) >= _SHORTEST:
        console.redactor = Redactor((*secret_values(console.environ), secret))
