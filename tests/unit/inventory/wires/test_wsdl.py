"""WSDL 1.1 and 2.0, the HTTP binding, abstract files, and XML that would do something to its reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inventory.read import artefact, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

HEAD = """\
<?xml version="1.0"?>
<definitions name="Labels" targetNamespace="http://carrier.example/labels/v2" xmlns="http://schemas.xmlsoap.org/wsdl/"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
  xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" xmlns:t="http://carrier.example/labels/v2">
  <portType name="P"><operation name="Book"/><operation name="Cancel"/></portType>
"""
SOAP = (
    HEAD
    + """\
  <binding name="B" type="t:P">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Book"><soap:operation soapAction="urn:book"/><input/></operation>
    <operation name="Cancel"><soap:operation soapAction=""/></operation>
  </binding>
  <binding name="B12" type="t:P"><soap12:binding/><operation name="Book"/></binding>
  <service name="Labels">
    <port name="Soap" binding="t:B"><soap:address location="https://soap.carrier.example/ws/labels?wsdl"/></port>
    <port name="Soap12" binding="t:B12"><soap12:address location="http://soap.carrier.example/ws12"/></port>
  </service>
</definitions>
"""
)
HTTP = (
    HEAD
    + """\
  <binding name="H" type="t:P">
    <http:binding verb="get"/>
    <operation name="Book"><http:operation location="/book"/></operation>
  </binding>
  <service name="S"><port name="Http" binding="t:H"><http:address location="http://carrier.example/rest"/></port></service>
</definitions>
"""
)
SECOND = """\
<description xmlns="http://www.w3.org/ns/wsdl" xmlns:t="urn:t" targetNamespace="urn:t" xmlns:s="http://www.w3.org/ns/wsdl/soap">
  <interface name="I"><operation name="Track"/></interface>
  <binding name="B" interface="t:I" type="http://www.w3.org/ns/wsdl/soap" s:version="1.2"/>
  <service name="Tracking" interface="t:I"><endpoint name="E" binding="t:B" address="https://track.example/v1"/></service>
</description>
"""


def test_soap(tmp_path: Path) -> None:
    found = read_text(tmp_path, "labels.wsdl", "wsdl", SOAP)
    assert rows(found) == table("""
        L8 interface soap soap.carrier.example address=/ws/labels method=Book v2
        L9 interface soap soap.carrier.example address=/ws/labels method=Cancel v2
        L11 interface soap soap.carrier.example address=/ws12 method=Book v2
    """)
    assert [figures(found, index)["soap_version"] for index in range(3)] == ["1.1", "1.1", "1.2"]
    assert figures(found)["action"] == "urn:book"
    assert figures(found)["service"] == "Labels"
    assert seen(found)[0].values["endpoints"] == [{"url": "https://soap.carrier.example/ws/labels"}]


def test_the_http_binding_is_plain_http(tmp_path: Path) -> None:
    assert rows(read_text(tmp_path, "a.wsdl", "wsdl", HTTP)) == table(
        "L8 interface http carrier.example address=/rest/book method=GET v2"
    )


def test_wsdl_2(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.wsdl", "wsdl", SECOND)
    assert rows(found) == ["L2 interface soap track.example address=/v1 method=Track v1"]
    assert figures(found)["soap_version"] == "1.2"


def test_without_an_address_the_service_gives_the_name(tmp_path: Path) -> None:
    text = SOAP.replace("https://soap.carrier.example/ws/labels?wsdl", "REPLACE_WITH_ACTUAL_URL")
    assert rows(read_text(tmp_path, "a.wsdl", "wsdl", text))[0] == "L8 interface soap Labels method=Book v2"
    named = read_text(tmp_path, "a.wsdl", "wsdl", text, system="carrier")
    assert rows(named)[0] == "L8 interface soap carrier method=Book v2"
    abstract = SOAP[: SOAP.index("  <service")] + "</definitions>"
    assert len(rows(read_text(tmp_path, "a.wsdl", "wsdl", abstract, system="x"))) == 3


def test_a_port_whose_binding_is_elsewhere(tmp_path: Path) -> None:
    text = (
        HEAD
        + '<import location="b.wsdl"/><service name="S"><port name="P" binding="o:B"><soap:address location="http://h.example/a"/></port></service></definitions>'
    )
    assert rows(read_text(tmp_path, "a.wsdl", "wsdl", text)) == ["L6 interface soap h.example address=/a v2"]


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<definitions>&b;</definitions>'
HOSTILE = {
    "billion laughs": LAUGHS,
    "external entity": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<definitions>&x;</definitions>',
    "external document type": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">\n<definitions/>',
    "parameter entity": '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>\n<definitions/>',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_document_type_is_refused(tmp_path: Path, text: str) -> None:
    for kind in ("wsdl", "ubl", "sftp"):
        told = refusal(tmp_path, "a.xml", kind, text)
        assert told == "a.xml:1: has a document type or an entity of its own, which is not read"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<definitions", "is no well-formed XML"),
        ("<a><b></a>", "is no well-formed XML"),
        ("", "is no well-formed XML"),
        ('<?xml version="1.0" encoding="x-nowhere"?><a/>', "encoding"),
        ("<a>" * 300 + "</a>" * 300, "deeper than 200 elements"),
        ("<schema xmlns='http://www.w3.org/2001/XMLSchema'/>", "is no WSDL file"),
    ],
)
def test_what_is_no_wsdl_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in refusal(tmp_path, "a.wsdl", "wsdl", text)


def test_detection(tmp_path: Path) -> None:
    assert kind_of(artefact(tmp_path, "a.wsdl", SOAP)) == "wsdl"
    assert kind_of(artefact(tmp_path, "service.xml", SECOND)) == "wsdl"
    assert kind_of(artefact(tmp_path, "b.xml", "<a/>")) == ""
