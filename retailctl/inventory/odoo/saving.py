"""The records of a database as a file: as they were read, but for secrets that stand in texts and addresses.

A secret is replaced by its keyed fingerprint, where it stands: whoever reads the file sees that there is one, and
whether two are the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from retailctl.inventory.odoo.records import OdooRecords
from retailctl.inventory.odoo.webhooks import public_path
from retailctl.inventory.secret_names import PRINT, is_literal, is_print, names_secret
from retailctl.inventory.urls import url_of
from retailctl.model.redaction import redact

SCHEMA: Final = "odoo-records/v1"
Fingerprint = Callable[[str], str]
_PAIR: Final = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]{0,200})"
    r"(?P<between>[\"']?\]?\s{0,4}[=:]\s{0,4}[rbuf]{0,2}[\"'](?:(?:Bearer|Basic|Token) )?)"
    r"(?P<value>[^\"'\n]{3,2000})",
    re.IGNORECASE,
)
_URL: Final = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]{1,15}://)(?P<rest>[^\s\"'<>]{1,4000})", re.IGNORECASE)
_PRINTS: Final = re.compile(f"({PRINT.pattern})")
_HOOK: Final = re.compile(r"(/web/hook/)[^/?#\s\"']+", re.IGNORECASE)
_KEY: Final = re.compile(r"[A-Za-z0-9_=~+-]{12,}")
_QUERY: Final = re.compile(r"(?<=[?&])([^=&#]{1,100})=([^&#]+)")
_SECRET_IN_QUERY: Final = frozenset({"key", "sig", "signature", "code", "auth", "sas", "hash", "t"})
_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie", "x-auth-token"})


def as_json(records: OdooRecords, fingerprint: Fingerprint) -> str:
    """The file of ``inventory odoo --save``; sorted as read, times in ISO 8601."""
    plain = asdict(records)
    plain["records"] = {
        model: [{name: _clean(value, fingerprint, name) for name, value in row.items()} for row in rows]
        for model, rows in records.records.items()
    }
    whole = {"retailctl": SCHEMA, **plain, "taken": records.taken.isoformat()}
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _clean(value: Any, fingerprint: Fingerprint, name: str = "") -> Any:
    if isinstance(value, str):
        return _webhook(value, fingerprint) if name == "webhook_url" else without_secrets(value, fingerprint)
    if isinstance(value, list | tuple):
        return [_clean(one, fingerprint) for one in value]
    if isinstance(value, Mapping):
        return {key: _clean(one, fingerprint) for key, one in value.items()}
    return value


def _webhook(text: str, fingerprint: Fingerprint) -> str:
    """Of the address of a webhook any part of the path may be its secret: what is no known word goes."""
    text = without_secrets(text, fingerprint)
    url = url_of(text)
    if url is None:
        return text
    path, rest = public_path(url.path)
    start = text[: text.find(url.path)] if url.path else text.partition("?")[0]
    query = text.partition("?")
    return f"{start}{path}" + (f"/{fingerprint(rest)}" if rest else "") + query[1] + query[2]


def without_secrets(text: str, fingerprint: Fingerprint) -> str:
    """A text with every secret in it replaced: by the name before it, by its place in an address, or by its shape."""
    if len(text) < 6:
        return text
    text = _URL.sub(lambda found: found["scheme"] + _address(found["rest"], fingerprint), text)
    text = _HOOK.sub(lambda found: f"{found[1]}***", text)
    text = _PAIR.sub(lambda found: _pair(found, fingerprint), text)
    # What has the shape of a secret, and no name that says so; a print beside a name has the shape as well.
    parts = _PRINTS.split(text)
    return "".join(part if is_print(part) else redact(part) for part in parts)


def _pair(found: re.Match[str], fingerprint: Fingerprint) -> str:
    name, value = found["name"], found["value"]
    if not (names_secret(name) or name.lower() in _HEADERS) or not is_literal(value) or "://" in value:
        return found[0]
    return f"{name}{found['between']}{fingerprint(value)}"


def _address(rest: str, fingerprint: Fingerprint) -> str:
    machine, slash, path = rest.partition("/")
    account, at, host = machine.rpartition("@")
    user, colon, secret = account.partition(":")
    if at and colon and is_literal(secret):
        machine = f"{user}:{fingerprint(secret)}@{host}"
    path, mark, query = path.partition("?")
    segments = "/".join(fingerprint(part) if _is_key(part) else part for part in path.split("/"))
    clean = _QUERY.sub(lambda found: _parameter(found, fingerprint), mark + query)
    return f"{machine}{slash}{segments}{clean}"


def _parameter(found: re.Match[str], fingerprint: Fingerprint) -> str:
    name, value = found[1], found[2]
    secret = (names_secret(name) or name.lower() in _SECRET_IN_QUERY or _is_key(value)) and is_literal(value)
    return f"{name}={fingerprint(value) if secret and '{' not in value else value}"


def _is_key(part: str) -> bool:
    """Long, and mixed as no word is."""
    if not _KEY.fullmatch(part):
        return False
    return len(part) >= 24 or (any(map(str.isdigit, part)) and any(map(str.isalpha, part)))
