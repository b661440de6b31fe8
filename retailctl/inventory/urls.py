"""Addresses as configuration writes them, taken apart without ever keeping a secret in them.

User, password, query and fragment are left out of everything that is kept; of a webhook of Odoo the path behind
``/web/hook/`` is its only secret, and is cut as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from retailctl.model.interface_key import EventKey, FileKey, HttpKey, InterfaceKey, MailKey, SqlKey

_SCHEME: Final = re.compile(r"^(?:jdbc:)?([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HOOK: Final = re.compile(r"(/web/hook)/[^/?#\s]+", re.IGNORECASE)
_SQL: Final = {
    "postgres": 5432, "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "sqlserver": 1433,
    "oracle": 1521, "mongodb": 27017,
}  # fmt: skip
_HTTP: Final = {"http": 80, "https": 443}
_SOCKET: Final = {"ws": 80, "wss": 443}
_AMQP: Final = {"amqp": 5672, "amqps": 5671}
_FILES: Final = {"ftp": 21, "ftps": 990, "sftp": 22}
_MAIL: Final = {"smtp": 25, "smtps": 465, "imap": 143, "imaps": 993}
_MQTT: Final = {"mqtt": 1883, "mqtts": 8883}
_CLEAR: Final = frozenset({"http", "ws", "ftp", "amqp", "smtp", "imap", "mqtt"})


@dataclass(frozen=True, slots=True)
class Url:
    """``host`` is lower case and may hold ``${NAME}``; ``port`` is None where it is the usual one of the scheme.

    ``user`` is the account in the address; ``secret`` the password or key in it: give it to ``Reading.fingerprint``
    at once and keep nothing else of it.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    user: str = ""
    secret: str = ""

    @property
    def clean(self) -> str:
        """The address without user, password, query and fragment."""
        port = f":{self.port}" if self.port is not None else ""
        return f"{self.scheme}://{self.host}{port}{self.path}"

    @property
    def name(self) -> str:
        """Host, with the port where it is not the usual one: what the other side is called until it is known."""
        return f"{self.host}:{self.port}" if self.port is not None else self.host

    @property
    def is_clear_text(self) -> bool:
        """Does the scheme go over the wire unencrypted?"""
        return self.scheme in _CLEAR


def url_of(text: str) -> Url | None:
    """The parts of an address with a scheme; None for anything else. Never raises."""
    found = _SCHEME.match(text.strip())
    if found is None:
        return None
    scheme = found[1].lower()
    rest = text.strip()[found.end() :]
    place, slash, path = rest.partition("/")
    if "@" not in place and "@" in rest.partition("?")[0].partition("#")[0] and ":" in place:
        place, slash, path = _with_password(rest)
    place = re.split(r"[?#;]", place)[0]
    account, at, machine = place.rpartition("@")
    user, colon, secret = account.partition(":")
    host, port = _host_and_port(machine)
    if not host:
        return None
    clean = _HOOK.sub(r"\1", "/" + re.split(r"[?#]", path)[0]) if slash else ""
    usual = _usual(scheme)
    return Url(
        scheme,
        host.lower() if "$" not in host and "{" not in host else host,
        None if port == usual else port,
        clean,
        unquote(user) if at else "",
        unquote(secret) if colon else "",
    )


def _with_password(rest: str) -> tuple[str, str, str]:
    """A password may hold a slash that nobody encoded: the last @ before the query ends it."""
    head = re.split(r"[?#]", rest)[0]
    end = head.rindex("@")
    machine, slash, path = rest[end + 1 :].partition("/")
    return rest[: end + 1] + machine, slash, path


def _host_and_port(machine: str) -> tuple[str, int | None]:
    if machine.startswith("["):
        host, _, port = machine[1:].partition("]")
        port = port.removeprefix(":")
    elif "," in machine:  # several servers of one cluster: the first stands for it
        return _host_and_port(machine.partition(",")[0])
    else:
        host, _, port = machine.rpartition(":") if re.search(r":\d+$", machine) else (machine, "", "")
    return host, int(port) if port.isdigit() and len(port) < 6 else None


def _usual(scheme: str) -> int | None:
    for table in (_HTTP, _SOCKET, _AMQP, _FILES, _MAIL, _MQTT, _SQL):
        if scheme in table:
            return table[scheme]
    return None


def path_of(text: str) -> str:
    """A path without query and fragment, the secret of a webhook cut."""
    try:
        return _HOOK.sub(r"\1", urlsplit(text).path if "://" in text else re.split(r"[?#]", text)[0])
    except ValueError:
        return _HOOK.sub(r"\1", re.split(r"[?#]", text)[0])


def key_of(url: Url, *, method: str = "", access: str = "") -> InterfaceKey | None:
    """The key of what is reached at an address; None for schemes that carry no interface (redis, file, ...)."""
    name = url.name
    if url.scheme in _HTTP:
        return HttpKey(protocol="http", provider=name, method=method.upper() or None, address=url.path or "/")
    if url.scheme in _SOCKET:
        return HttpKey(protocol="ws", provider=name, address=url.path or "/")
    if url.scheme in _AMQP:
        return EventKey(protocol="amqp", provider=name, cluster=name, address=url.path.strip("/") or None)
    if url.scheme in _MQTT:
        return EventKey(protocol="mqtt", provider=name, cluster=name, topic=url.path.strip("/") or None)
    if url.scheme == "kafka":
        return EventKey(protocol="kafka", provider=name, cluster=name, topic=url.path.strip("/") or None)
    if url.scheme in _FILES:
        protocol = "sftp" if url.scheme == "sftp" else "ftp"
        return FileKey(protocol=protocol, provider=name, host=name, directory=url.path.rstrip("/") or "/")  # type: ignore[arg-type]
    if url.scheme in _MAIL:
        return MailKey(protocol="smtp", provider=name, host=name)
    if url.scheme in _SQL:
        database = f"{name}/{url.path.strip('/')}".rstrip("/")
        return SqlKey(protocol="sql", provider=name, database=database, access=access or None)  # type: ignore[arg-type]
    return None
