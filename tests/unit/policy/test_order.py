"""The order of findings: reports without changes keep theirs; changes go by whom they hit."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import Location
from retailctl.model.contract_change import AffectedConsumer, ContractChange, Uses
from retailctl.model.finding import SEVERITIES, Finding, Severity, fingerprint
from retailctl.policy.order import settle


def row(
    subject: str,
    *uses: Uses,
    rule: str = "r",
    severity: Severity = "error",
    pointer: str = "",
    path: str = "a.yaml",
    change: bool = True,
) -> Finding:
    consumers = tuple(AffectedConsumer(system=f"s{n}", interface="i", uses=use) for n, use in enumerate(uses))
    return Finding(
        rule=rule, name=rule, verdict="fail", severity=severity, subject=subject, message="m", locations=(Location(path, 1, pointer=pointer),),
        fingerprint=fingerprint(rule, subject, pointer), change=ContractChange(consumers=consumers) if change else None,
    )  # fmt: skip


def test_changes_go_by_severity_then_consumers_hit_then_subject_then_pointer() -> None:
    wanted = [
        row("c", "yes", "yes"), row("b", "yes", "unknown", pointer="/0"), row("z", "yes", "no"), row("a", "unknown", "no", pointer="/0"),
        row("b", pointer="/1"), row("b", pointer="/2", rule="a"), row("c", "no", pointer="/9"), row("a", change=False), row("x", "yes", "yes", severity="warn"),
        row("a", "unknown", severity="info", pointer="/8"),
    ]  # fmt: skip
    assert list(settle(reversed(wanted))) == wanted


def test_a_new_consumer_swaps_no_fingerprints() -> None:
    """GET /health of two contracts: the same rule, subject and pointer, in two files."""
    first, second = row("GET /health", path="a.yaml"), row("GET /health", path="b.yaml")
    hit = replace(second, change=ContractChange(consumers=(AffectedConsumer(system="s", interface="i", uses="yes"),)))
    for before, after in zip(permutations((first, second)), permutations((first, hit)), strict=True):
        prints = [{found.locations[0].path: found.fingerprint for found in settle(rows)} for rows in (before, after)]
        assert prints[0] == prints[1]
    assert [found.locations[0].path for found in settle((first, hit))] == ["b.yaml", "a.yaml"]


FINDINGS = st.builds(
    row, st.sampled_from("ab"), rule=st.sampled_from("xy"), severity=st.sampled_from(SEVERITIES), pointer=st.sampled_from(["", "/p"]),
    path=st.sampled_from(["1.yaml", "2.yaml"]), change=st.just(False),
)  # fmt: skip


@given(st.lists(FINDINGS, max_size=12))
def test_reports_without_changes_go_by_severity_rule_subject_and_place(rows: list[Finding]) -> None:
    def key(found: Finding) -> tuple[Any, ...]:
        at = found.locations[0]
        return SEVERITIES.index(found.severity), found.rule, found.subject, at.path, at.pointer

    settled = [key(found) for found in settle(rows)]
    assert settled == sorted(map(key, rows))


@given(st.data())
def test_the_order_does_not_depend_on_the_order_of_discovery(data: st.DataObject) -> None:
    uses = st.sampled_from(get_args(Uses))
    rows = [
        row(f"s{n % 3}", *data.draw(st.lists(uses, max_size=3)), pointer=f"/{n}", change=n % 4 != 0) for n in range(8)
    ]
    assert settle(data.draw(st.permutations(rows))) == settle(rows)
