"""What a reference leads to, step by step and in the end."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.references import ReferenceProblem, store_key

ROOT = "api/openapi.json"
PET = {"type": "object"}
FILES = {
    ROOT: {
        "openapi": "3.1.0",
        "a": {"b": PET, "x/y": {"n": 1}, "m~n": {"n": 2}, "ö %": {"n": 3}, "": {"n": 4}},
        "list": [{"n": 0}, {"n": 1}],
        "text": "secret words",
        "yes": True,
    },
    "api/pets.json": {"Pet": PET, "Chain": {"$ref": "../common/x.json#/Money"}},
    "common/x.json": {"Money": {"type": "string"}, "Back": {"$ref": "../api/pets.json#/Pet"}},
    "api/with space.json": {"S": {}},
}


@pytest.mark.parametrize(
    ("ref", "path", "pointer"),
    [
        ("#/a/b", ROOT, "/a/b"),
        ("#", ROOT, ""),
        ("", ROOT, ""),
        ("#/a/x~1y", ROOT, "/a/x~1y"),
        ("#/a/m~0n", ROOT, "/a/m~0n"),
        ("#/a/%C3%B6%20%25", ROOT, "/a/ö %"),
        ("#/a/", ROOT, "/a/"),
        ("#%2Fa%2Fb", ROOT, "/a/b"),
        ("#/list/1", ROOT, "/list/1"),
        ("#/yes", ROOT, "/yes"),
        ("pets.json#/Pet", "api/pets.json", "/Pet"),
        ("./pets.json#/Pet", "api/pets.json", "/Pet"),
        ("../common/x.json#/Money", "common/x.json", "/Money"),
        ("../api/openapi.json#/a/b", ROOT, "/a/b"),
        ("with%20space.json#/S", "api/with space.json", "/S"),
        ("pets.json", "api/pets.json", ""),
    ],
)
def test_target(library: Any, ref: str, path: str, pointer: str) -> None:
    found = library(FILES).target(ref, ROOT)
    assert (found.path, found.pointer) == (path, pointer)


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        ("#/a/none", "dangling"),
        ("#/list/2", "dangling"),
        ("#/list/01", "dangling"),
        ("#/list/-", "dangling"),
        ("#/list/-1", "dangling"),
        ("#NoSuchAnchor", "dangling"),
        ("#/a/~2", "bad-pointer"),
        ("#/a/m~", "bad-pointer"),
        ("#/a/%zz", "bad-pointer"),
        ("#/a/%ff", "bad-pointer"),
        ("#/text", "not-an-object"),
        ("#/list", "not-an-object"),
        ("#/text/0", "dangling"),
        ("missing.json#/x", "unreadable"),
        ("../../etc/passwd", "outside-workspace"),
        ("../../../../../../etc/passwd", "outside-workspace"),
        ("%2e%2e/%2e%2e/x.json", "outside-workspace"),
        ("/etc/passwd", "outside-workspace"),
        ("%2Fetc%2Fpasswd", "outside-workspace"),
        ("file:///etc/passwd", "outside-workspace"),
        ("FILE:x.json", "outside-workspace"),
        ("C:\\x.json", "outside-workspace"),
        ("c:/x.json", "outside-workspace"),
        ("\\\\host\\share\\x.json", "outside-workspace"),
        ("..\\x.json", "outside-workspace"),
        ("a%5C..%5Cb.json", "outside-workspace"),
        ("x%00.json", "outside-workspace"),
        ("http://127.0.0.1:1/x", "network"),
        ("HTTPS://169.254.169.254/latest", "network"),
        ("//host/x.json", "network"),
        ("ftp://host/x", "scheme"),
        ("data:application/json,{}", "scheme"),
        ("urn:x:y", "scheme"),
        ("javascript:1", "scheme"),
    ],
)
def test_problem(library: Any, ref: str, code: str) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        library(FILES).target(ref, ROOT)
    assert caught.value.code == code
    assert caught.value.ref == ref
    assert "secret words" not in str(caught.value)


def test_chain_over_files_ends_at_the_schema(library: Any) -> None:
    found = library(FILES).follow("pets.json#/Chain", ROOT)
    assert store_key(found.path, found.pointer) == "common/x.json#/Money"


def test_target_stops_at_the_first_step(library: Any) -> None:
    assert library(FILES).target("pets.json#/Chain", ROOT).pointer == "/Chain"


def test_a_file_is_read_once_and_a_reference_resolved_once(library: Any) -> None:
    made = library(FILES)
    assert made.target("pets.json#/Pet", ROOT) is made.target("pets.json#/Pet", ROOT)
    assert made.paths == (ROOT, "api/pets.json")


def test_a_broken_file_is_unreadable(library: Any) -> None:
    made = library({ROOT: {}, "api/bad.json": b'{"password": "hunter2" '})
    with pytest.raises(ReferenceProblem) as caught:
        made.target("bad.json#/x", ROOT)
    assert caught.value.code == "unreadable"
    assert "hunter2" not in caught.value.message


def test_a_very_long_reference_is_cut_in_the_problem(library: Any) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        library(FILES).target("#/" + "x" * 1_000_000, ROOT)
    assert len(caught.value.ref) < 300
    assert len(caught.value.message) < 400
