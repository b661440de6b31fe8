"""Python checks: what CEL cannot say, behind the same row of metadata. One file and one index line each.

A check module holds ``def check(context: CheckContext) -> Iterator[Outcome]`` and yields one outcome per
subject, passes included, so that they can be counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any, Final

from retailctl.errors import ConfigError
from retailctl.model.estate import Estate, Subject
from retailctl.model.outcome import Outcome
from retailctl.model.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What a check may read: the merged estate, the graph, the subjects by kind, and its own parameters."""

    rule: Rule
    estate: Estate
    graph: Any
    subjects: Mapping[str, Sequence[Subject]]
    params: Mapping[str, Any]
    as_of: date

    def of(self, kind: str) -> Sequence[Subject]:
        """The subjects of one kind, in id order."""
        return self.subjects.get(kind, ())


Check = Callable[[CheckContext], Iterator[Outcome]]

CHECKS: Final[dict[str, str]] = {
    "literal-secrets": "literal_secrets",
}
"""Name in the row of a rule -> module of this folder."""


def load_check(rule: Rule) -> Check:
    """The function behind ``check:`` of a rule; its module is imported now."""
    from retailctl.policy.schema import did_you_mean

    name = rule.check or ""
    module = CHECKS.get(name)
    if module is None:
        raise ConfigError(f"unknown check {name!r} of {rule.id}{did_you_mean(name, CHECKS)}", at=rule.at)
    check: Check = import_module(f"{__name__}.{module}").check
    return check
