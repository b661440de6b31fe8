"""Real pairs of documents: a verdict on each, the same bytes whatever the hash seed, and no socket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hostile.child import run
from tests.needs import require
from tests.support.effort import part

PAIRS = ("adyen-checkout-v71-history", "adyen-webhooks", "amazon-order-change-event", "amazon-orders-v0",
         "asyncapi-adeo-kafka-costing", "asyncapi-streetlights-kafka", "square-connect", "stripe-json")  # fmt: skip


def documents(name: str) -> list[str]:
    """The two documents of a pair of the corpus."""
    folder = require("corpus") / "specpairs" / name
    return [str(next(folder.glob(f"{side}.*"))) for side in ("base", "revision")]


@pytest.mark.slow
@pytest.mark.parametrize("name", PAIRS)
def test_a_verdict_with_the_same_bytes_and_no_socket(name: str, tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    runs = [run(tmp_path, "contract", "diff", *documents(name), "-f", "json", "--as-of", "2026-11-20",
                env=seed) for seed in ({}, {"PYTHONHASHSEED": "2"})]  # fmt: skip
    for done in runs:
        assert "GUARD:" not in done.err and "Traceback" not in done.err, done.err
        assert done.code in {0, 1}, done.err
    assert runs[0].out == runs[1].out
    report = json.loads(runs[0].out)
    assert "compatible" in report["summary"], report["summary"]
    assert all(row["locations"] for row in report["findings"])


@pytest.mark.slow
@pytest.mark.parametrize("name", PAIRS)
def test_a_real_document_does_not_differ_from_itself(name: str, tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    for document in part(documents(name), 1):
        done = run(tmp_path, "contract", "diff", document, document, "-f", "json")
        severities = {row["severity"] for row in done.report["findings"] if not row["rule"].startswith(("INP", "OAS"))}
        assert severities <= {"info"}, sorted({row["rule"] for row in done.report["findings"]})
