"""Every rule that settings, waivers and baselines may name: those of the packs, contract changes, and lint rows.

Only the packs' rules are rules of policy; what becomes of the level of a contract rule is the business of the contract
commands. The tables are read when a name is looked up that no pack has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

Table = Literal["policy", "change", "lint"]


@dataclass(frozen=True, slots=True)
class KnownRules(Collection[str]):
    """The names of all rules, read no further than it takes to find one."""

    pack: Collection[str] = field(default=())

    def __contains__(self, name: object) -> bool:
        return name in self.pack or (isinstance(name, str) and table_of(name) != "policy")

    def __iter__(self) -> Iterator[str]:
        from retailctl.contracts.rules.rules import all_rules

        yield from sorted({*self.pack, *all_rules(), *lint_names()})

    def __len__(self) -> int:
        return sum(1 for _ in self)


def table_of(name: str) -> Table:
    """Where a rule stands; "policy" for every name that is in neither table of the contract commands."""
    from retailctl.contracts.rules.rules import is_rule

    if is_rule(name):
        return "change"
    return "lint" if name in lint_names() else "policy"


@cache
def lint_names() -> frozenset[str]:
    """The rows of lint that are rules of their own; the others are reported as INP, which nobody can switch off."""
    from retailctl.contracts.lint.table import rows

    return frozenset(row.id for row in rows().values() if not row.input)
