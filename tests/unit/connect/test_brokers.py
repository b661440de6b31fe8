"""Addresses of brokers from the environment: understood, refused without TLS, and never shown."""

from __future__ import annotations

import pytest

from retailctl.connect import amqp, kafka
from retailctl.connect.brokers import BrokerAddress, broker_address
from retailctl.errors import UsageError


def address(text: str, schemes: dict[str, tuple[bool, int]] | None = None, *, plaintext: bool = False) -> BrokerAddress:
    return broker_address("BROKER", schemes or dict(amqp.SCHEMES), plaintext=plaintext, environ={"BROKER": text})


def test_an_address_has_hosts_a_user_and_a_password_that_no_text_shows() -> None:
    found = address("amqps://shop:p%40ss%2Fword@mq.shop.example/%2Forders")
    assert found == BrokerAddress((("mq.shop.example", 5671),), True, "shop", "p@ss/word", "/orders")
    assert "p@ss" not in repr(found)
    several = address("kafkas://u:p@k1.example:19093,k2.example/?sasl=SCRAM-SHA-512", dict(kafka.SCHEMES))
    assert several.hosts == (("k1.example", 19093), ("k2.example", 9093))
    assert several.options == {"sasl": "SCRAM-SHA-512"}
    assert address("amqp://[::1]:5000").hosts == (("::1", 5000),)
    assert address("kafka://localhost?sasl=PLAIN", dict(kafka.SCHEMES)).options == {"sasl": "PLAIN"}


@pytest.mark.parametrize(
    "text",
    ["", "   ", "mq.example:5672", "http://mq.example", "amqps://", "amqps://u:secret@", "amqps://u:secret@h:port/",
     "amqps://u:secret@h:99999/", "amqps://u:sec\nret@h/", "amqps://" + "h" * 5000],
)  # fmt: skip
def test_what_is_no_address_is_not_quoted(text: str) -> None:
    with pytest.raises(UsageError, match="BROKER") as caught:
        address(text)
    assert "secret" not in str(caught.value) and caught.value.hint


def test_without_tls_only_this_machine_is_meant() -> None:
    with pytest.raises(UsageError, match="without TLS") as caught:
        address("amqp://u:secret@mq.shop.example/")
    assert "amqps://" in caught.value.hint and "secret" not in str(caught.value)
    assert address("amqp://u:secret@mq.shop.example/", plaintext=True).hosts == (("mq.shop.example", 5672),)
    assert not address("amqp://127.0.0.1/").tls
    with pytest.raises(UsageError, match="without TLS"):
        address("kafka://localhost:1,k.example:2", dict(kafka.SCHEMES))
