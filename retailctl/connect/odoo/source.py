"""OdooSource: the five things that are ever asked of an Odoo, and the guard that refuses everything else.

The recordset interface of clients reads every field of a record, secrets among them, and writes when an attribute is
set. Here a call names its fields, and a method or field that is not allowed raises before anything is sent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from retailctl.connect.odoo.denied import denied_among
from retailctl.connect.odoo.errors import OdooError

Transport = Literal["jsonrpc", "json2"]
Domain = Sequence[Any]
Record = dict[str, Any]

METHODS: Final = frozenset(
    {"search_read", "search_count", "fields_get", "has_access", "check_access_rights", "context_get"}
)
CONTEXT: Final[Mapping[str, Any]] = {"active_test": False, "lang": "en_US"}
"""Archived rows too (an inactive cron, the keys of an archived user), and names that do not depend on the account."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account. ``secret`` is a password or an API key (``is_key``); it is in no text of this object."""

    name: str
    secret: str = field(repr=False)
    is_key: bool = False


class Refused(Exception):
    """A call that must never be made: a mistake in retailctl, found before anything was sent."""


class OdooSource(Protocol):
    """What readers may ask. Every method raises OdooError for whatever a server or the way to it does."""

    @property
    def transport(self) -> Transport:
        """Which protocol is in use."""

    @property
    def version(self) -> str:
        """``19.0``, without suffix."""

    @property
    def account(self) -> int | None:
        """The id of the account in ``res.users``."""

    @property
    def calls(self) -> int:
        """Requests sent so far, those of the login among them."""

    def search_read(self, model: str, domain: Domain, fields: Sequence[str], *, limit: int, order: str) -> list[Record]:
        """Rows with ``id`` and exactly these fields, archived ones too."""

    def search_count(self, model: str, domain: Domain) -> int:
        """Number of rows, archived ones too."""

    def fields_get(self, model: str) -> Mapping[str, Mapping[str, Any]]:
        """The fields that this account may read, each with its type."""

    def has_access(self, model: str) -> bool:
        """May the account read the model at all?"""

    def context_get(self) -> Mapping[str, Any]:
        """Language, time zone and id of the account: the cheapest proof that a login works."""


class ReadOnlySource(ABC):
    """The guard: builds the five calls with named arguments, and checks what comes back."""

    def __init__(self, version: str, at: str) -> None:
        self.version, self._at = version, at
        self.account: int | None = None

    @abstractmethod
    def _send(self, model: str, method: str, named: Mapping[str, Any]) -> Any:
        """One call over the wire. Raises OdooError."""

    def _call(self, model: str, method: str, named: Mapping[str, Any]) -> Any:
        if method not in METHODS:
            raise Refused(f"{method} is not a method that is ever called")
        fields = named.get("fields")
        if method == "search_read" and not fields:
            raise Refused("search_read without fields reads every field")
        denied = denied_among(model, fields or (), named.get("domain") or (), str(named.get("order") or ""))
        if denied:
            raise Refused(f"{model}: {', '.join(denied)} must not be read")
        return self._send(model, method, named)

    def search_read(self, model: str, domain: Domain, fields: Sequence[str], *, limit: int, order: str) -> list[Record]:
        """See OdooSource. Whatever the server adds to a row is dropped."""
        named = {
            "domain": list(domain),
            "fields": list(fields),
            "limit": limit,
            "order": order,
            "context": dict(CONTEXT),
        }
        answer = self._call(model, "search_read", named)
        wanted = ("id", *(name for name in fields if name != "id"))
        if not isinstance(answer, list) or not all(isinstance(row, dict) and _is_id(row.get("id")) for row in answer):
            raise self._odd(f"search_read of {model}")
        return [{name: row[name] for name in wanted if name in row} for row in answer[:limit]]

    def search_count(self, model: str, domain: Domain) -> int:
        """See OdooSource."""
        answer = self._call(model, "search_count", {"domain": list(domain), "context": dict(CONTEXT)})
        if not isinstance(answer, int) or isinstance(answer, bool):
            raise self._odd(f"search_count of {model}")
        return answer

    def fields_get(self, model: str) -> Mapping[str, Mapping[str, Any]]:
        """See OdooSource."""
        answer = self._call(model, "fields_get", {"attributes": ["type"]})
        if not isinstance(answer, dict) or not all(isinstance(told, dict) for told in answer.values()):
            raise self._odd(f"fields_get of {model}")
        return answer

    def has_access(self, model: str) -> bool:
        """See OdooSource."""
        if version_key(self.version) >= (18, 0):
            return bool(self._call(model, "has_access", {"ids": [], "operation": "read"}))
        return bool(self._call(model, "check_access_rights", {"operation": "read", "raise_exception": False}))

    def context_get(self) -> Mapping[str, Any]:
        """See OdooSource."""
        answer = self._call("res.users", "context_get", {})
        if not isinstance(answer, dict):
            raise self._odd("context_get")
        return answer

    def _odd(self, what: str) -> OdooError:
        hint = "check that the address is that of Odoo itself; report it with the version of the server"
        return OdooError("answer", f"the answer to {what} has not the shape that Odoo gives it", at=self._at, hint=hint)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def version_key(version: str) -> tuple[int, int]:
    """``18.2`` as (18, 2), for comparisons."""
    major, _, minor = version.partition(".")
    return int(major), int(minor or 0)
