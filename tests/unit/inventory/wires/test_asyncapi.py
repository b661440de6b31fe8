"""AsyncAPI: the same application in the words of 2.x and 3.x, and what each protocol makes of a channel."""

from __future__ import annotations

from pathlib import Path

from tests.unit.inventory.read import errors, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

SECOND = """\
asyncapi: 2.6.0
info: {title: Order service, version: 1.0.0}
servers:
  production: {url: "mq.shop.example:5671/retail", protocol: amqps, security: [{login: []}]}
components:
  securitySchemes: {login: {type: userPassword}}
  messages:
    Confirmed: {name: OrderConfirmed, payload: {}}
channels:
  order.confirmed.v1:
    bindings: {amqp: {is: routingKey, exchange: {name: order, type: topic}}}
    subscribe: {operationId: sendConfirmed, message: {$ref: "#/components/messages/Confirmed"}}
  q.order.stock:
    bindings: {amqp: {is: queue, queue: {name: q.order.stock}}}
    publish: {operationId: onStock, message: {name: StockMoved}}
"""
THIRD = """\
asyncapi: 3.0.0
info: {title: Order service, version: 1.0.0}
servers:
  production: {host: "mq.shop.example:5671", pathname: /retail, protocol: amqps}
channels:
  confirmed:
    address: order.confirmed.v1
    messages: {c: {name: OrderConfirmed}}
    bindings: {amqp: {is: routingKey, exchange: {name: order, type: topic}}}
  stock:
    address: q.order.stock
    messages: {s: {name: StockMoved}}
    bindings: {amqp: {is: queue, queue: {name: q.order.stock}}}
operations:
  sendConfirmed: {action: send, channel: {$ref: "#/channels/confirmed"}}
  onStock: {action: receive, channel: {$ref: "#/channels/stock"}}
"""
KAFKA = """\
asyncapi: 3.1.0
info: {title: Lights, version: 1.0.0}
servers:
  scram: {host: "kafka.example:18092", protocol: kafka-secure, tags: [{name: "env:test"}], security: [{$ref: "#/components/securitySchemes/s"}]}
components: {securitySchemes: {s: {type: scramSha256}}, operationTraits: {k: {bindings: {kafka: {groupId: {enum: [lights]}}}}}}
channels:
  measured: {address: "lights.{id}.measured", messages: {m: {name: Measured}}}
  both:
    address: lights.mixed
    messages: {a: {name: On}, b: {name: Off}}
    bindings: {kafka: {topic: lights.mixed.v2, partitions: 3, topicConfiguration: {retention.ms: 86400000}}}
  later: {address: null, messages: {x: {name: Reply}}}
operations:
  in: {action: receive, channel: {$ref: "#/channels/measured"}, traits: [{$ref: "#/components/operationTraits/k"}]}
  out: {action: send, channel: {$ref: "#/channels/both"}}
  answer: {action: send, channel: {$ref: "#/channels/later"}}
"""


def test_both_versions_say_the_same_of_amqp(tmp_path: Path) -> None:
    expected = """
        {0} event order.confirmed.v1
        {0} interface amqp mq.shop.example address= cluster=mq.shop.example/retail exchange=order routing_key=order.confirmed.v1 v1 < Order service
        {1} event q.order.stock < Order service(@q.order.stock)
        {1} interface amqp mq.shop.example cluster=mq.shop.example/retail queue=q.order.stock < Order service
    """.replace(" address=", "")
    second = read_text(tmp_path, "a.yaml", "asyncapi", SECOND)
    third = read_text(tmp_path, "b.yaml", "asyncapi", THIRD)
    assert rows(second) == table(expected.replace("{0}", "L12").replace("{1}", "L15"))
    assert rows(third) == table(expected.replace("{0}", "L15").replace("{1}", "L16"))
    for found in (second, third):
        assert seen(found, "event")[0].values == {"publisher": "Order service"}
        assert [one.values["direction"] for one in seen(found)] == ["in", "out"]
        assert figures(found)["message"] == "OrderConfirmed"
    assert figures(second)["auth"] == ["userPassword"]


def test_kafka_topics_have_one_key_for_both_ways(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.yaml", "asyncapi", KAFKA)
    topic = "interface kafka kafka.example:18092 cluster=kafka.example:18092"
    assert rows(found) == table(f"""
        L14 event lights.{{id}}.measured < Lights(@lights)
        L14 {topic} topic=lights.{{id}}.measured < Lights(@lights)
        L15 event On
        L15 {topic} topic=lights.mixed.v2 type=On
        L15 event Off
        L15 {topic} topic=lights.mixed.v2 type=Off
        L16 event later
    """)
    assert figures(found, 1)["publishers"] == ["Lights"]
    assert figures(found, 1)["retention.ms"] == 86400000
    assert figures(found)["auth"] == ["scramSha256"]
    assert seen(found)[0].environment == "test"
    assert not any("direction" in one.values for one in seen(found)), "senders and receivers share the topic"


def test_a_server_of_its_own_protocol(tmp_path: Path) -> None:
    text = """\
asyncapi: 2.0.0
info: {title: Push}
servers: {w: {url: "wss://push.example/v2", protocol: wss}, n: {url: "nats://n.example", protocol: nats}}
channels:
  /orders: {subscribe: {message: {name: Order}}, publish: {}}
  other: {servers: [n], subscribe: {}}
"""
    assert rows(read_text(tmp_path, "a.yaml", "asyncapi", text)) == table("""
        L5 event /orders < Push
        L5 interface ws push.example address=/v2/orders v2
        L5 event /orders
        L5 interface ws push.example address=/v2/orders v2
        L6 event other
    """)


def test_the_user_may_say_which_system_is_described(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.yaml", "asyncapi", SECOND, system="odoo")
    assert seen(found, "event")[0].values == {"publisher": "odoo"}


def test_refused_and_wrong(tmp_path: Path) -> None:
    assert "is no AsyncAPI document" in refusal(tmp_path, "a.yaml", "asyncapi", "openapi: 3.0.0\n")
    assert "AsyncAPI 1.2 is not read" in refusal(tmp_path, "a.yaml", "asyncapi", "asyncapi: '1.2'\n")
    found = read_text(
        tmp_path, "a.yaml", "asyncapi", "asyncapi: 2.0.0\nservers: []\nchannels: {a: 3, b: {publish: 4, bindings: 5}}\n"
    )
    assert [error.rpartition(": ")[2] for error in errors(found)] == ["servers is no mapping"]
    assert rows(found) == ["L3 event b"]
    loop = "asyncapi: 3.0.0\nchannels: {a: {$ref: '#/channels/a'}}\noperations: {o: {action: send, channel: {$ref: '#/channels/a'}}}\n"
    assert rows(read_text(tmp_path, "a.yaml", "asyncapi", loop)) == ["L3 event a"]
