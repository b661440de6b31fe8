"""The table of RPC end dates: which row is in force, and what it says of a version."""

from __future__ import annotations

import pytest

from retailctl.graph.odoo_rpc import end_of, end_of_transport, is_deprecated, rpc_ends, version_of


def test_both_announcements_are_kept_and_one_is_in_force() -> None:
    for service in ("common", "object"):
        rows = [end for end in rpc_ends() if end.service == service]
        assert {(end.self_hosted, end.in_force) for end in rows} == {((20, 0), False), ((22, 0), True)}
    assert all(end.source and end.as_of for end in rpc_ends())
    assert all(end.announced for end in rpc_ends() if end.in_force)


@pytest.mark.parametrize(
    ("service", "words"),
    [
        ("db", "Odoo 20 (fall 2026), on Odoo Online 19.1 (winter 2025)"),
        ("object", "Odoo 22 (fall 2028), on Odoo Online 21.1 (winter 2027)"),
        ("common", "Odoo 22 (fall 2028), on Odoo Online 21.1 (winter 2027)"),
    ],
)
def test_the_end_of_a_service(service: str, words: str) -> None:
    end = end_of(service)
    assert end is not None and end.words == words


def test_json2_has_no_end() -> None:
    assert end_of_transport("json2") is None and end_of("json2") is None
    assert end_of_transport("jsonrpc") == end_of_transport("xmlrpc") == end_of("object")


@pytest.mark.parametrize(
    ("version", "deprecated"),
    [("16.0", False), ("saas~18.2", False), ("19.0", True), ("saas~19.1", True), ("21.0", True), ("", None)],
)
def test_a_server_warns_since_19(version: str, deprecated: bool | None) -> None:
    end = end_of("object")
    assert end is not None and is_deprecated(end, version) is deprecated


@pytest.mark.parametrize(("text", "version"), [("19.0", (19, 0)), ("18.0-20250702", (18, 0)), ("master", None)])
def test_versions(text: str, version: tuple[int, int] | None) -> None:
    assert version_of(text) == version
