from __future__ import annotations

import re
from typing import get_args

from retailctl.model.parallel_plan import CompareMode, FieldSeverity, FieldType, Metric, Pii
from retailctl.parallel.normalisers.index import NORMALISERS
from retailctl.parallel.normalisers.stage import REASONS
from retailctl.parallel.plans.names import FIGURES
from retailctl.workspace.reader import parse_bytes
from tests.needs import ROOT
from tests.parallel.orders import plan_of

PAGE = (ROOT / "docs/parallel-plans.md").read_text(encoding="utf-8")
MINIMAL = "entity: e\nkey: [a]\nsources: {{legacy: {{csv: a}}, new: {{csv: b}}}}\nfields: [{{name: a, type: {type}{more}, legacy: {{normalisers: [{step}]}}}}]\n"


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_page_has_every_normaliser_and_every_reason() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", section("Normalisers"), re.MULTILINE)) == set(NORMALISERS)
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", section("Reasons of a rejection"), re.MULTILINE)
    assert dict(rows) == REASONS


def test_the_page_has_every_word_of_fields_and_gates() -> None:
    words = {word for kind in (FieldType, CompareMode, FieldSeverity, Pii) for word in get_args(kind)}
    assert {word for word in words if f"`{word}`" not in section("Fields")} == set()
    assert {word for word in get_args(Metric) if f"`{word}`" not in section("Gates")} == set()
    assert set(FIGURES) == set(get_args(Metric))


def test_the_steps_of_the_page_are_right() -> None:
    steps = re.findall(r"`(\{\w+: .*?\})`", section("Normalisers"))
    assert len(steps) == 13
    for step in steps:
        name = next(iter(parse_bytes("step.yaml", step.encode()).data))
        kind = (
            "timestamp"
            if name in {"date_format", "tz", "truncate_ts"}
            else "decimal"
            if name in {"round", "unit", "minor_units"}
            else "text"
        )
        more = ", scale: 2" if kind == "decimal" else ""
        assert plan_of(MINIMAL.format(type=kind, more=more, step=step)).entity == "e"
