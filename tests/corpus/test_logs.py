"""Logs of real servers: what is read of them, checked by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found
from retailctl.model.interface_key import HttpKey, RpcKey
from tests.unit.inventory.read import coverage, errors, kind_of, read, seen


def found_in(path: Path, kind: str) -> list[Found]:
    one = Artefact(path.parent, path.name)
    assert kind_of(one) == kind
    return read(one, kind)


def test_two_thousand_lines_of_a_web_site(corpus: Path) -> None:
    found = found_in(corpus / "samples/access-logs/apache_combined_2000.log", "access-log")
    assert errors(found) == []
    (server,) = seen(found, "system")
    assert sum(server.figures.values()) == 2_000
    calls = {one.key.address: one.figures for one in seen(found) if isinstance(one.key, HttpKey)}
    # 613 different paths; a rule that only looks at segments with digits leaves 596 of 617 with their queries.
    assert len(calls) < 140
    assert calls["/blog/tags/{name}"]["count"] > 250 and calls["/blog/geekery/{name}.html"]["count"] > 150
    assert calls["/"]["count"] == 123 and calls["/projects/xdotool"]["count"] == 43
    assert calls["/articles/dynamic-dns-with-dhcp"]["count"] == 30
    (window,) = coverage(found)
    assert window.window is not None
    assert (window.window.start, window.window.end) == (date(2015, 5, 17), date(2015, 5, 18))


def test_status_snapshots_are_no_access_log(corpus: Path) -> None:
    found = found_in(corpus / "samples/access-logs/nginxplus_json_1000.log", "access-log")
    assert [error.split(":")[1] for error in errors(found)] == ["1"] and len(found) == 1


@pytest.mark.parametrize(("version", "jsonrpc"), [("16.0", 41), ("18.0", 41), ("19.0", 3)])
def test_sixty_requests_of_each_odoo(corpus: Path, version: str, jsonrpc: int) -> None:
    path = corpus / f"odoo/{version}/protocol/access_log.txt"
    found = found_in(path, "odoo-log")
    (server,) = seen(found, "system")
    assert server.name == f"odoo{version.partition('.')[0]}" and errors(found) == []
    assert server.figures["calls"] + server.figures["absent"] == 60 == len(path.read_text().splitlines())
    calls = Counter({one.key.address: one.figures["count"] for one in seen(found) if isinstance(one.key, HttpKey)})
    assert calls["/jsonrpc"] == jsonrpc
    named = {(one.key.model, one.key.method) for one in seen(found) if isinstance(one.key, RpcKey)}
    assert (("sale.order", "search_read") in named) == (version == "19.0")


def test_the_warnings_of_nineteen_belong_to_no_call(corpus: Path) -> None:
    found = found_in(corpus / "odoo/19.0/protocol/server_log_deprecation.txt", "odoo-log")
    (server,) = seen(found, "system")
    assert server.figures == {"behind_proxy": True, "calls": 14, "deprecation_warnings": 14} and errors(found) == []
    told = {(one.key.model, one.key.method): one.figures for one in seen(found) if isinstance(one.key, RpcKey)}
    assert told["sale.order", "search_read"]["legacy_calls"] == 2
