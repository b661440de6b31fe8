"""Streams of a real RabbitMQ and of librdkafka's Kafka, captured live and compared by the command."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest

from retailctl.connect import amqp
from retailctl.connect import kafka as connect_kafka
from retailctl.connect.brokers import broker_address
from retailctl.errors import IncompleteError, UsageError
from retailctl.model.event_message import CaptureLimits, Message
from tests.needs import ROOT
from tests.support.brokers import PASSWORD, USER, MockKafka, Rabbit
from tests.support.events import cloud_event, gates, lines, plan, run, workspace

MESSAGES = [cloud_event("o1", 1), cloud_event("o1", 2, "12.50"), cloud_event("o2", 1), cloud_event("o1", 3, "1.10")]
LIMITS = CaptureLimits(seconds=20, count=100, idle=3)


def body(event: dict[str, Any]) -> bytes:
    return json.dumps(event).encode()


def structured(events: list[dict[str, Any]]) -> list[tuple[bytes, dict[str, Any]]]:
    return [(body(one), {"content_type": "application/cloudevents+json"}) for one in events]


def milliseconds(minute: float = 0) -> int:
    return int((datetime(2026, 11, 19, 10, tzinfo=UTC).timestamp() + 60 * minute) * 1000)


def binary(event: dict[str, Any], minute: float = 0) -> tuple[str, bytes, dict[str, str], int]:
    """A CloudEvent the way Kafka carries it: attributes in the headers."""
    headers = {f"ce_{name}": str(event[name]) for name in ("specversion", "id", "type", "source", "time")}
    return event["data"]["order"], json.dumps(event["data"]).encode(), headers, milliseconds(minute)


@pytest.fixture
def exchange(rabbit: Rabbit, request: pytest.FixtureRequest) -> str:
    name = f"orders-{request.node.name[:40]}"
    with rabbit.channel() as channel:
        channel.exchange_declare(name, exchange_type="topic", durable=False)
    return name


def listened(
    rabbit: Rabbit, exchange: str, limits: CaptureLimits = LIMITS, keys: tuple[str, ...] = ("order.#",)
) -> amqp.Exchange:
    address = broker_address("A", amqp.SCHEMES, plaintext=False, environ={"A": rabbit.url()})
    return amqp.Exchange(address, exchange, keys)


def test_the_command_compares_an_exchange_with_a_topic(
    rabbit: Rabbit, kafka: MockKafka, exchange: str, tmp_path: Path
) -> None:  # fmt: skip
    new = [MESSAGES[0], MESSAGES[3], MESSAGES[1], {**MESSAGES[2], "data": {**MESSAGES[2]["data"], "total": "9.99"}}]
    kafka.send("orders-live", [binary(one) for one in new])
    given = plan(
        legacy={"amqp": "OLD_BROKER", "exchange": exchange, "routing_keys": ["order.#"], "count": 4, "for": "60s"},
        new={"kafka": "NEW_BROKER", "topic": "orders-live", "from": "earliest", "until": "end"},
    )
    root = workspace(tmp_path, given)
    publisher = threading.Thread(target=rabbit.publish, args=(exchange, "order.changed", structured(MESSAGES)))
    publisher.start()
    done = subprocess.run(
        [sys.executable, "-m", "retailctl", "parallel", "run", "orders", "--allow-bind", f"{exchange}:order.#",
         "--as-of", "2026-11-20", "-f", "json", "--memory", "256MB"],
        cwd=root, capture_output=True, encoding="utf-8", timeout=90, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "OLD_BROKER": rabbit.url(),
             "NEW_BROKER": f"kafka://{kafka.address}"},
    )  # fmt: skip
    publisher.join()
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)["summary"]
    assert told["rows"] == {"legacy": 4, "new": 4}
    assert told["classes"]["EQUAL"] == 3 and told["classes"]["FIELD"] == 1
    assert told["fields"] == {"total": {"ROUNDING": 1}}
    measured = {gate["gate"]: (gate["verdict"], gate["measured"]) for gate in told["gates"]}
    assert measured["order"] == ("fail", "1")
    assert any("legacy side ended at its limit of 4 events" in one for one in json.loads(done.stdout)["notices"])
    assert PASSWORD not in done.stdout + done.stderr and "ada@shop" not in done.stdout
    assert not rabbit.queues(exchange, "order.changed"), "the queue of the run is gone with it"


def test_a_queue_of_somebody_else_keeps_its_messages(rabbit: Rabbit, exchange: str) -> None:
    with rabbit.channel() as channel:
        channel.queue_declare("shop-orders", auto_delete=False)
        channel.queue_bind("shop-orders", exchange, "order.#")
        with listened(rabbit, exchange) as mine:
            rabbit.publish(exchange, "order.new", structured(MESSAGES))
            taken = list(mine.messages(CaptureLimits(seconds=20, count=4, idle=5)))
        assert [json.loads(one.body)["id"] for one in taken] == ["o1-1", "o1-2", "o2-1", "o1-3"]
        assert [one.attributes["routing_key"] for one in taken] == ["order.new"] * 4
        assert channel.queue_declare("shop-orders", passive=True).method.message_count == 4
        channel.queue_delete("shop-orders")


def test_properties_and_headers_of_a_message_come_with_it(rabbit: Rabbit, exchange: str) -> None:
    with listened(rabbit, exchange) as mine:
        headers = {"cloudEvents:id": "e-7", "tries": 3}
        properties = {"message_id": "m-1", "type": "order.new", "timestamp": 1_763_546_400, "headers": headers}
        rabbit.publish(exchange, "order.new", [(b"{}", properties)])
        (message,) = mine.messages(CaptureLimits(seconds=20, count=1, idle=5))
    assert message.headers == {"cloudEvents:id": "e-7", "tries": "3"}
    assert message.attributes == {
        "id": "m-1", "type": "order.new", "time": "2025-11-19T10:00:00+00:00", "routing_key": "order.new"
    }  # fmt: skip
    assert message.arrived is not None and message.arrived.tzinfo is not None


@pytest.mark.parametrize(
    ("limits", "most"),
    [(CaptureLimits(seconds=30, count=25, idle=30), 25), (CaptureLimits(seconds=0.6, count=10**6, idle=30), 10**5)],
    ids=["count", "time"],
)
def test_an_endless_stream_ends_at_its_limits(rabbit: Rabbit, exchange: str, limits: CaptureLimits, most: int) -> None:
    stop = threading.Event()

    def endless() -> None:
        with rabbit.channel() as channel:
            while not stop.is_set():
                channel.basic_publish(exchange, "order.new", b"{}")

    with listened(rabbit, exchange) as mine:
        publisher = threading.Thread(target=endless)
        publisher.start()
        begun = time.monotonic()
        try:
            count = sum(1 for _ in mine.messages(limits))
        finally:
            stop.set()
            publisher.join()
        assert 0 < count <= most and time.monotonic() - begun < 8


def test_a_silent_exchange_ends_by_idleness_and_the_run_is_unknown(
    rabbit: Rabbit, exchange: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("OLD_BROKER", rabbit.url())
    legacy = {"amqp": "OLD_BROKER", "exchange": exchange, "idle": "0.3s"}
    root = workspace(tmp_path, plan(legacy=legacy), new=b"")
    report = run(root, bindings=(f"{exchange}:#",))
    assert report.summary.verdict == "unknown"
    assert gates(report)["rows"] == ("unknown", "0") and gates(report)["order"] == ("unknown", "0")


def test_what_a_broker_refuses_is_told_without_the_address(
    rabbit: Rabbit, exchange: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    def refused(url: str, **source: Any) -> str:
        monkeypatch.setenv("OLD_BROKER", url)
        legacy = {"amqp": "OLD_BROKER", "exchange": exchange, "for": "5s", **source}
        root = workspace(tmp_path, plan(legacy=legacy), new=lines(MESSAGES))
        with pytest.raises(IncompleteError) as caught:
            run(root, bindings=(f"{exchange}:*", "gone:*"))
        assert caught.value.exit_code == 3
        text = str(caught.value)
        assert text.startswith("amqp OLD_BROKER: ") and "127.0.0.1" not in text and "hint" in text
        assert not (root / "migrations" / "w2-orders" / "evidence").exists()
        return text

    assert "refuses user and password" in refused(rabbit.url(password="wrong-horse"))
    assert "refuses its virtual host" in refused(rabbit.url(virtual="nowhere"))
    assert "no such exchange" in refused(rabbit.url(), exchange="gone")
    assert "cannot be reached" in refused("amqp://shop:wrong-horse@127.0.0.1:1/")
    assert "wrong-horse" not in "".join(capfd.readouterr())


def test_a_broker_that_refuses_to_bind_or_goes_away_ends_the_capture(rabbit: Rabbit, exchange: str) -> None:
    with pytest.raises(IncompleteError, match=r"refuses the queue or the exchange \(403\)"):
        listened(rabbit, "")  # nobody may bind to the default exchange
    with listened(rabbit, exchange) as mine:
        rabbit.publish(exchange, "order.new", structured(MESSAGES[:1]))
        arriving = mine.messages(LIMITS)
        next(arriving)
        mine._channel.queue_delete(mine._queue)
        with pytest.raises(IncompleteError, match="took the queue away"):
            list(arriving)
    with cut_after(rabbit.port, 3_000) as port:
        address = broker_address("A", amqp.SCHEMES, plaintext=False, environ={"A": Rabbit(port).url()})
        with amqp.Exchange(address, exchange, ("order.#",)) as mine:
            rabbit.publish(exchange, "order.new", structured(MESSAGES * 5))
            with pytest.raises(IncompleteError, match="the broker"):
                list(mine.messages(LIMITS))


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amqp, "_CONNECT", 0.3)
    monkeypatch.setattr(connect_kafka, "_ASK", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"127.0.0.1:{silent.getsockname()[1]}"
        address = broker_address("A", amqp.SCHEMES, plaintext=False, environ={"A": f"amqp://{where}"})
        with pytest.raises(IncompleteError, match="the broker cannot be reached"):
            amqp.Exchange(address, "orders", ("#",))
        address = broker_address("K", connect_kafka.SCHEMES, plaintext=False, environ={"K": f"kafka://{where}"})
        with pytest.raises(IncompleteError, match="the brokers cannot be reached"):
            connect_kafka.Topic(address, "orders")


@contextmanager
def cut_after(port: int, most: int) -> Iterator[int]:
    """A way to a server that is cut after so many bytes of its answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def forward(source: socket.socket, target: socket.socket, left: float) -> None:
            with suppress(OSError):
                while left > 0 and (data := source.recv(500)):
                    target.sendall(data)
                    left -= len(data)
            for side in (source, target):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)

        def serve() -> None:
            caller, _ = door.accept()
            with caller, socket.create_connection(("127.0.0.1", port)) as server:
                asking = threading.Thread(target=forward, args=(caller, server, float("inf")))
                asking.start()
                forward(server, caller, most)
                asking.join()

        serving = threading.Thread(target=serve)
        serving.start()
        yield int(door.getsockname()[1])
        serving.join(10)


