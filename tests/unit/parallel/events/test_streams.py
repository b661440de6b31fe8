"""Runs over captured events: the classes of tables, and order, deliveries and lag beside them."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl import api
from retailctl.model.report import Report
from retailctl.parallel.run_folder import RunFolder
from tests.support.events import cloud_event, gates, lines, plan, run, workspace
from tests.unit.parallel.comparing import classes, told

E = cloud_event


def compared(root: Path, legacy: list[Any], new: list[Any], /, record: bool = True, **changes: Any) -> Report:
    return run(workspace(root, plan(**changes), legacy=lines(legacy), new=lines(new)), record=record)


def test_equal_streams_pass_and_leave_evidence(tmp_path: Path) -> None:
    events = [E("o1", 1), E("o2", 1), E("o1", 2, "5.00", minute=1)]
    report = compared(tmp_path, events, [events[1], events[0], events[2]])
    assert (report.summary.verdict, report.summary.exit_code) == ("pass", 0)
    assert gates(report)["order"] == ("pass", "0") and gates(report)["late"] == ("pass", "0")
    assert told(report).values["late_p99"] == "0s"
    (file,) = (tmp_path / "migrations" / "w2-orders" / "evidence").glob("ev-parallel-orders-*.yaml")
    assert '"order": "0"' in file.read_text(encoding="utf-8")
    assert not list(tmp_path.rglob("*.jsonl.tmp")) and sorted(p.name for p in tmp_path.glob("*.jsonl")) == [
        "legacy.jsonl", "new.jsonl"
    ]  # fmt: skip


def test_the_classes_of_tables_hold_for_events(tmp_path: Path) -> None:
    legacy = [E("o1", 1), E("o2", 1), E("o3", 1, "7.00"), E("o4", 1), E("", 1)]
    new = [E("o1", 1), E("o3", 1, "7.01"), E("o4", 1, "1"), E("o5", 1), E("o1", 1), E("", 1, id="n")]
    report = compared(tmp_path, legacy, new)
    assert classes(report) == {"MISSING_IN_NEW": 1, "EXTRA_IN_NEW": 1, "EQUAL": 1, "FIELD": 2, "KEY_INVALID": 2}
    assert told(report).fields == {"total": {"ROUNDING": 1, "VALUE": 1}}
    assert told(report).duplicates["new"] == {"identical": 1, "conflicting": 0}
    assert report.summary.exit_code == 1


def test_what_cannot_be_read_is_counted_by_reason(tmp_path: Path) -> None:
    broken: list[Any] = [
        b"rubbish",
        b"also rubbish",
        b"\x00\x00\x00\x00\x09\xff\xff",
        {"order": "o"},
        E("o2", 1, "free"),
    ]
    broken.append({**E("o3", 1), "id": ""})
    report = compared(tmp_path, [E("o1", 1)], [E("o1", 1), *broken])
    assert told(report).rows == {"legacy": 1, "new": 7}
    assert classes(report) == {"EQUAL": 1, "REJECTED": 6}
    messages = {finding.subject: finding.message for finding in report.findings if finding.rule == "parallel-rejected"}
    assert messages["new.event NOT_JSON"] == "2 events of the new side are not compared: it is no JSON"
    assert set(messages) == {
        "new.event NOT_JSON", "new.event FRAMED", "new.event NO_ENVELOPE", "new.event NO_ID", "new.total NOT_A_NUMBER"
    }  # fmt: skip
    assert "schema registry" in messages["new.event FRAMED"]
    assert gates(report)["rejected"] == ("unknown", "6") and report.summary.verdict == "unknown"


def test_an_overtaken_event_is_out_of_order_unless_legacy_did_the_same(tmp_path: Path) -> None:
    legacy = [E("a", 1), E("a", 2), E("a", 3), E("b", 2), E("b", 1), E("c", 1), E("c", 2)]
    new = [E("a", 1), E("a", 3), E("a", 2), E("b", 2), E("b", 1), E("c", 1), E("c", 2), E("c", 1)]
    report = compared(tmp_path, legacy, new)
    assert gates(report)["order"] == ("fail", "1")
    (finding,) = [one for one in report.findings if one.rule == "parallel-order"]
    assert "1 event of 7" in finding.message and "where 1 did not keep it" in finding.message
    assert finding.severity == "warn"
    (sample,) = told(report).samples[finding.fingerprint]
    assert sample.key == (("order", "a"), ("seq", "2"))
    assert sample.values == (("place in its group", "2", "3"),)


def test_without_a_sequence_the_order_is_that_of_legacy(tmp_path: Path) -> None:
    fields = [{"name": "order", "pii": "none"}, {"name": "kind", "legacy": "@type", "new": "@type", "pii": "none"}]
    made, paid, sent = ({**E("a", 1, id=kind), "type": kind} for kind in ("z-made", "m-paid", "a-sent"))
    report = compared(
        tmp_path, [made, paid, sent], [made, sent, paid],
        key=["order", "kind"], order_by=None, within=["order"], fields=fields,
    )  # fmt: skip
    assert gates(report)["order"] == ("fail", "1")
    (finding,) = [one for one in report.findings if one.rule == "parallel-order"]
    assert told(report).samples[finding.fingerprint][0].key == (("order", "a"), ("kind", "m-paid"))


def test_three_kinds_of_further_deliveries(tmp_path: Path) -> None:
    first = [E("a", 1, id="1"), E("b", 1, id="2"), E("c", 1, id="3")]
    more = [E("a", 1, id="1"), E("a", 1, id="1"), E("b", 1, id="9"), E("c", 1, "11.00", id="3")]
    report = compared(tmp_path, [*first, first[0]], [*first, *more])
    subjects = {one.subject: one.message for one in report.findings if one.rule == "parallel-redelivered"}
    assert set(subjects) == {"new redelivered", "new repeated", "new conflicting"}
    assert subjects["new redelivered"].startswith("2 events of the new side delivered again")
    assert subjects["new redelivered"].endswith("1 of the legacy side")
    assert told(report).values["redelivered"] == "2"
    assert told(report).duplicates["new"] == {"identical": 2, "conflicting": 1}


def test_what_comes_later_than_the_lag_is_late(tmp_path: Path) -> None:
    legacy = [E("o", number) for number in range(100)]
    new = [E("o", number, minute=3 if number == 7 else 0.5) for number in range(100)]
    report = compared(tmp_path, legacy, new)
    assert gates(report)["late"] == ("fail", "1")
    values = told(report).values
    assert (values["lag_p50"], values["lag_p95"], values["late_p99"]) == ("30s", "30s", "30s")
    limits = [
        {"metric": "lag_p50", "limit": "29s"},
        {"metric": "late_p99", "limit": "30s"},
        {"metric": "late", "limit": "1%"},
    ]
    found = gates(compared(tmp_path, legacy, new, gates=limits))
    assert (
        found["lag_p50"] == ("fail", "30s") and found["late_p99"] == ("pass", "30s") and found["late"] == ("pass", "1")
    )
    assert "missing" not in found, "a plan with gates is held to its own"


def test_a_lag_that_cannot_be_known_is_unknown(tmp_path: Path) -> None:
    legacy = [{"order": "a", "seq": 1, "total": 1, "mail": "m"}]
    report = compared(tmp_path, legacy, [{**legacy[0], "at": "not a time"}], envelope="none",
                      new={"jsonl": "new.jsonl", "envelope": {"time": "at"}})  # fmt: skip
    assert classes(report) == {"EQUAL": 1}
    assert gates(report)["late"] == ("unknown", "not known") and report.summary.verdict == "unknown"
    assert any("lag is not known" in notice for notice in report.notices)


def test_a_time_of_arrival_beats_the_time_of_the_event(tmp_path: Path) -> None:
    rows = [{"received": f"2026-11-19T10:00:{second:02}Z", "event": E("a", 1)} for second in (1, 31)]
    envelope = {"format": "cloudevents", "arrived": "received", "body": "event"}
    report = compared(tmp_path, rows[:1], rows[1:], envelope=envelope)
    assert told(report).values["lag_p50"] == "30s"


def test_events_of_other_types_are_told_and_left_out(tmp_path: Path) -> None:
    other = {**E("x", 1), "type": "stock.changed"}
    report = compared(tmp_path, [E("a", 1), other], [E("a", 1)], types=["order.changed"])
    assert classes(report) == {"EQUAL": 1}
    assert any(notice == "1 event of the legacy side of other types: not compared" for notice in report.notices)


def test_what_is_still_on_its_way_is_pending(tmp_path: Path) -> None:
    fields = [*plan()["fields"], {"name": "at", "type": "timestamp", "legacy": "@time", "new": "@time", "pii": "none"}]
    legacy = [E("a", 1), E("b", 1, minute=9), E("c", 1, minute=10), E("d", 1, minute=10)]
    report = compared(tmp_path, legacy, [legacy[0], legacy[2]], fields=fields, event_time={"field": "at"}, lag="2m")
    assert classes(report) == {"EQUAL": 2, "PENDING": 2}


def test_empty_captures_prove_nothing(tmp_path: Path) -> None:
    report = compared(tmp_path, [], [])
    assert report.summary.verdict == "unknown" and gates(report)["rows"] == ("unknown", "0")


def test_the_same_captures_again_write_nothing_more(tmp_path: Path) -> None:
    events = [E("a", 1), E("a", 2)]
    first = compared(tmp_path, events, [*events, events[0]])
    before = {file: file.read_bytes() for file in (tmp_path / "migrations").rglob("*") if file.is_file()}
    again = compared(tmp_path, events, [*events, events[0]])
    assert {file: file.read_bytes() for file in (tmp_path / "migrations").rglob("*") if file.is_file()} == before
    assert told(first) == told(again)


def test_a_row_of_green_days_begins_anew_where_the_plan_reads_otherwise(tmp_path: Path) -> None:
    fields = [*plan()["fields"], {"name": "at", "type": "timestamp", "legacy": "@time", "new": "@time", "pii": "none"}]
    wanted = [{"metric": "order", "limit": "0", "streak": 2}, {"metric": "late", "limit": "0", "streak": 2},
              {"metric": "missing", "limit": "0", "streak": 2}]  # fmt: skip

    def on(day: int, **changes: Any) -> dict[str, str]:
        events = [{**E("o1", day), "time": f"2026-11-{day}T10:00:00Z"}]
        given = {"fields": fields, "event_time": {"field": "at"}, "gates": wanted, **changes}
        report = compared(tmp_path, events, events, **given)
        return {name: verdict for name, (verdict, _) in gates(report).items()}

    assert on(16)["order"] == "unknown"
    assert [on(17)[name] for name in ("order", "late", "missing")] == ["pass"] * 3
    again = on(18, within=["order"])
    assert (again["order"], again["missing"]) == ("unknown", "pass")
    assert on(19, within=["order"], types=["order.changed"])["missing"] == "unknown"


@pytest.mark.parametrize("pii", ["pseudonym", "drop"])
def test_personal_values_stay_in_the_captures(tmp_path: Path, pii: str) -> None:
    fields = [{"name": "order"}, {"name": "seq", "type": "int"}, {"name": "mail", "pii": pii}]
    legacy = [E("SECRET-1", 1, mail="ada@secret.example"), E("SECRET-1", 2, mail="x@secret.example"), E("SECRET-2", 1)]
    new = [
        E("SECRET-1", 2, mail="y@secret.example", minute=5),
        E("SECRET-1", 1, mail="ada@secret.example"),
        E("SECRET-3", 1),
    ]
    report = compared(tmp_path, legacy, [*new, new[0], b"SECRET rubbish"], fields=fields)
    assert {one.rule for one in report.findings} >= {"parallel-order", "parallel-late", "parallel-redelivered"}
    captures = {tmp_path / "legacy.jsonl", tmp_path / "new.jsonl"}
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file not in captures)
    for secret in ("SECRET-", "secret.example", "rubbish"):
        assert secret not in repr(report) and secret.encode() not in kept


_STREAM = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.sampled_from(["1", "2"]), st.sampled_from("xyz")),
    max_size=14,
)


@settings(max_examples=8)
@given(_STREAM, _STREAM)
def test_order_and_deliveries_are_those_of_a_slow_oracle(
    tmp_path_factory: pytest.TempPathFactory, legacy: list[Any], new: list[Any]
) -> None:  # fmt: skip
    one, other = ([E(order, seq, total, id=id) for order, seq, total, id in side] for side in (legacy, new))
    report = compared(tmp_path_factory.mktemp("s"), one, other, record=False)
    values = told(report).values
    assert values["order"] == str(len(_overtaken(legacy, new) - _overtaken(legacy, legacy, new)))
    assert values["redelivered"] == str(_redelivered(new))


def _firsts(side: list[Any]) -> list[tuple[str, int]]:
    return list(dict.fromkeys((order, seq) for order, seq, _, _ in side))


def _overtaken(legacy: list[Any], side: list[Any], other: list[Any] | None = None) -> set[tuple[str, int]]:
    """Events of a side before which a later one of their order had come."""
    both = set(_firsts(legacy)) & set(_firsts(other if other is not None else side))
    highest: dict[str, int] = defaultdict(int)
    found = set()
    for order, seq in (one for one in _firsts(side) if one in both):
        if highest[order] > seq:
            found.add((order, seq))
        highest[order] = max(highest[order], seq)
    return found


def _redelivered(side: list[Any]) -> int:
    first: dict[tuple[str, int], str] = {}
    ids: set[tuple[str, int, str]] = set()
    count = 0
    for order, seq, total, id in side:
        same = first.setdefault((order, seq), total) == total
        count += same and (order, seq, id) in ids
        ids.add((order, seq, id))
    return count


def test_shuffled_keys_change_nothing(tmp_path: Path) -> None:
    rng = random.Random(7)
    events = [E(f"o{number % 40}", number // 40, f"{number}.50") for number in range(200)]
    by_key: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        by_key[event["data"]["order"]].append(event)
    shuffled = [by_key[name].pop(0) for name in rng.sample([one["data"]["order"] for one in events], len(events))]
    report = compared(tmp_path, events, [json.loads(json.dumps(one)) for one in shuffled])
    assert (report.summary.verdict, classes(report)) == ("pass", {"EQUAL": 200})


class Stopped(Exception):
    """The process is gone."""


@pytest.mark.parametrize("step", [1, 4, 8])
def test_an_interrupted_run_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:  # fmt: skip
    legacy, new = [E("a", 1), E("a", 2), E("b", 1)], [E("a", 2), E("a", 1, minute=3), E("c", 1), b"rubbish"]
    monkeypatch.setenv("RETAILCTL_KEY", "k" * 40)
    first = compared(tmp_path / "whole", legacy, new)
    journal, count = RunFolder._append, 0

    def append(folder: RunFolder, said: Any) -> None:
        nonlocal count
        count += 1
        if count > step:
            raise Stopped
        journal(folder, said)

    with monkeypatch.context() as patched:
        patched.setattr(RunFolder, "_append", append)
        with pytest.raises(Stopped):
            compared(tmp_path / "cut", legacy, new)
    options = api.RunOptions(threads=1, memory="256MB")
    again, _ = api.parallel_resume("orders", tmp_path / "cut", api.AuditOptions(use_cache=False), options)
    assert told(again) == told(first)
    kept = [{file.name: file.read_bytes() for file in (tmp_path / name / "migrations").rglob("evidence/**/*") if file.is_file()}
            for name in ("whole", "cut")]  # fmt: skip
    assert kept[0] == kept[1] and kept[0]
