"""Large and hostile files cost time in proportion, and not more: in CPU seconds, with room for a slow machine."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest

from retailctl.inventory.edi import tally
from tests.unit.inventory.read import errors, seen
from tests.unit.inventory.wires.rows import figures, read_text

HEAD = "UNB+UNOA:2+A:14+B:14+261117:0134+1'\r\n"
MESSAGE = (
    "UNH+1+ORDERS:D:96A:UN:EAN008'\r\nNAD+BY+5400000000017::9'\r\n"
    + "LIN+1++9783898307529:EN'\r\nQTY+21:5'\r\n" * 20
    + "UNT+1+1'\r\n"
)
ISA = "ISA*00*          *00*          *ZZ*SHOP           *01*123456789      *261101*1200*U*00401*000000001*0*P*>~"


def test_ten_megabytes_of_orders(tmp_path: Path) -> None:
    number = 10_000_000 // len(MESSAGE)
    begin = process_time()
    found = read_text(tmp_path, "a.edi", "edifact", HEAD + MESSAGE * number + f"UNZ+{number}+1'")
    assert process_time() - begin < 8
    assert figures(found)["count"] == number
    assert not errors(found)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("edifact", HEAD + "'" * 2_000_000),
        ("edifact", HEAD + "?" * 2_000_000 + "'"),
        ("edifact", HEAD + "?'" * 1_000_000),
        ("edifact", "UNA:+.? \nUNB+UNOA:2+A+B+261117:0134+1" + "\n" * 2_000_000),
        ("x12", ISA + "~" * 2_000_000),
        ("nginx", "server { location / { proxy_pass http://a; } }\n" * 1_500),
        ("nginx", 'server { "' + "\\a" * 200_000),
        ("kong", json.dumps({"services": [{"name": f"s{n}", "url": "http://h.example", "plugins": [{"name": "cors"}], "routes": [{"paths": [f"/{n}"]}]} for n in range(800)]})),
    ],
    ids=["terminators", "releases", "released terminators", "blank lines", "x12 terminators", "servers", "quotes", "routes"],
)  # fmt: skip
def test_hostile_sizes(tmp_path: Path, kind: str, text: str) -> None:
    begin = process_time()
    read_text(tmp_path, "a.txt", kind, text)
    assert process_time() - begin < 5


def test_too_many_different_messages_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "_KEPT", 50)
    found = read_text(tmp_path, "a.edi", "edifact", HEAD + "".join(f"UNH+1+M{n}:D'" for n in range(60)) + "UNZ+60+1'")
    assert len(seen(found)) == 50
    assert "has too many different senders, receivers and messages" in errors(found)[0]
