"""From a message to an event: every envelope, and everything that is none."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.model.event_message import LARGEST, Message
from retailctl.model.events_plan import Envelope
from retailctl.parallel.events.envelopes import FAULTS, Event, Fault, Opening

CLOUD = Envelope(format="cloudevents")
DATA = {"order": "o1"}
STRUCTURED = {
    "specversion": "1.0",
    "id": "e1",
    "type": "paid",
    "source": "/s",
    "time": "2026-11-20T10:00:00Z",
    "data": DATA,
}


def opened(value: Any, envelope: Envelope = CLOUD, **more: Any) -> Event:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Opening.of(envelope).event(Message(body, **more))


def fault(value: Any, envelope: Envelope = CLOUD, **more: Any) -> str:
    with pytest.raises(Fault) as caught:
        opened(value, envelope, **more)
    assert caught.value.reason in FAULTS
    return caught.value.reason


HEADERS = {"id": "e1", "type": "paid", "source": "/s", "time": "2026-11-20T10:00:00Z", "specversion": "1.0"}


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (STRUCTURED, {}),
        ({**STRUCTURED, "data": json.dumps(DATA)}, {}),
        ({**STRUCTURED, "data": None, "data_base64": base64.b64encode(json.dumps(DATA).encode()).decode()}, {}),
        (DATA, {f"ce-{name}": text for name, text in HEADERS.items()}),
        (DATA, {f"CE_{name}": text for name, text in HEADERS.items()}),
        (DATA, {f"cloudEvents:{name}": text for name, text in HEADERS.items()}),
        (DATA, {f"cloudEvents_{name}": text for name, text in HEADERS.items()}),
        ({"attribute": HEADERS, "data": DATA}, {}),
    ],
    ids=["structured", "text", "base64", "http", "kafka", "amqp", "amqp_underscore", "avro"],
)
def test_a_cloud_event_is_the_same_in_every_form(value: Any, headers: dict[str, str]) -> None:
    event = opened(value, headers=headers)
    assert event.payload == DATA
    assert {name: event.attributes[name] for name in ("id", "type", "source", "time")} == {
        name: HEADERS[name] for name in ("id", "type", "source", "time")
    }
    assert event.attributes["arrived"] == HEADERS["time"]


def test_paths_of_a_plan_open_any_other_envelope() -> None:
    record = {
        "at": "2026-11-20T10:00:05Z",
        "head": {"X-Store": "17"},
        "body": json.dumps({"m": {"id": 7, "t": "x"}, "p": DATA}),
    }
    envelope = Envelope(id="m.id", type="m.t", payload="p", arrived="at", headers="head", body="body")
    event = opened(record, envelope)
    assert event.payload == DATA
    assert event.attributes == {"id": "7", "type": "x", "arrived": "2026-11-20T10:00:05Z"}
    assert event.headers == {"x-store": "17"}


def test_what_the_protocol_says_stands_in_where_the_plan_says_nothing() -> None:
    event = opened(DATA, Envelope(), attributes={"id": "m-1", "routing_key": "order.new"})
    assert event.attributes["id"] == "m-1" and event.attributes["routing_key"] == "order.new"
    assert opened({"id": "own"}, Envelope(id="id"), attributes={"id": "m-1"}).attributes["id"] == "own"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"not json", "NOT_JSON"),
        (b"", "NOT_JSON"),
        (b'{"a": NaN}', "NOT_JSON"),
        (b'{"a": 1} {"b": 2}', "NOT_JSON"),
        (b"\xff\xfe{", "NOT_UTF8"),
        (b"[" * 100_000, "TOO_DEEP"),
        (b'"' + b"x" * LARGEST + b'"', "TOO_LARGE"),
        (b"\x00\x00\x00\x00\x07\x02\x04ab", "FRAMED"),
        (b"\x00\x00\x00\x00\x07\xff\xfe", "FRAMED"),
        (DATA, "NO_ENVELOPE"),
        ([1], "NO_ENVELOPE"),
        ({**STRUCTURED, "id": ""}, "NO_ID"),
        ({**STRUCTURED, "id": None}, "NO_ID"),
        ({**STRUCTURED, "data_base64": "%%%"}, "NOT_JSON"),
        ({**STRUCTURED, "data": "{broken"}, "NOT_JSON"),
    ],
)
def test_what_cannot_be_read_has_a_reason(value: Any, reason: str) -> None:
    assert fault(value) == reason


def test_an_event_without_the_id_that_the_plan_names_has_none() -> None:
    assert fault({"b": 1}, Envelope(id="a")) == "NO_ID"
    assert opened({"b": 1}, Envelope()).attributes == {"arrived": ""}


def test_json_behind_the_frame_of_a_schema_registry_is_read() -> None:
    assert opened(b"\x00\x00\x00\x00\x07" + json.dumps(STRUCTURED).encode()).payload == DATA


def test_an_event_of_five_megabytes_is_read() -> None:
    assert len(opened({**STRUCTURED, "data": {"note": "x" * (5 << 20)}}).payload["note"]) == 5 << 20


@given(
    st.binary(max_size=200),
    st.sampled_from([CLOUD, Envelope(), Envelope(id="a.b", body="c", headers="d", payload="e")]),
)
def test_any_bytes_are_an_event_or_a_fault(body: bytes, envelope: Envelope) -> None:
    try:
        Opening.of(envelope).event(Message(body))
    except Fault as error:
        assert error.reason in FAULTS


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "b", "c", "d", "e", "data", "specversion", "id", "attribute"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(_JSON, st.sampled_from([CLOUD, Envelope(id="a.b", body="c", headers="d", payload="e", arrived="b")]))
def test_any_json_is_an_event_or_a_fault(value: Any, envelope: Envelope) -> None:
    try:
        opened(value, envelope)
    except Fault as error:
        assert error.reason in FAULTS
