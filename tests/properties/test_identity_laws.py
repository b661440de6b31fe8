"""Laws of the merge: order does not matter, twice changes nothing, a source takes only its own with it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from retailctl.inventory.assemble import estate_of
from retailctl.inventory.identity.entries import entries
from retailctl.inventory.identity.groups import Grouped, group
from retailctl.inventory.identity.keys import canonical_key
from retailctl.inventory.observed_text import document
from retailctl.model.interface_key import EventKey, HttpKey, InterfaceKey
from retailctl.model.inventory_file import KIND_OF_SECTION
from retailctl.model.seen import Seen, SeenConsumer
from retailctl.workspace.reader import parse_bytes

DAY = date(2026, 11, 20)
ESTATE = estate_of(
    {
        "systems": [{"id": "odoo", "aliases": ["erp.example"]}, {"id": "wms"}],
        "interfaces": [
            {"id": "if-a", "provider": "odoo",
             "key": {"protocol": "http", "provider": "odoo", "method": "GET", "address": "/a/{id}", "version": "v1"}},
            {"id": "if-q", "key": {"protocol": "amqp", "cluster": "wms", "queue": "q"}},
        ],
    }
)  # fmt: skip
HOSTS = st.sampled_from(["odoo", "erp.example", "wms", "WMS", "new.example", "new-example", "localhost", "${HOST}"])
HTTP = st.builds(
    HttpKey,
    protocol=st.just("http"),
    provider=HOSTS,
    method=st.sampled_from(["GET", "POST", None]),
    address=st.sampled_from(["/a/{x}", "/a/1", "/a", "/b", "/v2/b", "/b/{}", "/"]),
    version=st.sampled_from([None, "v1", "2"]),
)
QUEUES = st.builds(EventKey, protocol=st.just("amqp"), cluster=HOSTS, queue=st.sampled_from(["q", "r"]))
KEYS: st.SearchStrategy[InterfaceKey | None] = st.one_of(HTTP, QUEUES, st.none())
CONSUMERS = st.builds(
    SeenConsumer,
    name=st.sampled_from(["wms", "pos", "anon-1", "anon-2"]),
    identity=st.sampled_from([None, "svc", "admin"]),
    secret=st.sampled_from([None, "hmac:k:1"]),
    last_seen=st.sampled_from([None, DAY, date(2026, 10, 1)]),
)
SEEN = st.builds(
    Seen,
    source=st.sampled_from(["openapi", "access-log", "kong", "register"]),
    ref=st.builds("{}#L{}".format, st.sampled_from(["x", "y"]), st.integers(1, 40)),
    name=st.sampled_from(["", "Orders", "orders", "if-a"]),
    scope=st.sampled_from(["", "shop"]),
    key=KEYS,
    consumers=st.lists(CONSUMERS, max_size=2).map(tuple),
    values=st.dictionaries(st.sampled_from(["mode", "owner", "lifecycle"]), st.sampled_from(["sync", "x"]), max_size=2),
)
MANY = st.lists(SEEN, max_size=12)


def merged(seen: list[Seen], lock: dict[str, str] | None = None) -> tuple[str, Grouped]:
    grouped = group(seen, ESTATE, lock=lock or {}, merged={})
    made = entries(grouped, ESTATE, DAY)
    sections = (document(source, {name: made[source].get(name, []) for name in KIND_OF_SECTION}) for source in made)
    return "".join(sections), grouped


def sightings(grouped: Grouped) -> Counter[tuple[str, str, str]]:
    return Counter(
        (known.seen.source, known.seen.ref, repr(known.seen)) for one in grouped.groups.values() for known in one.known
    )


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_sources_does_not_matter(seen: list[Seen], random: Any) -> None:
    shuffled = list(seen)
    random.shuffle(shuffled)
    assert merged(shuffled)[0] == merged(seen)[0]


@given(MANY)
def test_twice_changes_nothing(seen: list[Seen]) -> None:
    once, grouped = merged(seen)
    assert merged([*seen, *seen])[0] == once
    assert merged(seen, grouped.keys)[0] == once, "a second scan, with the ids of the first"


@given(MANY, st.sampled_from(["openapi", "access-log", "kong", "register"]))
def test_a_source_takes_exactly_its_sightings_with_it(seen: list[Seen], gone: str) -> None:
    _, whole = merged(seen)
    _, rest = merged([one for one in seen if one.source != gone], whole.keys)
    expected = Counter({key: n for key, n in sightings(whole).items() if key[0] != gone})
    assert sightings(rest) == expected


def _key(seen: Seen, grouped: Grouped) -> tuple[str, ...] | None:
    assert seen.key is not None
    provider = grouped.system(seen.key.provider, seen) if seen.key.provider else ""
    key = canonical_key(seen.key, provider, lambda name: grouped.system(name, seen))
    return (key.family, *key.columns) if key is not None else None


@given(MANY)
def test_nothing_merges_on_a_name_alone(seen: list[Seen]) -> None:
    _, grouped = merged(seen)
    for one in grouped.groups.values():
        if one.kind != "interface" or one.declared:
            continue
        keys = {_key(known.seen, grouped) for known in one.known if known.seen.key is not None}
        assert len(keys) <= 1


@given(MANY)
def test_every_observed_file_can_be_read_back(seen: list[Seen]) -> None:
    text, _ = merged(seen)
    for part in filter(None, text.split("# ")):
        body = "\n".join(part.split("\n")[1:])
        if body.strip():
            data = parse_bytes("x.yaml", body.encode()).data
            assert all(entry["id"] for section in data.values() for entry in section)
