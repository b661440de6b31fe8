"""Real brokers for tests: a RabbitMQ of this session alone, and the Kafka that librdkafka plays."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.needs import require

USER, PASSWORD = "shop", "swordfish-of-the-shop"
_START_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Rabbit:
    """A running server on loopback."""

    port: int

    def url(self, user: str = USER, password: str = PASSWORD, virtual: str = "%2F") -> str:
        return f"amqp://{user}:{password}@127.0.0.1:{self.port}/{virtual}"

    @contextmanager
    def channel(self) -> Iterator[Any]:
        """A channel for the test itself."""
        import pika

        connection = pika.BlockingConnection(pika.URLParameters(self.url()))
        try:
            yield connection.channel()
        finally:
            connection.close()

    def publish(self, exchange: str, key: str, bodies: list[tuple[bytes, dict[str, Any]]]) -> None:
        """Publish as soon as somebody has bound a queue, each message at most once before it is taken."""
        import pika

        with self.channel() as channel:
            channel.confirm_delivery()
            for body, properties in bodies:
                deadline = time.monotonic() + 30
                while True:
                    try:
                        channel.basic_publish(exchange, key, body, pika.BasicProperties(**properties), mandatory=True)
                        break
                    except pika.exceptions.UnroutableError:
                        assert time.monotonic() < deadline, "nobody has bound a queue"
                        time.sleep(0.02)

    def queues(self, exchange: str, key: str) -> bool:
        """Whether any queue is bound for a key."""
        import pika

        with self.channel() as channel:
            channel.confirm_delivery()
            try:
                channel.basic_publish(exchange, key, b"probe", mandatory=True)
            except pika.exceptions.UnroutableError:
                return False
            return True


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _up(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def rabbit_server() -> Iterator[Rabbit]:
    """A server in a folder of its own, with its own name service; both end with the test, by their process ids."""
    programs = require("rabbitmq")
    logging.getLogger("pika").setLevel(logging.CRITICAL + 1)  # it quotes every message that comes back
    folder = Path(tempfile.mkdtemp(prefix="rabbit-"))
    port, names = _free_port(), _free_port()
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{port}\ndefault_user = {USER}\ndefault_pass = {PASSWORD}\nloopback_users = none\n"
        "log.console = true\nlog.console.level = error\nlog.file = false\n",
        encoding="utf-8",
    )
    (folder / "plugins").write_text("[].\n", encoding="utf-8")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_DIST_PORT": str(_free_port()),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_NODENAME": f"retailctl-{port}@localhost",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
    }
    with _started(["epmd", "-port", str(names), "-address", "127.0.0.1"], folder, environment), _started(
        [str(programs / "rabbitmq-server")], folder, environment
    ) as server:  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while not _up(port):
            told = (folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
            assert server.poll() is None and time.monotonic() < deadline, told
            time.sleep(0.1)
        yield Rabbit(port)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(
    command: list[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:  # fmt: skip
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        # The group: the server is a shell and the Erlang machine that it waits for.
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None:
                os.killpg(process.pid, sign)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    continue


class MockKafka:
    """A cluster within this process that speaks the protocol on loopback; gone with the object."""

    def __init__(self) -> None:
        from confluent_kafka import Producer

        self.producer = Producer({"bootstrap.servers": "mock", "test.mock.num.brokers": 1, "log_level": 0})
        broker = next(iter(self.producer.list_topics(timeout=20).brokers.values()))
        self.address = f"{broker.host}:{broker.port}"

    def send(self, topic: str, messages: list[tuple[str, bytes, dict[str, str], int]], partition: int = 0) -> None:
        """Key, value, headers and milliseconds of each message."""
        for key, value, headers, at in messages:
            self.producer.produce(topic, value, key, partition, timestamp=at, headers=headers)
        assert self.producer.flush(20) == 0
