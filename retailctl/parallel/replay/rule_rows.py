"""The rules of a replay: what a finding is called, how grave it is, and what to do about it."""

from __future__ import annotations

from typing import Final

from retailctl.model.finding import Severity
from retailctl.model.rule import Rule
from retailctl.parallel.replay.answers import HEADER, STATUS
from retailctl.parallel.replay.noise import Spot

_WHY: Final = "Whoever moves to the new service gets another answer than before."


def _row(id: str, name: str, title: str, fix: str, severity: Severity = "error", why: str = _WHY) -> Rule:
    return Rule(
        id=id, name=name, title=title, applies_to="route", stage="cutover", severity=severity, why=why, fix=fix,
        tags=("parallel", "replay"), pack="retailctl:replay",
    )  # fmt: skip


_ACCEPT: Final = "Correct the new service, or accept the difference in the plan with reason, owner and expiry."
_UNKNOWN: Final = "What was not compared may differ; unknown is never a pass."

RULES: Final[dict[str, Rule]] = {
    row.id: row
    for row in (
        _row("RPL-01", "answer-missing", "The new service has what legacy has.",
             "Load what is missing, or correct the lookup."),
        _row("RPL-02", "answer-extra", "The new service has nothing that legacy does not have.", _ACCEPT),
        _row("RPL-03", "status-differs", "Both services answer with the same status.", _ACCEPT),
        _row("RPL-04", "header-differs", "Both services send the same declared headers.", _ACCEPT),
        _row("RPL-05", "value-differs", "Both services give a field the same value.", _ACCEPT),
        _row("RPL-06", "field-missing", "The new service sends every field of legacy.",
             "Send the field, or accept in the plan that it is gone."),
        _row("RPL-07", "field-extra", "The new service sends no further fields.", _ACCEPT, "warn",
             "Consumers that refuse unknown fields break; the others do not notice."),
        _row("RPL-08", "type-differs", "Both services give a field the same type.", _ACCEPT),
        _row("RPL-09", "order-differs", "Both services give lists the same order.",
             "Keep the order, or declare the list as keyed(FIELD) or multiset in the plan.", "warn",
             "A consumer may rely on the order; where none does, say so in the plan."),
        _row("RPL-10", "items-differ", "Both services give lists the same items, each once.", _ACCEPT),
        _row("RPL-11", "shape-differs", "Values that are new each time look alike on both sides.", _ACCEPT),
        _row("RPL-12", "difference-open", "It is known of every difference whether it is noise.",
             "Replay more requests of the route, or lower noise.least in the plan.", "warn", _UNKNOWN),
        _row("RPL-13", "answer-rejected", "Every answer can be compared.",
             "Make the service answer in time and in HTTP, or raise timeout or max_body_kib.", "warn", _UNKNOWN),
        _row("RPL-14", "nothing-compared", "Every route of the plan is compared.",
             "Record requests of the route, or give it the allowance or credentials that it needs.", "warn", _UNKNOWN),
    )
}  # fmt: skip

_BY_KIND: Final = {
    "MISSING_FIELD": "RPL-06", "EXTRA_FIELD": "RPL-07", "TYPE": "RPL-08", "ORDER": "RPL-09", "MISSING_ITEM": "RPL-10",
    "EXTRA_ITEM": "RPL-10", "DUPLICATE_ITEM": "RPL-10", "DUPLICATE_KEY": "RPL-10", "VALUE": "RPL-05",
}  # fmt: skip


def rule_of(spot: Spot, *, is_shape: bool = False, hint: str = "") -> Rule:
    """The rule that a difference at a spot breaks."""
    path, kind = spot
    if path == STATUS:
        return RULES[{"MISSING_IN_NEW": "RPL-01", "EXTRA_IN_NEW": "RPL-02"}.get(hint, "RPL-03")]
    if path.startswith(HEADER):
        return RULES["RPL-04"]
    return RULES["RPL-11" if is_shape else _BY_KIND[kind]]
