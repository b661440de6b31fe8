"""EDIFACT: separators, release characters, several interchanges, and what is never kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.unit.inventory.read import artefact, coverage, errors, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

ORDERS = """\
UNB+UNOA:2+5400000000017:14+8700000000011:14+261117:0134+4234++++1+EANCOM'
UNH+1+ORDERS:D:96A:UN:EAN008'
BGM+220+4711+9'
NAD+BY+5400000000024::9'
NAD+SU+8700000000011::9'
NAD+IV+5400000000031::9++GREEN SHOP+Main Street 1+Ghent++9000+BE'
NAD+CN+KD-0815::92++Jan Jansen'
UNT+6+1'
UNZ+1+4234'
"""
OWN_SIGNS = "UNA:+.? '\nUNB+UNOC:3+SHOP:ZZ+2256:14+260320:1910+2'\nUNH+11+ORDERS:D:96A:UN:EAN008'\nFTX+AAI+++it?'s UNH+2 ?+ more??'\nUNT+3+11'\nUNZ+1+2'\n"


def test_one_interchange(tmp_path: Path) -> None:
    found = read_text(tmp_path, "orders.edi", "edifact", ORDERS)
    assert rows(found) == table(
        "L2 interface edi - sender=14:5400000000017 receiver=14:8700000000011 message=ORDERS D96A EAN008"
    )
    assert figures(found) == {
        "syntax": "UNOA:2", "charset": "ascii", "agreement": "EANCOM", "count": 1, "interchanges": 1,
        "first_seen": "2026-11-17", "last_seen": "2026-11-17",
        "parties": {"BY": ["9:5400000000024"], "SU": ["9:8700000000011"], "IV": ["9:5400000000031"]},
    }  # fmt: skip
    assert seen(found)[0].at == date(2026, 11, 17)
    assert not coverage(found)
    assert "Jansen" not in repr(found)
    assert "KD-0815" not in repr(found), "a number that a partner gives may be a person"
    assert "GREEN" not in repr(found)


def test_signs_and_release_characters(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.txt", "edifact", OWN_SIGNS)
    assert rows(found) == ["L3 interface edi - sender=ZZ:SHOP receiver=14:2256 message=ORDERS D96A EAN008"]
    assert figures(found)["charset"] == "iso8859-1"
    assert not errors(found)


def test_redefined_separators_on_one_line(tmp_path: Path) -> None:
    text = "UNA|*,! ~UNB*UNOC|3*A!*B|14*C|14*20261101|0900*1~UNH*1*INVOIC|D|01B|UN|EAN010~UNT*2*1~UNZ*1*1~"
    found = read_text(tmp_path, "a.edi", "edifact", text)
    assert rows(found) == ["L1 interface edi - sender=14:A*B receiver=14:C message=INVOIC D01B EAN010"]
    assert figures(found)["first_seen"] == "2026-11-01"


def test_several_interchanges_are_counted_by_what_they_are(tmp_path: Path) -> None:
    second = OWN_SIGNS.replace("260320", "260102").replace("UNH+11", "UNH+9")
    test = ORDERS.replace("EANCOM'", "EANCOM+1'")
    group = "UNB+UNOW:4+A+B+20261101:0900+7'UNG+DESADV+A:1+B:2+x'UNH+1+DESADV:D:96A:UN'UNT+1+1'UNH+2+DESADV:D:96A:UN'UNT+1+2'UNE+2+1'UNZ+1+7'"
    found = read_text(tmp_path, "a.edi", "edifact", OWN_SIGNS + second + ORDERS + test + group)
    assert [one.partition("sender=")[2] for one in rows(found)] == table("""
        ZZ:SHOP receiver=14:2256 message=ORDERS D96A EAN008
        14:5400000000017 receiver=14:8700000000011 message=ORDERS D96A EAN008
        14:5400000000017 receiver=14:8700000000011 message=ORDERS D96A EAN008
        A receiver=B message=DESADV D96A
    """)
    assert (figures(found)["count"], figures(found)["first_seen"], figures(found)["last_seen"]) == (
        2,
        "2026-01-02",
        "2026-03-20",
    )
    assert [one.environment for one in seen(found)] == ["", "", "test", ""]
    assert figures(found, 3)["group"] == "1:A > 2:B"
    assert figures(found, 3)["count"] == 2
    assert not errors(found)


def test_a_cut_file_is_told_and_what_was_there_counts(tmp_path: Path) -> None:
    cut = read_text(tmp_path, "a.edi", "edifact", ORDERS[: ORDERS.index("UNT")])
    assert errors(cut) == ["a.edi:1: the interchange has no UNZ: it is cut off"]
    assert len(rows(cut)) == 1
    short = read_text(tmp_path, "a.edi", "edifact", ORDERS.replace("UNZ+1", "UNZ+3"))
    assert errors(short) == ["a.edi:9: UNZ counts 3, the interchange holds 1"]


def test_the_password_of_an_interchange_is_not_kept(tmp_path: Path) -> None:
    text = ORDERS.replace("+4234++++1", "+4234+Ed7planted:AA+++1")
    assert "Ed7planted" not in repr(read_text(tmp_path, "a.edi", "edifact", text))


@pytest.mark.parametrize("text", ["", "ISA*00*", "UNH+1+ORDERS:D:96A:UN'", "hello", "UNA", "UNA:+.? 'ABC'"])
def test_refused(tmp_path: Path, text: str) -> None:
    assert "is no EDIFACT interchange" in refusal(tmp_path, "a.edi", "edifact", text)


def test_detection(tmp_path: Path) -> None:
    for text, kind in ((ORDERS, "edifact"), (OWN_SIGNS, "edifact"), ("UNBELIEVABLE", ""), ("UNB", "")):
        assert kind_of(artefact(tmp_path, "a.txt", text)) == kind


def test_characters_of_the_syntax_identifier(tmp_path: Path) -> None:
    text = "UNB+UNOC:3+Bäcker:ZZ+B+260101:1000+1'UNH+1+ORDERS:D:96A:UN'UNT+1+1'UNZ+1+1'".encode("latin-1")
    assert "sender=ZZ:Bäcker" in rows(read_text(tmp_path, "a.edi", "edifact", text))[0]
    other = "UNB+UNOW:4+Bäcker:ZZ+B+260101:1000+1'UNH+1+ORDERS:D:96A:UN'UNT+1+1'UNZ+1+1'"
    assert "sender=ZZ:Bäcker" in rows(read_text(tmp_path, "a.edi", "edifact", other))[0]
