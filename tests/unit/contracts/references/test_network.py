"""A host has to be named, and a document from it never reaches into the workspace."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.references import ReferenceProblem

ROOT = "api/openapi.json"
URL = "https://schemas.example/a/money.json"


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def made(library: Any, asked: list[str]) -> Any:
    def fetch(url: str) -> bytes:
        asked.append(url)
        return b'{"Money": {"type": "string"}, "Next": {"$ref": "b/other.json#/X"}}'

    return library({ROOT: {}}, allow_hosts=["Schemas.Example"], fetch=fetch)


def test_an_allowed_host_is_fetched_once(made: Any, asked: list[str]) -> None:
    assert made.target(f"{URL}#/Money", ROOT).path == URL
    assert made.target(f"{URL}#/Next", ROOT).pointer == "/Next"
    assert asked == [URL]


@pytest.mark.parametrize(
    "ref",
    ["https://schemas.example.evil/x", "https://evil/x", "https://u:p@schemas.example/x", "https://schemas.example@evil/x",
     "//schemas.example/x", "http://[::1/x"],
)  # fmt: skip
def test_other_hosts_are_not(made: Any, asked: list[str], ref: str) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        made.target(ref, ROOT)
    assert caught.value.code in ("network", "scheme")
    assert asked == []


def test_relative_references_of_a_url_stay_on_the_network(made: Any, asked: list[str]) -> None:
    made.target(f"{URL}#/Money", ROOT)
    with pytest.raises(ReferenceProblem, match="no 'X'"):
        made.target("b/other.json#/X", URL)
    assert asked[-1] == "https://schemas.example/a/b/other.json"
    with pytest.raises(ReferenceProblem) as caught:
        made.target("file:///etc/passwd", URL)
    assert caught.value.code == "outside-workspace"


def test_without_fetch_a_named_host_is_still_denied(library: Any) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        library({ROOT: {}}, allow_hosts=["schemas.example"]).target(URL, ROOT)
    assert caught.value.code == "network"
