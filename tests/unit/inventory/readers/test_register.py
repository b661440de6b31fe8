"""Registers in the words of whoever keeps them: headers, ends, vocabularies, owners, secrets, broken rows."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from retailctl.errors import ConfigError, InputError
from retailctl.inventory.reading import Found
from retailctl.inventory.registers.ends import Ends, ends_of
from retailctl.inventory.registers.headers import SYNONYMS, field_of
from retailctl.inventory.registers.owners import owner_of
from retailctl.inventory.registers.words import per_day, protocol_of, schedule_of, word
from retailctl.model.interface_key import EventKey, FileKey, HttpKey
from retailctl.model.seen import Seen
from tests.unit.inventory.read import AS_OF, artefact, coverage, errors, kind_of, read, seen

MARKED = "Hunter2-planted-secret"
PERSON = "jan.devries@acme.example"


def rows(folder: Path, text: str | bytes, name: str = "flows.csv", **more: Any) -> list[Found]:
    return read(artefact(folder, name, text), "register", **more)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Interface_Name", "name"), ("Schnittstelle", "name"), ("Koppeling", "name"), ("Nom de l'interface", "name"),
        ("sourceSystem", "source"), ("From", "source"), ("Quell-System*", "source"), ("Bronsysteem", "source"),
        ("Système source", "source"), ("Target application", "target"), ("Zielsystem", "target"),
        ("relInterfaceToProviderApplication", "provider"), ("Consumed by", "consumers"), ("Afnemers", "consumers"),
        ("Verantwortliches Team", "owner"), ("Owner (team)", "owner"), ("Eigenaar", "owner"), ("Statut", "lifecycle"),
        ("Häufigkeit", "schedule"), ("Fréquence", "schedule"), ("Sync/Async", "mode"), ("Richtung", "direction"),
        ("System of Record", "system_of_record"), ("Datenobjekt", "data"), ("businessCriticality", "criticality"),
        ("6R", "disposition"), ("Endpoint URL", "address"), ("Messages per day", "volume"),
        ("Password", "secret"), ("API-Key", "secret"), ("Kennwort", "secret"), ("key.protocol", "key.protocol"),
        ("Colour", ""), ("", ""),
    ],
)  # fmt: skip
def test_headers_are_known_by_their_words(header: str, field: str) -> None:
    assert field_of(header) == field


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("lifecycle", "In production", "active"), ("lifecycle", "retired?", "retired"), ("lifecycle", "Phase-Out", "retiring"),
        ("lifecycle", "abgeschaltet", "retired"), ("lifecycle", "active (since 2019)", "active"), ("lifecycle", "blue", None),
        ("classification.criticality", "a", "A"), ("classification.criticality", "High", "A"),
        ("classification.criticality", "businessCritical", "B"), ("classification.criticality", "élevée", "A"),
        ("classification.criticality", "confidential", None), ("disposition", "Tolerate", "retain"),
        ("disposition", "Eliminate", "retire"), ("disposition", "Replatform", "rehost"), ("disposition", "TBD", "undecided"),
        ("mode", "event-driven", "async"), ("mode", "Stapelverarbeitung", "batch"), ("direction", "bi-directional", "both"),
        ("classification.latency", "Near real-time", "near_real_time"), ("lifecycle", "in", None), ("mode", "", None),
    ],
)  # fmt: skip
def test_words_of_four_languages_are_values_and_others_are_not(field: str, text: str, value: str | None) -> None:
    assert word(field, text) == value


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("daily", "1d"), ("Alle 5 min", "5m"), ("every 2 hours", "2h"), ("*/15 * * * *", "*/15 * * * *"), ("30 sec", "30s"),
        ("toutes les heures", "1h"), ("real-time", None), ("on demand", None), ("at six in the morning", None),
    ],
)  # fmt: skip
def test_a_frequency_is_an_interval_where_it_says_one(text: str, interval: str | None) -> None:
    assert schedule_of(text) == interval


@pytest.mark.parametrize(
    ("text", "header", "count"),
    [
        ("9,000", "Messages per day", 9000), ("9.000 pro Tag", "Volumen", 9000), ("1.5k/day", "Volume", 1500),
        ("600 per month", "Volume", 20), ("12 per hour", "Volume", 288), ("9000", "Volume", None), ("much", "Messages per day", None),
    ],
)  # fmt: skip
def test_a_volume_counts_where_somebody_says_per_what(text: str, header: str, count: int | None) -> None:
    assert per_day(text, header) == count


def test_a_technology_is_protocol_and_pattern() -> None:
    assert protocol_of("REST API") == ("http", "rest")
    assert protocol_of("SFTP (nightly)") == ("sftp", "file")
    assert protocol_of("Kafka / Avro") == ("kafka", "event")
    assert protocol_of("carrier pigeon") is None


@pytest.mark.parametrize(
    ("cells", "ends"),
    [
        ({"name": "Workday → Aviva"}, Ends(source="Workday", target=("Aviva",))),
        ({"name": "Orders: Magento->Odoo (v2)"}, Ends(source="Magento", target=("Odoo",))),
        ({"name": "CRM <-> ERP"}, Ends(source="CRM", target=("ERP",), both=True)),
        ({"name": "PIM => ESB => Shop"}, Ends(source="PIM", target=("Shop",), via=("ESB",))),
        ({"name": "Nightly stock to marketplace"}, Ends()),
        ({"name": "?? -> Odoo"}, Ends(source="??", target=("Odoo",))),
        ({"name": "unknown -> Odoo"}, Ends()),
        ({"source": "A -> B", "target": ""}, Ends(source="A", target=("B",))),
        ({"source": "A", "target": "B; C\nD"}, Ends(source="A", target=("B", "C", "D"))),
        ({"provider": "Odoo", "consumers": "CRM, Lake"}, Ends(provider="Odoo", consumers=("CRM", "Lake"))),
        ({"name": "A -> B", "source": "X", "target": "-"}, Ends(source="X")),
    ],
)
def test_ends_stand_in_columns_or_in_the_name(cells: dict[str, str], ends: Ends) -> None:
    assert ends_of(cells) == ends


@pytest.mark.parametrize(
    ("cell", "owner", "left"),
    [
        ("team-erp", "team-erp", False), ("team-gone", "team-gone", False), ("erp-team@acme.example", "erp-team@acme.example", False),
        ("jan (left)", "anon", True), ("Jan de Vries - left 2023", "anon", True), ("ex-jan", "anon", True),
        ("jan.devries@acme.example", "anon", False), ("Jan <jan.devries@acme.example>", "anon", False),
        ("Piet (uit dienst)", "anon", True), ("(left)", "", True), ("n/a", "", False), ("?", "", False), ("Web team?", "Web team", False),
    ],
)  # fmt: skip
def test_teams_stay_and_people_become_pseudonyms(cell: str, owner: str, left: bool) -> None:
    assert owner_of(cell, lambda _: "anon") == (owner, left)


GERMAN = f"""\
Schnittstellenregister Stand 2025;;;;;;;;
;;;;;;;;
Schnittstelle;Quellsystem;Zielsystem;Verantwortlich;Status;Häufigkeit;Technologie;URL;Passwort;HTTP-Methode
Aufträge;Magento;Odoo;team-erp;produktiv;alle 5 min;REST;https://svc:{MARKED}@erp.acme.example/api/orders?key=1;;POST
Bestand;Odoo;Magento, Amazon;{PERSON} (left);abgeschaltet?;täglich;SFTP;sftp://ftp.acme.example/out;{MARKED};
"""


def test_a_german_register_below_its_title(tmp_path: Path) -> None:
    text = GERMAN.replace("HTTP-Methode", "Method")
    one = artefact(tmp_path, "register.csv", "\ufeff" + text)
    assert kind_of(one) == "register"
    found = read(one, "register")
    orders, stock = seen(found)
    assert orders.key == HttpKey(protocol="http", provider="erp.acme.example", method="POST", address="/api/orders")
    assert (orders.ref, orders.provider, [c.name for c in orders.consumers]) == (
        "register.csv#L4",
        "erp.acme.example",
        ["Magento"],
    )
    assert orders.consumers[0].identity == "svc"
    assert dict(orders.values) == {
        "lifecycle": "active", "pattern": "rest", "schedule": "5m", "owner": "team-erp",
        "endpoints": [{"url": "https://erp.acme.example/api/orders"}],
    }  # fmt: skip
    assert stock.key == FileKey(protocol="sftp", provider="ftp.acme.example", host="ftp.acme.example", directory="/out")
    assert (stock.values["lifecycle"], stock.figures["doubt"], stock.confidence) == ("retired", ["lifecycle"], 0.5)
    assert stock.figures["owner_left"] is True and stock.values["owner"].startswith("anon-")
    assert (stock.figures["source"], stock.figures["target"]) == ("Odoo", "Magento, Amazon")
    shared = {one.secret for one in seen(found, "credential")}
    assert len(seen(found, "credential")) == 2 and len(shared) == 1  # the same secret in two places
    assert all(one.values == {"vault": "none"} for one in seen(found, "credential"))
    assert MARKED not in repr(found) and PERSON not in repr(found)
    assert [(one.scope, one.window.end if one.window else None) for one in coverage(found)] == [("*", AS_OF)]


def test_secrets_are_found_in_columns_that_nobody_knows(tmp_path: Path) -> None:
    found = rows(tmp_path, f"interface,source,target,jotted\nA,X,Y,password={MARKED}\n")
    assert [one.figures["column"] for one in seen(found, "credential")] == ["jotted"]
    assert MARKED not in repr(found)


def test_a_placeholder_is_no_secret(tmp_path: Path) -> None:
    found = rows(tmp_path, "interface,source,target,password\nA,X,Y,see vault\nB,X,Y,${PW}\nC,X,Y,kv/pw\n")
    assert [one.name for one in seen(found)] == ["A", "B", "C"]
    assert [one.figures["interface"] for one in seen(found, "credential")] == [
        "A"
    ]  # prose may be one: somebody must look


def test_rows_without_ends_or_key_are_kept_and_less_sure(tmp_path: Path) -> None:
    found = rows(
        tmp_path, "interface_name,source_system,target_system,note\nWorkday → Aviva,Workday,Aviva,x\nNightly,,,\n,,,\n"
    )
    whole, bare = seen(found)
    assert (whole.key, whole.provider, whole.confidence) == (None, "Workday", 1.0)
    assert (bare.name, bare.key, bare.provider, bare.consumers, bare.confidence) == ("Nightly", None, "", (), 0.5)


def test_fact_sheets_of_a_portfolio_tool(tmp_path: Path) -> None:
    text = (
        "id,type,displayName,lifecycle,businessCriticality,relInterfaceToProviderApplication,relInterfaceToConsumerApplication\n"
        "1,Interface,Orders API,phaseIn,missionCritical,Odoo,Magento;Lake\n"
        "2,Application,Odoo,active,businessCritical,,\n"
        "3,DataObject,Order,active,,,\n"
    )
    found = rows(tmp_path, text)
    (orders,) = seen(found)
    assert (orders.provider, [c.name for c in orders.consumers]) == ("Odoo", ["Magento", "Lake"])
    assert orders.values == {"lifecycle": "active", "classification.criticality": "A"}
    (system,) = seen(found, "system")
    assert (system.name, system.values) == ("Odoo", {"lifecycle": "active"})


def test_relations_that_are_no_flow_are_left_out(tmp_path: Path) -> None:
    found = rows(tmp_path, "Source,Target,Reference Type,Owner\nA,B,Connects To,t\nA,C,Is Owned By,t\n")
    assert [(one.name, one.provider) for one in seen(found)] == [("A → B", "A")]


def test_who_is_called_offers_the_interface(tmp_path: Path) -> None:
    text = (
        "interface,source,target,method,address,protocol\na,S,T,GET,/x,http\nb,S,T,POST,/x,http\nc,S,T,,orders,kafka\n"
    )
    a, b, c = seen(rows(tmp_path, text))
    assert [(one.provider, one.consumers[0].name) for one in (a, b, c)] == [("S", "T"), ("T", "S"), ("S", "T")]
    assert c.key == EventKey(protocol="kafka", topic="orders")


def test_a_column_map_names_what_no_header_says(tmp_path: Path) -> None:
    text = "Ding,Erster,Zweiter,Chef\nOrders,Magento,Odoo,team-erp\n"
    assert kind_of(artefact(tmp_path, "flows.csv", text)) == ""
    columns = {"name": "Ding", "source": "erster", "target": "Zweiter", "owner": "Chef"}
    (one,) = seen(rows(tmp_path, text, columns=columns))
    assert (one.name, one.provider, one.values["owner"]) == ("Orders", "Magento", "team-erp")
    with pytest.raises(ConfigError, match=r"no field 'ownr'.*\n.*did you mean owner"):
        rows(tmp_path, text, columns={"ownr": "Chef"})


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "source,target,weight\n1,2,3\n", "name,price\nA,1\n", "to,from\nx,y\n"])
def test_other_tables_are_not_taken_for_a_register(tmp_path: Path, text: str) -> None:
    one = artefact(tmp_path, "t.csv", text)
    assert kind_of(one) == ""


HEAD = "interface,source,target\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + 'A,X,Y\nB,"X,Y\nC,X,Y\n', "flows.csv:3: row that begins here is no CSV: unexpected end of data"),
        (HEAD + "A,X,Y\nB,X,Y,Z\n", "flows.csv:3: row has 4 cells, the header 3"),
        (HEAD + "A,X,Y\nB,X\0,Y\n", "flows.csv:3:4: NUL character: this is a binary file, not text"),
        (HEAD + "A,X," + "y" * 140_000 + "\n", "flows.csv:2: row that begins here is no CSV: field larger than field limit (131072)"),
        (HEAD + "," * 1_001 + "\nA,X,Y\n", "flows.csv:2: 1,002 columns; 1,000 are allowed"),
        (HEAD.encode() + b"A,X\xff,Y\n", "flows.csv:2:4: not UTF-8: byte 0xFF"),
        ("a,b\n1,2\n", "flows.csv:1: has no row that looks like the header of a register of interfaces"),
        ('"\n', "flows.csv:1: row that begins here is no CSV: unexpected end of data"),
    ],
)  # fmt: skip
def test_broken_rows_are_told_with_their_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert said in errors(rows(tmp_path, text))


def test_what_stands_before_a_broken_row_is_kept(tmp_path: Path) -> None:
    assert [one.name for one in seen(rows(tmp_path, HEAD + 'A,X,Y\nB,"X\n'))] == ["A"]
    assert [one.name for one in seen(rows(tmp_path, HEAD + "A,X,Y\nB,X,Y,Z\nC,X,Y\n"))] == ["A", "C"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_and_cells_of_several_lines(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["interface", "source", "target"]) + "\n" + delimiter.join(['"A\nB"', "X", "Y"]) + "\n"
    found = rows(tmp_path, text + delimiter.join(["C", "X", "Y"]))
    assert [(one.name, one.ref) for one in seen(found)] == [("A\nB", "flows.csv#L2"), ("C", "flows.csv#L4")]


def test_a_declared_delimiter_is_followed(tmp_path: Path) -> None:
    assert [one.name for one in seen(rows(tmp_path, "sep=^\ninterface^source^target\nA^X^Y\n"))] == ["A"]


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.properties.modified = None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_sheets_of_a_workbook_with_their_cells(tmp_path: Path) -> None:
    head = ["Interface", "Source", "Target", "Status", "Last updated", "Password"]
    content = workbook({
        "Read me": [["This is the register of Acme"]],
        "Flows": [["Acme"], [], head, ["Orders", "Magento", "Odoo", "live", date(2025, 3, 4), MARKED], [None] * 6],
    })  # fmt: skip
    one = artefact(tmp_path, "book.xlsx", content)
    assert kind_of(one) == "register"
    found = read(one, "register")
    (orders,) = seen(found)
    assert (orders.ref, orders.at, orders.values["lifecycle"]) == ("book.xlsx!Flows!A4", date(2025, 3, 4), "active")
    assert len(seen(found, "credential")) == 1 and MARKED not in repr(found)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 no archive", "is no workbook that can be read (BadZipFile)"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "is an old or an encrypted workbook"),
        (packed({"xl/a.xml": b" " * 3_000_000}), "xl/a.xml unpacks to more than 200 times its size"),
        (packed({"xl/a.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "xl/a.xml declares a document type"),
        (packed({"xl/a.xml": '<!DOCTYPE x><x/>'.encode("utf-16")}), "xl/a.xml declares a document type"),
        (packed({"xl/a.xml": b"<x/>"}), "is no workbook that can be read (KeyError)"),
        (packed({f"p{n}": b"" for n in range(5_001)}), "5,001 parts of 0 bytes; 5,000 of 268,435,456 are allowed"),
    ],
)  # fmt: skip
def test_a_workbook_that_costs_too_much_or_is_none(tmp_path: Path, content: bytes, said: str) -> None:
    one = artefact(tmp_path, "book.xlsx", content)
    assert kind_of(one) == "register"  # so that the reader says what is wrong
    assert errors(read(one, "register")) == [f"book.xlsx: {said}"]


cells = st.text(st.sampled_from("ab ,;\"\n\t|'=→->?()@.:/€\r\x1b\x00[{"), max_size=14) | st.sampled_from(
    [
        "https://u:p@h/x",
        "daily",
        "retired?",
        "A -> B",
        "jan (left)",
        "GET /x",
        "sftp",
        "=1+1",
        "key.protocol",
        "ftp://",
        "1e9",
        "{id}",
    ]
)
heads = st.lists(st.sampled_from([*SYNONYMS, "password", "key.protocol", "key.method", "x"]), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(heads, st.lists(st.lists(cells, max_size=9), max_size=5), st.sampled_from([",", ";", "\t"]))
def test_any_table_is_read_or_refused_with_its_place(
    tmp_path_factory: pytest.TempPathFactory, head: list[str], lines: list[list[str]], delimiter: str
) -> None:
    text = "\n".join(delimiter.join(line) for line in (head, *lines))
    one = artefact(tmp_path_factory.getbasetemp(), "any.csv", text)
    kind_of(one)
    for found in read(one, "register"):
        assert not isinstance(found, InputError) or (found.at is not None and found.hint)
        assert not isinstance(found, Seen) or found.ref.startswith("any.csv#L")
