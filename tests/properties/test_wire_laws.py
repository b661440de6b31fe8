"""Laws of the readers of contracts, gateways, brokers and files: nothing crashes them, and no secret comes out."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.index import reader_named
from retailctl.inventory.reading import Found
from retailctl.model.redaction import redact
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage
from tests.unit.inventory.read import artefact, read
from tests.unit.inventory.wires import (
    test_asyncapi,
    test_edifact,
    test_envoy,
    test_kafka_connect,
    test_kafka_topics,
    test_kong,
    test_nginx,
    test_openapi,
    test_rabbitmq,
    test_sftp_drop,
    test_ubl,
    test_wsdl,
    test_x12,
)

# kind, name of the file, content
TEXTS: Final = (
    ("openapi", "a.yaml", test_openapi.OPENAPI),
    ("openapi", "b.yaml", test_openapi.SWAGGER),
    ("asyncapi", "a.yaml", test_asyncapi.SECOND),
    ("asyncapi", "b.yaml", test_asyncapi.KAFKA),
    ("kong", "a.yaml", test_kong.NESTED),
    ("kong", "b.yaml", test_kong.FLAT),
    ("envoy", "a.yaml", test_envoy.THIRD),
    ("rabbitmq", "a.json", test_rabbitmq.DEFINITIONS),
    ("kafka-connect", "a.json", json.dumps([test_kafka_connect.DEBEZIUM, test_kafka_connect.SINK])),
    ("sftp", "a.yaml", test_sftp_drop.YAML),
    ("kafka", "topics.txt", test_kafka_topics.DESCRIBED),
    ("kafka", "acls.txt", test_kafka_topics.ACLS),
    ("nginx", "nginx.conf", test_nginx.CONF),
    ("wsdl", "a.wsdl", test_wsdl.SOAP),
    ("wsdl", "b.wsdl", test_wsdl.SECOND),
    ("ubl", "a.xml", test_ubl.INVOICE),
    ("edifact", "a.edi", test_edifact.ORDERS),
    ("edifact", "b.edi", test_edifact.OWN_SIGNS),
    ("x12", "a.x12", test_x12.ORDERS),
    *(("sftp", name, text) for name, text, _ in test_sftp_drop.CASES.values()),
)
TREES: Final = TEXTS[:10]
ODD: Final[tuple[Any, ...]] = (None, True, -1, 2**40, 0.5, "", "x", "\x00\u202e", "${A}", "#/a", [], {}, [[]], [None], {"a": {}}, {"$ref": "#"}, "/" * 40)  # fmt: skip
SHAPED: Final = (
    "sk_live_Pl4ntedSecret99",
    "https://user:Pl4ntedSecret99@h.example/a?token=Pl4ntedSecret99",
    "eyJhbGciPl4nted.Pl4ntedSecret99.x",
    "Bearer Pl4ntedSecret99",
    "password=Pl4ntedSecret99",
)
MARK: Final = "Pl4nted"


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _leaves(child, (*path, key))


def _put(tree: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(tree)
    node = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = new
    return changed


def _get(tree: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _found(folder: Path, kind: str, name: str, content: str | bytes) -> list[Found]:
    """What is read; the laws that hold for every file are checked on the way."""
    one = artefact(folder, name, content)
    found = read(one, kind)
    for each in found:
        assert isinstance(each, Seen | Coverage | InputError)
        if isinstance(each, InputError):
            assert each.at is not None
            assert each.at.path == name
        elif isinstance(each, Seen):
            assert each.ref.startswith(name)
            assert each.key is not None or each.name or each.secret
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wires")


@pytest.mark.parametrize(("kind", "name", "text"), TREES, ids=[f"{kind}-{name}" for kind, name, _ in TREES])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_values_of_other_types_never_crash(folder: Path, kind: str, name: str, text: str, data: st.DataObject) -> None:
    tree = yaml.safe_load(text)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(_leaves(tree))))
        tree = _put(tree, path, data.draw(st.sampled_from(ODD)))
    _found(folder, kind, f"{name}.json", json.dumps(tree))


@pytest.mark.parametrize(("kind", "name", "text"), TEXTS, ids=[f"{kind}-{name}" for kind, name, _ in TEXTS])
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_never_crash(folder: Path, kind: str, name: str, text: str, data: st.DataObject) -> None:
    content = text.encode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        size = data.draw(st.integers(0, 40))
        content = (
            content[:at]
            + data.draw(st.binary(max_size=6) | st.sampled_from([b"'", b"{", b"]", b"\n", b"&x;", b"~~"]))
            + content[at + size :]
        )
    _found(folder, kind, name, content)
    reader = reader_named(kind)
    assert reader is not None
    assert 0.0 <= reader.detect(Artefact(folder, name)) <= 1.0


@pytest.mark.parametrize(("kind", "name", "text"), TREES, ids=[f"{kind}-{name}" for kind, name, _ in TREES])
def test_a_secret_in_any_field_stays_inside(folder: Path, kind: str, name: str, text: str) -> None:
    tree = yaml.safe_load(text)
    places = [path for path in _leaves(tree) if isinstance(_get(tree, path), str)]
    for number, path in enumerate(places):
        planted = _put(tree, path, SHAPED[number % len(SHAPED)])
        for one in _found(folder, kind, f"{name}.json", json.dumps(planted)):
            shown = redact(str(one)) if isinstance(one, InputError) else repr(one)
            assert MARK not in shown, (path, shown)


@pytest.mark.parametrize(("kind", "name", "text"), TEXTS[10:], ids=[f"{kind}-{name}" for kind, name, _ in TEXTS[10:]])
def test_a_secret_in_any_line_stays_inside(folder: Path, kind: str, name: str, text: str) -> None:
    lines = text.splitlines()
    for number in range(len(lines)):
        words = lines[number].split('"')
        for at in range(len(words)):
            planted = '"'.join(
                [*words[:at], f"{words[at]} " + SHAPED[(number + at) % 3].replace("?", "/"), *words[at + 1 :]]
            )
            content = "\n".join([*lines[:number], planted, *lines[number + 1 :]])
            for one in _found(folder, kind, name, content):
                shown = redact(str(one)) if isinstance(one, InputError) else repr(one)
                assert MARK not in shown, (planted, shown)


@pytest.mark.parametrize(("kind", "name", "text"), TEXTS, ids=[f"{kind}-{name}" for kind, name, _ in TEXTS])
def test_the_same_file_gives_the_same(folder: Path, kind: str, name: str, text: str) -> None:
    found = _found(folder, kind, name, text)
    assert repr(found) == repr(_found(folder, kind, name, text))
    assert not any(isinstance(one, InputError) and not one.hint for one in found)
