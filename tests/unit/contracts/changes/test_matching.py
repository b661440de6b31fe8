"""Which operation is which: by what a client calls, not by how the path is written."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.errors import UsageError
from tests.unit.contracts.comparing import Raw, changes, ids, openapi, operation, verdicts

TEXT = {"type": "string"}


def at(path: str, *servers: str, names: tuple[str, ...] = (), method: str = "get") -> Raw:
    """One operation on a path below servers, with its path parameters declared."""
    parameters = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]
    top = {"servers": [{"url": url} for url in servers]} if servers else {}
    return operation(method, path, parameters=parameters, top=top)


HOST = "https://a.example"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (at("/items", f"{HOST}/v1"), at("/v1/items", HOST)),
        (at("/v1/items", HOST), at("/items", f"{HOST}/v1/")),
        (at("/items", "/v1"), at("/v1/items")),
        (at("/items", f"{HOST}/v1", "https://b.example/v2"), at("/v1/items", HOST)),
    ],
)
def test_a_prefix_that_moves_between_server_and_path_is_no_removal(old: Raw, new: Raw) -> None:
    found = verdicts(old, new)
    assert found["operation-moved"] == "INFO"
    assert set(found) <= {"operation-moved", "server-removed", "server-host-changed", "server-added"}
    assert "ERR" not in found.values()


def test_the_names_of_path_parameters_are_nobodys_business_on_the_wire() -> None:
    old = at("/orders/{id}/lines/{line}", names=("id", "line"))
    new = at("/orders/{order}/lines/{number}", names=("order", "number"))
    assert verdicts(old, new) == {"path-parameter-renamed": "INFO"}
    assert [change.old for change in changes(old, new)] == ["id", "line"]


def test_a_concrete_segment_is_not_a_template() -> None:
    both = openapi({**at("/orders/{id}", names=("id",))["paths"], **at("/orders/export")["paths"]})
    swapped = openapi(dict(reversed(both["paths"].items())))
    assert ids(both, swapped) == []
    assert ids(both, at("/orders/{id}", names=("id",))) == ["api-path-removed-without-deprecation"]
    gone = changes(both, at("/orders/{id}", names=("id",)))
    assert gone[0].subject == "GET /orders/export"


def test_a_server_variable_stands_for_all_its_values() -> None:
    variables = {"base": {"default": "v1", "enum": ["v1", "v2"]}}
    old = operation("get", "/items", top={"servers": [{"url": HOST + "/{base}", "variables": variables}]})
    assert "ERR" not in verdicts(old, at("/v2/items", HOST)).values()
    assert "ERR" in verdicts(old, at("/v3/items", HOST)).values()


def test_another_base_path_is_one_cause_and_what_is_behind_is_compared() -> None:
    def shop(base: str, **parts: Any) -> Raw:
        paths = {f"/things/{number}": operation("get", "/x", **parts)["paths"]["/x"] for number in range(5)}
        return openapi(paths, "3.1.0", servers=[{"url": HOST + base}])

    needed = {"parameters": [{"name": "q", "in": "query", "required": True, "schema": TEXT}]}
    found = changes(shop("/v1"), shop("/v2", **needed))
    (moved,) = (one for one in found if one.id == "base-path-changed")
    assert (moved.old, moved.new, len(moved.operations)) == ("/v1", "/v2", 5)
    assert {one.id for one in found} == {"base-path-changed", "new-required-request-parameter"}


def test_a_version_in_the_paths_is_a_base_path_too() -> None:
    old = openapi({f"/api/v1/{name}": at("/x")["paths"]["/x"] for name in ("a", "b")})
    new = openapi({f"/api/v2/{name}": at("/x")["paths"]["/x"] for name in ("a", "b")})
    assert ids(old, new) == ["base-path-changed"]
    assert ids(old, new, naming="oasdiff") == ["api-path-removed-without-deprecation"] * 2 + ["endpoint-added"] * 2


@pytest.mark.parametrize(
    "how",
    [
        {"strip_prefix_base": "/api"}, {"prefix_revision": "/api"},
    ],
)  # fmt: skip
def test_gateways_put_prefixes_before_paths(how: dict[str, str]) -> None:
    assert ids(at("/api/items"), at("/items"), **how) == []


@pytest.mark.parametrize("how", [{"strip_prefix_revision": "/api"}, {"prefix_base": "/api"}])
def test_and_take_them_away(how: dict[str, str]) -> None:
    assert ids(at("/items"), at("/api/items"), **how) == []


@pytest.mark.parametrize(
    ("how", "left"),
    [
        ({"match_path": "^/a"}, ["GET /a"]),
        ({"unmatch_path": "^/a"}, ["GET /b"]),
        ({"match_path": "^/c"}, []),
    ],
)
def test_only_the_paths_that_are_wanted_are_compared(how: dict[str, str], left: list[str]) -> None:
    both = openapi({**at("/a")["paths"], **at("/b")["paths"]})
    assert [one.subject for one in changes(both, openapi(), **how)] == left


def test_a_pattern_for_paths_that_cannot_be_read_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError):
        ids(at("/a"), at("/a"), match_path="(")


def test_methods_are_apart() -> None:
    assert ids(at("/a"), at("/a", method="post")) == ["api-removed-without-deprecation", "endpoint-added"]


def test_the_host_is_an_environment() -> None:
    assert verdicts(at("/a", HOST), at("/a", "https://b.example")) == {"server-host-changed": "INFO"}
    assert verdicts(at("/a", HOST), at("/a", "http://a.example")) == {"server-became-insecure": "ERR"}
    assert "ERR" not in verdicts(at("/a", "http://a.example"), at("/a", HOST)).values()
