"""Laws over changes of any content: every format can write them, and they never act on who reads them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.model.contract_change import (
    AffectedConsumer,
    AffectedOperation,
    ChangeWitness,
    ComparedContract,
    ContractChange,
    ContractVerdict,
)
from retailctl.model.finding import SEVERITIES, VERDICTS
from retailctl.model.report import Report
from retailctl.report.changelog import changelog
from retailctl.report.formats import FORMATS, render
from retailctl.report.instances import ONE_LINE, one_line
from retailctl.report.json_schema import report_schema
from tests.unit.report.build import finding
from tests.unit.report.contract_sample import contract_report
from tests.unit.report.test_hostile import CONTROL

VALIDATOR = jsonschema_rs.validator_for(report_schema())
TEXT = st.text(st.characters(), max_size=12)
MAYBE = st.none() | TEXT
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
BUMP = st.sampled_from(["major", "minor", "patch", "none"])
SIDE = st.sampled_from(["old", "new"])
COMPATIBLE = st.sampled_from([True, False, None])
OPERATION = st.builds(AffectedOperation, TEXT, TEXT)
WITNESS = st.builds(
    ChangeWitness, kind=st.sampled_from(["instance", "request"]), value=JSON, place=TEXT, accepted_by=SIDE, rejected_by=SIDE, error=TEXT, pointer=TEXT
)  # fmt: skip
CONSUMER = st.builds(
    AffectedConsumer, system=TEXT, interface=TEXT, owner=MAYBE, wave=MAYBE, processes=st.tuples(TEXT), version=MAYBE,
    uses=st.sampled_from(["yes", "no", "unknown"]), evidence=TEXT,
)  # fmt: skip
CHANGE = st.builds(
    ContractChange, direction=st.sampled_from(["request", "response", "none"]), operation=TEXT, operations=st.lists(OPERATION, max_size=5).map(tuple),
    area=TEXT, kind=TEXT, action=TEXT, contract=MAYBE, old=TEXT, new=TEXT, witness=st.none() | WITNESS, no_witness=TEXT,
    consumers=st.lists(CONSUMER, max_size=8).map(tuple), consumers_known=st.booleans(), note=TEXT,
)  # fmt: skip
COMPARED = st.builds(
    ComparedContract, contract=TEXT, base=TEXT, revision=TEXT, path=TEXT, compatible=COMPATIBLE, required_bump=BUMP, declared_bump=st.none() | BUMP,
    breaking=st.integers(0, 9), unknown=st.integers(0, 9),
)  # fmt: skip
VERDICT = st.none() | st.builds(
    ContractVerdict, compatible=COMPATIBLE, required_bump=BUMP, declared_bump=st.none() | BUMP, base=TEXT, revision=TEXT, contracts=st.lists(COMPARED, max_size=3).map(tuple)
)  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> Report:
    rows = [
        finding(
            draw(TEXT), draw(TEXT), change=draw(st.none() | CHANGE), severity=draw(st.sampled_from(SEVERITIES)), verdict=draw(st.sampled_from(VERDICTS)),
            baselined=draw(st.booleans()), fix=draw(TEXT),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    return contract_report(*rows, contracts=draw(VERDICT))


@settings(deadline=None, max_examples=100)
@given(reports())
def test_every_format_writes_every_change(sample: Report) -> None:
    shown = {name: "".join(render(sample, name)) for name in FORMATS} | {"changelog": changelog(sample)}
    assert not [name for name, text in shown.items() if CONTROL.search(text)]
    json.loads(shown["sarif"]), json.loads(shown["gitlab"]), ET.fromstring(shown["junit"])
    written = json.loads(shown["json"])
    assert not [str(error) for error in VALIDATOR.iter_errors(written)]
    for told, row in zip(written["findings"], sample.findings, strict=True):
        assert ("witness" in told) == (row.change is not None)


@given(WITNESS)
def test_a_witness_on_one_line_is_one_short_line(witness: Any) -> None:
    shown = one_line(witness)
    assert len(shown) <= ONE_LINE
    assert len(shown.splitlines()) <= 1


@settings(deadline=None, max_examples=100)
@given(reports())
def test_the_changelog_has_an_item_per_change(sample: Report) -> None:
    changes = [row for row in sample.findings if row.change and row.verdict != "not_applicable"]
    assert sum(line.startswith("- ") for line in changelog(sample).splitlines()) == len(changes)
