"""X12: fixed ISA, other separators, several interchanges, and a password in the envelope."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inventory.read import artefact, errors, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

ISA = "ISA*00*          *00*          *ZZ*SHOP           *01*123456789      *261101*1200*U*00401*000000001*0*P*>~"
BODY = "GS*PO*SHOPAPP*SUPP*20261101*1200*1*X*004010~\nST*850*0001~\nBEG*00*NE*1~\nSE*3*0001~\nST*850*0002~\nSE*2*0002~\nGE*2*1~\n"
ORDERS = f"{ISA}\n{BODY}IEA*1*000000001~\n"


def test_one_interchange(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.x12", "x12", ORDERS)
    assert rows(found) == ["L3 interface edi - sender=ZZ:SHOP receiver=01:123456789 message=850 004010"]
    assert figures(found) == {
        "isa_version": "00401", "functional_group": "PO", "application_sender": "SHOPAPP", "application_receiver": "SUPP",
        "count": 2, "interchanges": 1, "first_seen": "2026-11-01", "last_seen": "2026-11-01",
    }  # fmt: skip
    assert not errors(found)


def test_separators_of_each_interchange(tmp_path: Path) -> None:
    other = (
        ISA.replace("*", "|").replace("~", "\n").replace("|P|", "|T|")
        + "GS|IN|A|B|20261101|1200|1|X|005010\nST|810|1|005010X222\nSE|1|1\nGE|1|1\nIEA|1|1\n"
    )
    found = read_text(tmp_path, "a.edi", "x12", ORDERS + other)
    assert rows(found) == table("""
        L3 interface edi - sender=ZZ:SHOP receiver=01:123456789 message=850 004010
        L12 interface edi - sender=ZZ:SHOP receiver=01:123456789 message=810 005010X222
    """)
    assert [one.environment for one in seen(found)] == ["", "test"]


def test_a_password_in_the_envelope(tmp_path: Path) -> None:
    text = ORDERS.replace("*00*          *ZZ", "*01*X7planted *ZZ")
    found = read_text(tmp_path, "a.x12", "x12", text)
    assert [(one.name, one.values["vault"]) for one in seen(found, "credential")] == [("ZZ:SHOP", "none")]
    assert "X7planted" not in repr(found)


def test_an_isa_that_is_not_padded(tmp_path: Path) -> None:
    text = "ISA*00**00**ZZ*A*ZZ*B*261101*1200*U*00401*1*0*P*>~GS*PO*A*B*20261101*1*1*X*004010~ST*850*1~SE*1*1~GE*1*1~IEA*1*1~"
    assert rows(read_text(tmp_path, "a.x12", "x12", text)) == [
        "L1 interface edi - sender=ZZ:A receiver=ZZ:B message=850 004010"
    ]


def test_cut_and_wrong(tmp_path: Path) -> None:
    assert errors(read_text(tmp_path, "a.x12", "x12", ORDERS[: ORDERS.index("IEA")])) == [
        "a.x12:1: the interchange has no IEA: it is cut off"
    ]
    assert errors(read_text(tmp_path, "a.x12", "x12", ORDERS.replace("IEA*1", "IEA*4"))) == [
        "a.x12:9: IEA counts 4 groups, the interchange holds 1"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "does not begin with ISA"),
        ("ISA*00*", "ISA is cut off"),
        ("ISAAC", "ISA is cut off"),
        (ORDERS.replace("SHOP ", "SH~P "), "ISA is cut off"),
    ],
)
def test_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in refusal(tmp_path, "a.x12", "x12", text)


def test_detection(tmp_path: Path) -> None:
    assert kind_of(artefact(tmp_path, "a.txt", ORDERS)) == "x12"
    assert kind_of(artefact(tmp_path, "a.txt", "ISAAC newton")) == ""
