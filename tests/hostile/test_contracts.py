"""Hostile API documents through a child process; wrong values in every place; and a listener that nobody calls."""

from __future__ import annotations

import copy
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.case import Case, verify
from tests.hostile.child import run
from tests.hostile.contracts import CASES, DIFF, LINT, api, pair, ref
from tests.support.effort import part, spread
from tests.support.engine import exit_code
from tests.support.texts import fixture, to_json

_WRONG: tuple[object, ...] = (None, [], {}, "x", 1, True)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_hostile_contract(case: Case, tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    case.build(tmp_path / "ws")
    for argv in case.runs:
        verify(case, run(tmp_path, *argv, bait=case.bait))


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)


class Listener:
    """A server on this machine that counts who calls, and sends everybody on."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            with caller:
                caller.sendall(b"HTTP/1.0 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n")


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.socket.close()


def test_the_listener_would_notice(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port)) as caller:
        assert caller.recv(100).startswith(b"HTTP/1.0 302")
    assert listener.calls == 1


@pytest.mark.parametrize("argv", [LINT, (*LINT, "--strict"), DIFF], ids=["lint", "strict", "diff"])
def test_nobody_is_called(listener: Listener, argv: tuple[str, ...], tmp_path: Path) -> None:
    addresses = ("http://127.0.0.1:{}/a.json", "http://localhost:{}/a#/x", "//127.0.0.1:{}/a")
    document = ref(addresses[0].format(listener.port))
    for number, address in enumerate(addresses):
        url = address.format(listener.port)
        document["paths"][f"/b{number}"] = {"$ref": url}
        document["paths"][f"/c{number}"] = {"get": {"responses": {"200": {"$ref": url}}, "parameters": [{"$ref": url}],
                                                    "externalDocs": {"url": url}}}  # fmt: skip
        document["jsonSchemaDialect"] = url
        document["components"]["schemas"][f"B{number}"] = {"$schema": url, "$dynamicRef": url, "not": {"$ref": url}}
        document["components"].setdefault("examples", {})[f"a{number}"] = {"externalValue": url}
    (tmp_path / "ws").mkdir()
    pair(document)(tmp_path / "ws")
    done = run(tmp_path, *argv)
    done.within_bounds()
    assert done.code in {0, 1, 3} and (argv == DIFF or done.code == 1), done.err
    assert listener.calls == 0


def small() -> dict[str, Any]:
    """A document with one of everything, and no more."""
    document = api({
        "A": {"type": "object", "required": ["k"], "additionalProperties": False, "properties": {
            "k": {"const": "a"}, "n": {"type": ["integer", "null"], "minimum": 1, "default": 2, "examples": [3]},
            "t": {"type": "string", "pattern": "^a", "maxLength": 9, "enum": ["a", "ab"]},
            "l": {"type": "array", "items": {"$ref": "#/components/schemas/B"}, "minItems": 1}}},
        "B": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"allOf": [{"type": "object"}]}],
              "discriminator": {"propertyName": "k", "mapping": {"a": "#/components/schemas/A"}}},
    }, tags=[{"name": "t"}], webhooks={"w": {"post": {"responses": {"200": {"description": "x"}}}}})  # fmt: skip
    operation = document["paths"]["/a"]["post"]
    operation |= {
        "tags": ["t"],
        "security": [{"s": []}],
        "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}, "example": "x"}],
        "callbacks": {"c": {"{$request.body#/u}": {"post": {"responses": {"200": {"description": "x"}}}}}},
    }
    operation["responses"]["200"] |= {"headers": {"H": {"schema": {"type": "string"}}},
                                      "links": {"l": {"operationId": "a", "parameters": {"q": "$request.body"}}}}  # fmt: skip
    document["components"]["securitySchemes"] = {"s": {"type": "apiKey", "in": "header", "name": "K"}}
    return document


def damages(document: Any) -> Iterator[tuple[str, Any]]:
    """Every node of the document replaced by every wrong value, one at a time."""
    stack: list[tuple[str | int, ...]] = [()]
    while stack:
        path = stack.pop()
        node = document
        for step in path:
            node = node[step]
        if isinstance(node, dict | list):
            stack.extend((*path, key) for key in (node if isinstance(node, dict) else range(len(node))))
        for wrong in _WRONG if path else ():
            other = copy.deepcopy(document)
            holder = other
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = wrong
            yield "/".join(map(str, path)) + f" = {json.dumps(wrong)}", other


def damaged_documents(source: str, turn: int) -> Sequence[tuple[str, Any]]:
    """Of the smallest document all in a thorough run."""
    document = small() if source == "3.1" else fixture(source)
    found = list(damages(document))
    if source != "3.1":
        found = list(spread(found, 400))
    return part(found, 18, turn)


_COMMANDS = ("lint", "diff", "diff back")


@pytest.mark.parametrize("source", ["3.1", "loyalty", "feeds", "stock"])
@pytest.mark.parametrize("command", _COMMANDS)
def test_wrong_types_in_every_place(source: str, command: str, tmp_path: Path) -> None:
    """In this process, because there are thousands: the exit code is that of findings or of a refusal, never 70."""
    good = tmp_path / "good.json"
    good.write_text(to_json(small() if source == "3.1" else fixture(source)), encoding="utf-8")
    bad = tmp_path / "bad.json"
    argv = {
        "lint": ["lint", bad.name],
        "diff": ["diff", good.name, bad.name],
        "diff back": ["diff", bad.name, good.name],
    }
    crashed = []
    for place, document in damaged_documents(source, _COMMANDS.index(command)):
        bad.write_text(json.dumps(document), encoding="utf-8")
        code, error = exit_code(tmp_path, "contract", *argv[command], "--format", "json")
        if code not in {0, 1, 3}:
            crashed.append(f"{place}: {code} {error[-200:]}")
    assert not crashed, f"{len(crashed)} crashes, the first:\n" + "\n".join(crashed[:8])
