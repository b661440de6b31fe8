"""UBL: who sends which document, alone or in an envelope."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.unit.inventory.read import artefact, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

SPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def document(name: str, head: str, *parties: tuple[str, str]) -> str:
    blocks = "\n".join(f"<cac:{role}>{inner}</cac:{role}>" for role, inner in parties)
    return f'<?xml version="1.0"?>\n<{name} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{name}-2" {SPACES}>\n{head}\n{blocks}\n</{name}>\n'


def endpoint(identifier: str, scheme: str) -> str:
    return f'<cac:Party><cbc:EndpointID schemeID="{scheme}">{identifier}</cbc:EndpointID><cac:Contact><cbc:Name>Jan Jansen</cbc:Name></cac:Contact></cac:Party>'


INVOICE = document(
    "Invoice",
    f"<cbc:CustomizationID>{PEPPOL}</cbc:CustomizationID><cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>"
    "<cbc:ID>F-1</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
    ("AccountingSupplierParty", endpoint("8700000000011", "0088")),
    ("AccountingCustomerParty", endpoint("5400000000017", "0088")),
)
ORDER = document(
    "Order",
    "<cbc:UBLVersionID>2.1</cbc:UBLVersionID><cbc:ID>4711</cbc:ID><cbc:IssueDate>tomorrow</cbc:IssueDate>",
    (
        "BuyerCustomerParty",
        '<cac:Party><cac:PartyIdentification><cbc:ID schemeID="GLN">5400000000017</cbc:ID></cac:PartyIdentification></cac:Party>',
    ),
    ("SellerSupplierParty", endpoint("orders@supplier.example", "EM")),
)


def test_an_invoice_goes_to_the_customer(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.xml", "ubl", INVOICE)
    assert rows(found) == [
        f"L2 interface edi - sender=0088:8700000000011 receiver=0088:5400000000017 message=Invoice 2 {PEPPOL}"
    ]
    assert seen(found)[0].at == date(2026, 11, 2)
    assert figures(found)["currency"] == "EUR"
    assert "Jansen" not in repr(found)


def test_an_order_goes_to_the_seller(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.xml", "ubl", ORDER)
    assert rows(found)[0].startswith("L2 interface edi - sender=GLN:5400000000017 receiver=EM:anon-")
    assert rows(found)[0].endswith("message=Order 2.1")
    assert "supplier.example" not in repr(found)


def test_an_envelope_gives_what_the_document_lacks(tmp_path: Path) -> None:
    inner = document("DespatchAdvice", "<cbc:IssueDate>2026-11-02</cbc:IssueDate>").split("\n", 1)[1]
    text = (
        '<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader>'
        '<Sender><Identifier Authority="iso6523-actorid-upis">0088:87</Identifier></Sender>'
        '<Receiver><Identifier Authority="ZZ">54</Identifier></Receiver></StandardBusinessDocumentHeader>\n'
        f"{inner}</StandardBusinessDocument>"
    )
    assert rows(read_text(tmp_path, "a.xml", "ubl", text)) == table(
        "L2 interface edi - sender=0088:87 receiver=ZZ:54 message=DespatchAdvice 2"
    )


def test_refused_and_detected(tmp_path: Path) -> None:
    other = '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>'
    assert "is no UBL document: the root is CrossIndustryInvoice" in refusal(tmp_path, "a.xml", "ubl", other)
    assert kind_of(artefact(tmp_path, "a.xml", INVOICE)) == "ubl"
    assert kind_of(artefact(tmp_path, "a.xml", other)) == ""
