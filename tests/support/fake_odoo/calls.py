"""What a call of a model answers, whichever protocol it came by; and what no client may ever call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.fake_odoo.domains import matches, named_fields, ordered
from tests.support.fake_odoo.recording import USER, Model, Recording, Row

METHODS = {"search_read", "search_count", "fields_get", "context_get", "has_access", "check_access_rights"}
TRACE = 'Traceback (most recent call last):\n  File "/opt/odoo/odoo/http.py", line 1, in __call__\n    dispatch()\n'


class Failure(Exception):
    """An error inside Odoo: the name of its exception, its message, and the name of the recorded answer."""

    def __init__(self, name: str, message: str, case: str = "") -> None:
        super().__init__(message)
        self.name, self.message, self.case = name, message, case

    def data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "message": self.message,
            "arguments": [self.message],
            "context": {},
            "debug": f"{TRACE}{self.name}: {self.message}\n",
        }


@dataclass(frozen=True)
class Call:
    """One call of a method of a model."""

    account: str
    model: str
    method: str
    named: Mapping[str, Any]


@dataclass
class Calls:
    """Answers calls of a recording; ``made`` are all of them, ``wrong`` what no client of ours may ask."""

    recording: Recording
    made: list[Call] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    broken: dict[str, Failure] = field(default_factory=dict)

    def answer(self, call: Call) -> Any:
        """The value of a call. Raises Failure."""
        self.made.append(call)
        if call.method not in METHODS:
            self.wrong.append(f"method {call.model}.{call.method}")
            raise Failure("builtins.AttributeError", f"The method '{call.model}.{call.method}' does not exist")
        if call.method == "context_get":
            return {"lang": "en_US", "tz": "Europe/Brussels", "uid": self.recording.accounts[call.account]}
        if call.model in self.broken:
            raise self.broken[call.model]
        model = self.recording.models.get(call.model)
        if model is None:
            raise Failure("odoo.exceptions.UserError", f"Object {call.model} doesn't exist", "unknown_model")
        may = self.recording.rights[call.account].get(call.model, False)
        if call.method in ("has_access", "check_access_rights"):
            return may
        if call.method == "fields_get":
            wanted = call.named.get("attributes")
            return {
                name: {key: told[key] for key in sorted(told) if wanted is None or key in wanted}
                for name, told in model.fields.items()
                if self._may_field(call.account, told)
            }
        if not may:
            message = f"You are not allowed to access '{call.model}' records.\n\nContact your administrator."
            raise Failure("odoo.exceptions.AccessError", message, "access_denied")
        return self._rows(call, model)

    def _rows(self, call: Call, model: Model) -> Any:
        domain, order = call.named.get("domain") or [], call.named.get("order") or "id"
        fields = call.named.get("fields") or []
        if call.method == "search_read" and not fields:
            self.wrong.append(f"search_read of every field of {call.model}")
        for name in (*fields, *named_fields(domain, order)):
            told = model.fields.get(name)
            if told is None:
                message = f"Invalid field '{name}' on model '{call.model}'"
                raise Failure("builtins.ValueError", message, "unknown_field")
            if name not in model.carried:
                self.wrong.append(f"field {call.model}.{name}")
            if not self._may_field(call.account, told):
                message = f'You do not have enough rights to access the field "{name}"\n\nUser: 5'
                raise Failure("odoo.exceptions.AccessError", message, "access_denied_field")
        rows = [row for row in model.rows if self._sees(call, row, domain) and matches(row, domain)]
        if call.method == "search_count":
            return len(rows)
        start = call.named.get("offset") or 0
        rows = ordered(rows, order)[start:][: call.named.get("limit") or None]
        return [{"id": row["id"], **{name: row.get(name, False) for name in fields}} for row in rows]

    def _sees(self, call: Call, row: Row, domain: list[Any]) -> bool:
        rule = self.recording.rules.get(call.model)
        if call.account != "admin" and rule is not None and not rule(row, self.recording.accounts[call.account]):
            return False
        archived_too = (call.named.get("context") or {}).get("active_test") is False or "active" in named_fields(
            domain, ""
        )
        return archived_too or row.get("active", True) is not False

    def _may_field(self, account: str, told: Mapping[str, Any]) -> bool:
        return account == "admin" or not told.get("groups") or USER in told["groups"]
