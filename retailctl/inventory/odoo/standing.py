"""Where the account stands: its rights and companies, and so what record rules may hide from it without an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from retailctl.inventory.odoo.allow_list import AllowedModel

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
_GROUPS: Final = {"E": "group_erp_manager", "A": "group_system"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """``rights`` holds E (Access Rights) and A (Settings); ``all_companies`` is empty where it is not known."""

    account: int | None
    rights: frozenset[str] = frozenset()
    companies: tuple[int, ...] = ()
    all_companies: tuple[int, ...] = ()

    def hidden(self, allowed: AllowedModel, rows: Sequence[Mapping[str, Any]]) -> str:
        """Why rows of a model may be missing; empty when none are."""
        if allowed.own_rows and allowed.own_rows not in self.rights and not self._of_others(allowed, rows):
            whose = "companies of the account" if allowed.model == "res.company" else "rows of the account"
            return f"a record rule shows the {whose} only"
        if not allowed.company:
            return ""
        if not self.all_companies:
            return "rows of other companies are hidden, and which there are is not known"
        missing = sorted(set(self.all_companies) - set(self.companies))
        return f"the account does not work in {_listed(missing)}: their rows are hidden" if missing else ""

    def _of_others(self, allowed: AllowedModel, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Rows that the rule would hide are there: somebody lifted it for this account."""
        if allowed.model == "res.company":
            return any(row["id"] not in self.companies for row in rows)
        users = (row.get("user_id") or row.get("create_uid") for row in rows)
        return any(isinstance(user, list) and user and user[0] != self.account for user in users)


def standing_of(rows: Rows, account: int | None) -> Standing:
    """What the rows tell of the account that read them."""
    mine = next((row for row in rows.get("res.users", ()) if row["id"] == account), {})
    groups = {number for name in ("groups_id", "group_ids", "all_group_ids") for number in mine.get(name) or ()}
    ids = {
        row.get("name"): row.get("res_id")
        for row in rows.get("ir.model.data", ())
        if row.get("module") == "base" and row.get("model") == "res.groups"
    }
    rights = {right for right, name in _GROUPS.items() if ids.get(name) in groups}
    if "A" in rights:  # Settings imply Access Rights
        rights.add("E")
    companies = tuple(sorted(mine.get("company_ids") or ()))
    seen = tuple(sorted(row["id"] for row in rows.get("res.company", ())))
    known = "E" in rights or any(number not in companies for number in seen)
    return Standing(
        account=account,
        rights=frozenset(rights),
        companies=companies,
        all_companies=seen if known else (),
    )


def _listed(numbers: Sequence[int]) -> str:
    return ("company " if len(numbers) == 1 else "companies ") + ", ".join(map(str, numbers))
