"""Real documents: a verdict for each, no network, and a proof for each break."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.specpairs import APIS, EVENTS, Pair, accepted, command

MOST_ROWS = 800


@pytest.fixture(scope="module")
def pairs(corpus: Path) -> dict[str, Pair]:
    return {name: Pair(corpus, name) for name in (*APIS, *EVENTS)}


# Does the revision break somebody, and which version does it take? Adyen's webhooks only send less than they might.
VERDICTS = {
    "adyen-checkout-v71-history": (False, "major"),
    "adyen-webhooks": (True, "minor"),
    "amazon-orders-v0": (False, "major"),
    "square-connect": (False, "major"),
    "stripe-json": (False, "major"),
}


@pytest.mark.parametrize("name", APIS)
def test_an_api_has_a_verdict(pairs: dict[str, Pair], name: str) -> None:
    summary = pairs[name].report["summary"]
    assert (summary["compatible"], summary["required_bump"]) == VERDICTS[name]


@pytest.mark.parametrize("name", APIS)
def test_a_cause_is_one_row(pairs: dict[str, Pair], name: str) -> None:
    rows = pairs[name].report["findings"]
    assert len(rows) <= MOST_ROWS
    said = [(row["rule"], row["subject"], row["locations"][0]["pointer"], row["message"]) for row in rows]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("name", APIS)
def test_every_break_of_a_schema_has_a_witness_or_a_reason(pairs: dict[str, Pair], name: str) -> None:
    for row in breaks(pairs[name]):
        assert row["witness"] or row.get("no_witness"), row["message"]


@pytest.mark.parametrize("name", APIS)
def test_every_witness_holds_against_the_whole_documents(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[name]
    wrong = []
    shown = [row for row in breaks(pair) if row["witness"] and row["witness"]["kind"] == "instance"]
    for row in shown:
        witness = row["witness"]
        verdicts = {side: accepted(judge, row) for side, judge in pair.judges.items()}
        if verdicts != {witness["accepted_by"]: True, witness["rejected_by"]: False}:
            wrong.append((row["rule"], row["subject"], witness["place"], witness["value"], verdicts))
    assert wrong == []


@pytest.mark.parametrize("name", APIS)
def test_every_finding_has_a_place_in_the_documents(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[name]
    lines = {path.name: path.read_bytes().count(b"\n") + 1 for path in (pair.old, pair.new)}
    for row in pair.report["findings"]:
        for location in row["locations"]:
            assert 0 < location["line"] <= lines[location["path"]], row["message"]
            assert location["column"] > 0


def test_the_version_of_the_adyen_contract_that_evolves_in_place_is_not_taken_for_a_removal(
    pairs: dict[str, Pair],
) -> None:
    rules = {row["rule"] for row in pairs["adyen-checkout-v71-history"].report["findings"]}
    assert not any(rule.startswith(("api-path-removed", "api-removed")) for rule in rules)


@pytest.mark.parametrize(("side", "dangling", "away"), [("base.json", 0, 30), ("revision.json", 5, 60)])
def test_square_references_that_lead_nowhere_are_findings_with_places(
    corpus: Path, side: str, dangling: int, away: int
) -> None:
    """Both kinds: a schema that is not there, and a document on another host that nobody asks for."""
    report: dict[str, Any] = json.loads(command(corpus / "specpairs" / "square-connect", "lint", side))
    lost = [row for row in report["findings"] if row["rule"] == "INP023"]
    abroad = [row for row in report["findings"] if "squarecdn.com" in row["message"]]
    assert (len(lost), len(abroad)) == (dangling, away)
    for row in (*lost, *abroad):
        place = row["locations"][0]
        assert place["line"] > 0
        assert place["pointer"].endswith("/$ref")


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_contract_is_read_or_refused_at_its_place(pairs: dict[str, Pair], name: str) -> None:
    report = pairs[name].report
    refused = [row for row in report["findings"] if row["rule"] == "INP041"]
    if not refused:
        assert report["summary"]["compatible"] is not False, "a change of the format breaks nobody"
        return
    assert [row["locations"][0]["path"] for row in refused] == [pairs[name].old.name]
    assert refused[0]["locations"][0]["line"] >= 1


def breaks(pair: Pair) -> list[dict[str, Any]]:
    """The breaking findings about schemas."""
    return [row for row in pair.report["findings"] if row["severity"] == "error" and row.get("area") == "schema"]
