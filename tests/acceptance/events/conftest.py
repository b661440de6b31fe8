"""The brokers of this session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.brokers import MockKafka, Rabbit, rabbit_server


@pytest.fixture(scope="session")
def rabbit() -> Iterator[Rabbit]:
    """A real RabbitMQ on loopback."""
    with rabbit_server() as server:
        yield server


@pytest.fixture(scope="session")
def kafka() -> MockKafka:
    """The mock cluster of librdkafka."""
    return MockKafka()
