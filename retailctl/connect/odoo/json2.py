"""JSON-2, from Odoo 19 on: one POST per call, named arguments in an object, an API key as bearer.

The body is always an object with every argument: an array is ignored by the server without a word, and an object
without ``fields`` reads every field of every record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from retailctl.connect.odoo.answers import check_status, value_of
from retailctl.connect.odoo.errors import OdooError, server_error
from retailctl.connect.odoo.source import Login, ReadOnlySource, Transport
from retailctl.connect.odoo.wire import Wire, WireAnswer
from retailctl.errors import UsageError
from retailctl.model.redaction import Redactor

_KEY_HINT = "make a new API key in the preferences of the account; keys expire, and those of archived users are refused"


class Json2Source(ReadOnlySource):
    """An Odoo behind ``/json/2``; the key is sent with every call, and no session is kept."""

    transport: Transport = "json2"

    def __init__(self, wire: Wire, database: str, login: Login, version: str) -> None:
        """Prove the key by one cheap call. Raises OdooError, and UsageError for a key that is no header."""
        super().__init__(version, wire.server.url)
        if not (login.secret.isascii() and login.secret.isprintable()):
            raise UsageError("the API key has characters that no key has", hint="copy it again, without line breaks")
        if not (database.isascii() and database.isprintable()):
            raise UsageError("the name of the database has characters that a header cannot carry", hint="check --db")
        self._wire = wire
        self._clean = Redactor((login.secret,)).text
        self._headers = {"authorization": f"bearer {login.secret}", "x-odoo-database": database}
        account = self.context_get().get("uid")
        self.account = account if isinstance(account, int) else None

    @property
    def calls(self) -> int:
        """See OdooSource."""
        return self._wire.calls

    def _send(self, model: str, method: str, named: Mapping[str, Any]) -> Any:
        body = json.dumps(dict(named)).encode()
        answer = self._wire.post(f"/json/2/{model}/{method}", body, self._headers, again=True)
        if answer.status == 200:
            check_status(answer, self._wire.server)
            return value_of(answer.body, self._wire.server)
        raise self._refusal(answer)

    def _refusal(self, answer: WireAnswer) -> OdooError:
        at, server = self._at, self._wire.server
        if answer.status == 404 and answer.kind != "application/json":
            hint = "check --db; without that database the server has no JSON-2"
            return OdooError("database", "the server has no database of that name", at=at, hint=hint)
        if answer.kind != "application/json":
            check_status(answer, server)
        try:
            told = value_of(answer.body, server)
        except OdooError:
            told = None
        if answer.status == 401:
            return OdooError("login", "the server refuses the API key", at=at, hint=_KEY_HINT)
        if answer.status == 403:
            return server_error({"name": "AccessError"}, at, self._clean)
        if answer.status == 404:
            return server_error({"name": "NotFound"}, at, self._clean)
        if answer.status in (400, 415, 422):
            what = f"the server does not take the call ({answer.status})"
            return OdooError("method", what, at=at, hint="report it with the version of the server")
        return server_error(told, at, self._clean)
