"""Reports about changes in which every free text of the change is one and the same, hostile or long."""

from __future__ import annotations

from typing import Any

from retailctl.errors import Location
from retailctl.model.contract_change import (
    AffectedConsumer,
    AffectedOperation,
    ChangeWitness,
    ComparedContract,
    ContractChange,
    ContractSet,
    ContractVerdict,
    Uses,
)
from retailctl.model.finding import Evidence
from retailctl.model.report import Report
from tests.unit.report.build import finding, report


def consumer(text: str, uses: Uses) -> AffectedConsumer:
    """A consumer that is ``text`` all over."""
    return AffectedConsumer(
        system=text, interface=text, owner=text, wave=text, processes=(text,), version=text, uses=uses, evidence=text
    )


def change(text: str, value: Any, **more: Any) -> ContractChange:
    """A change that is ``text`` all over, with a witness of that value (``{text: [text]}`` by default)."""
    witness = ChangeWitness(
        kind=more.pop("witness_kind", "instance"), value=value, place=text, accepted_by="old", rejected_by="new", error=text, pointer=text
    )  # fmt: skip
    values: dict[str, Any] = {
        "direction": "request", "operation": text, "operations": (AffectedOperation(text, text), AffectedOperation(text)), "area": text, "kind": text,
        "action": text, "contract": text, "old": text, "new": text + "2", "witness": witness, "consumers": tuple(consumer(text, uses) for uses in ("yes", "no", "unknown")),
        "consumers_known": True, "note": text, **more,
    }  # fmt: skip
    return ContractChange(**values)


def changed_everywhere(text: str) -> Report:
    """Breaking, risky, undecided, harmless and accepted changes, and the verdict on two contracts."""
    common: dict[str, Any] = {
        "name": text, "fix": text, "owner": text, "domain": text, "locations": (Location(text or "x", 3, 5, pointer=text),),
        "related": (Evidence(text, Location(text or "x", 1, 1)),),
    }  # fmt: skip
    whole = change(text, {text: [text, {text: text}]})
    bare = change(text, None, witness=None, no_witness=text, contract=None, consumers=(), consumers_known=False)
    line = change(text, text, witness_kind="request", contract=None)
    rows = (
        finding(text, text, change=whole, fingerprint="a", **common),
        finding(text, text, change=bare, fingerprint="b", **common),
        finding(text, text, change=line, fingerprint="c", severity="warn", **common),
        finding(text, text, change=bare, fingerprint="d", verdict="unknown", severity="warn", **common),
        finding(text, text, change=whole, fingerprint="e", severity="info", **common),
        finding(text, text, change=whole, fingerprint="f", verdict="waived", waiver=text, **common),
    )
    compared = tuple(
        ComparedContract(contract=text + name, base=text, revision=text, path=text, compatible=verdict, required_bump="major", breaking=1)
        for name, verdict in (("", False), ("2", None), ("3", True))
    )  # fmt: skip
    sets = (ContractSet(name=text, required_bump="major", contracts=(text,)),)
    verdict = ContractVerdict(
        compatible=None, required_bump="major", base=text, revision=text, contracts=compared, sets=sets
    )
    base = report(*rows)
    values = {name: getattr(base.summary, name) for name in type(base.summary).__slots__}
    summary = type(base.summary)(**{**values, "contracts": verdict})
    return report(*rows, summary=summary, workspace=text)
