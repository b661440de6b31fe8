"""Secrets that stand in configuration: found by the name of their setting, kept as fingerprints only.

A secret in clear text is a credential with ``vault: none``, so that SEC-06 finds it; equal fingerprints prove that
two places share one. A reference (``${file:/run/db.properties:password}``, ``{vault://env/x}``) is a credential that
is kept there. A plain variable (``$PASSWORD``) says nothing of where the value is kept: the credential has no vault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from retailctl.inventory.loose import Steps, text
from retailctl.inventory.reading import Reading
from retailctl.inventory.secret_names import is_literal, names_secret
from retailctl.inventory.urls import Url
from retailctl.model.seen import Seen

# Settings about a secret, not the secret: ``token_endpoint``, ``password.encoder.class``, ``key_claim_name``.
_ABOUT: Final = re.compile(
    r"(?:names?|header|headers|endpoint|url|uri|type|file|path|location|ttl|expir\w*|method|id|ids|fields?|class|provider|"
    r"alg|algorithm|format|timeout|interval|enabled?|mode|encoder|iterations|length|scope|scopes|param|params|claims?|"
    r"hash|hashing|policy|rotation|in|style|lifetime|schema|parameters?|prefix|suffix)$"
)
# How Envoy writes a value in its place: ``private_key: {inline_string: ...}``.
_INLINE: Final = ("inline_string", "inline_bytes")
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACEHOLDER: Final = re.compile(
    r"<?\W*redacted|\*+$|true$|false$|[a-z][a-z0-9+.-]*://[^\s:@/]*(?:[:/][^\s@]*)?$", re.IGNORECASE
)
_VAULT: Final = re.compile(
    r"^\$\{([a-z][a-zA-Z0-9_-]*:[^}]*)\}$|^\{(vault://[^}]*)\}$|^((?:kv|vault|ssm|op|arn)[/:].*)$"
)


def holds_secret(name: str) -> bool:
    """Is what a setting of this name holds a secret itself, and not something about one?"""
    if not names_secret(name):
        return False
    return _ABOUT.search(re.split(r"[^a-z0-9]+", _WORDS.sub("_", name).lower().rstrip("._-"))[-1]) is None


def is_clear(value: object) -> bool:
    """Is a value of such a setting a secret in clear text?"""
    return (
        is_literal(value)
        and isinstance(value, str)
        and _PLACEHOLDER.match(value.strip()) is None
        and not vault_of(value)
    )


def vault_of(value: object) -> str:
    """Where a reference says that the secret is kept; empty for a literal and for a plain variable."""
    found = _VAULT.match(text(value)) if isinstance(value, str) else None
    return next(filter(None, found.groups()), "") if found else ""


def credential(
    reading: Reading, source: str, ref: str, name: str, value: object, *, setting: str, at: date | None = None
) -> Iterator[Seen]:
    """The credential that a setting holds, if it holds one. ``name`` is the account, or whose setting it is."""
    clear, vault = is_clear(value), vault_of(value)
    if not (clear or vault):
        return
    yield Seen(
        source=source,
        ref=ref,
        kind="credential",
        at=at or reading.as_of,
        name=name,
        environment=reading.environment,
        values={"vault": "none" if clear else vault},
        figures={"setting": setting},
        secret=reading.fingerprint(str(value)) if clear else "",
    )


def address_secret(reading: Reading, source: str, ref: str, url: Url, *, setting: str) -> Iterator[Seen]:
    """The credential in an address (``amqp://user:password@host``), if there is one."""
    if url.secret:
        yield from credential(reading, source, ref, url.user or url.name, url.secret, setting=setting)


def secrets_below(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str, str]]:
    """(steps, setting, value) of every setting below that may hold a secret, in the order of the file."""
    stack: list[tuple[Steps, str, Any]] = [(steps, "", value)]
    while stack:
        at, name, current = stack.pop()
        if isinstance(current, dict):
            pairs = reversed(list(current.items()))
            stack.extend(((*at, key), name if key in _INLINE else str(key), part) for key, part in pairs)
        elif isinstance(current, list):
            stack.extend(((*at, index), name, part) for index, part in reversed(list(enumerate(current))))
        elif isinstance(current, str) and name and holds_secret(name):
            yield at, name, current