def test_listening_needs_leave_and_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    legacy = {"amqp": "OLD_BROKER", "exchange": "orders", "routing_keys": ["order.#"]}
    root = workspace(tmp_path, plan(legacy=legacy), new=lines(MESSAGES))
    with pytest.raises(UsageError, match="nobody allowed it") as caught:
        run(root)
    assert "--allow-bind 'orders:order.#'" in caught.value.hint
    with pytest.raises(UsageError, match="nobody allowed it"):
        run(root, bindings=("orders:other",))
    with pytest.raises(UsageError, match="--offline"):
        run(root, bindings=("orders:*",), offline=True)
    monkeypatch.delenv("OLD_BROKER", raising=False)
    with pytest.raises(UsageError, match="OLD_BROKER is not set"):
        run(root, bindings=("orders:*",))


def taken(
    kafka: MockKafka, topic: str, start: str, *, until_end: bool = True, limits: CaptureLimits = LIMITS
) -> list[Message]:
    address = broker_address("K", connect_kafka.SCHEMES, plaintext=False, environ={"K": f"kafka://{kafka.address}"})
    with connect_kafka.Topic(address, topic, start) as reader:
        return list(reader.messages(limits, until_end=until_end))


def test_a_topic_is_read_from_a_place_to_its_end(kafka: MockKafka) -> None:
    kafka.send("orders-read", [binary(one, minute) for minute, one in enumerate(MESSAGES)])
    every = taken(kafka, "orders-read", "earliest")
    assert [one.attributes["key"] for one in every] == ["o1", "o1", "o2", "o1"]
    assert [one.headers["ce_id"] for one in every] == ["o1-1", "o1-2", "o2-1", "o1-3"]
    assert every[1].arrived == datetime(2026, 11, 19, 10, 1, tzinfo=UTC)
    assert [one.headers["ce_id"] for one in taken(kafka, "orders-read", "2")] == ["o2-1", "o1-3"]
    assert taken(kafka, "orders-read", "latest") == []
    limited = CaptureLimits(seconds=20, count=3, idle=5)
    assert len(taken(kafka, "orders-read", "earliest", until_end=False, limits=limited)) == 3
    begun = time.monotonic()
    idle = CaptureLimits(seconds=60, count=100, idle=0.5)
    assert len(taken(kafka, "orders-read", "earliest", until_end=False, limits=idle)) == 4
    assert time.monotonic() - begun < 15


def test_a_topic_is_read_from_a_moment_on(kafka: MockKafka, monkeypatch: pytest.MonkeyPatch) -> None:
    class Timed(confluent_kafka.Consumer):  # type: ignore[misc]
        """The mock cluster has no index of times; this answers for it as a broker would."""

        def offsets_for_times(self, asked: list[Any], **_: Any) -> list[Any]:
            at = [milliseconds(minute) for minute in range(4)]
            found = [next((n for n, time in enumerate(at) if time >= one.offset), -1) for one in asked]
            return [confluent_kafka.TopicPartition(one.topic, one.partition, offset if one.partition == 0 else -1)
                    for one, offset in zip(asked, found, strict=True)]  # fmt: skip

    kafka.send("orders-since", [binary(one, minute) for minute, one in enumerate(MESSAGES)])
    monkeypatch.setattr(confluent_kafka, "Consumer", Timed)
    assert [one.headers["ce_id"] for one in taken(kafka, "orders-since", "2026-11-19T10:01:30Z")] == ["o2-1", "o1-3"]
    assert taken(kafka, "orders-since", "2026-11-19T11:00:00+00:00") == []


def test_keys_over_two_partitions_have_no_order(
    kafka: MockKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_BROKER", f"kafka://{kafka.address}")
    kafka.send("orders-spread", [binary(MESSAGES[1]), binary(MESSAGES[2])], partition=0)
    kafka.send("orders-spread", [binary(MESSAGES[3]), binary(MESSAGES[0])], partition=1)
    new = {"kafka": "NEW_BROKER", "topic": "orders-spread", "from": "earliest", "until": "end"}
    report = run(workspace(tmp_path, plan(new=new), legacy=lines(MESSAGES)))
    assert gates(report)["order"] == ("pass", "0")
    assert any("1 key over several partitions" in notice for notice in report.notices)


def test_brokers_that_are_down_or_have_no_such_topic_are_told(
    kafka: MockKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    new = {"kafka": "NEW_BROKER", "topic": "never-there", "from": "earliest", "until": "end"}
    root = workspace(tmp_path, plan(new=new), legacy=lines(MESSAGES))
    monkeypatch.setenv("NEW_BROKER", f"kafka://{kafka.address}")
    with pytest.raises(IncompleteError, match="no such topic"):
        run(root)
    monkeypatch.setenv("NEW_BROKER", "kafka://127.0.0.1:1")
    with pytest.raises(IncompleteError, match="kafka NEW_BROKER: the brokers cannot be reached"):
        run(root)
    monkeypatch.setenv("NEW_BROKER", f"kafka://{USER}:{PASSWORD}@127.0.0.1:1/?sasl=RUBBISH")
    with pytest.raises(UsageError, match="no known sasl mechanism"):
        run(root)
    assert PASSWORD not in "".join(capfd.readouterr())
