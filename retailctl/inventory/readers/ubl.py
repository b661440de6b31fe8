"""UBL 2.x documents (Peppol and others) as sightings: who sends which document to whom.

* interface: one per file, key (sender, receiver, document): ``scheme:id`` of the endpoints of the parties, else of
  their identifications; ``Invoice 2.1 urn:…`` from root, version and customization. Orders go from buyer to seller,
  invoices, despatch advices and answers the other way; a sender or receiver that the document (or the envelope around
  it) names itself wins. An endpoint that is an e-mail address becomes a pseudonym.
* figures: profile, customization, version, currency. Names, addresses and amounts are never kept. No coverage.
* XML with a document type or entities is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.edi.tally import Tally, party
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import refused
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.xml_tree import Node, starts_as_xml, tree_of

_KIND: Final = "UBL document"
_SPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_BUYERS: Final = ("BuyerCustomerParty", "AccountingCustomerParty", "DeliveryCustomerParty", "OriginatorCustomerParty")
_SELLERS: Final = ("SellerSupplierParty", "AccountingSupplierParty", "DespatchSupplierParty")
# What a buyer sends; everything else goes from the seller to the buyer.
_FROM_BUYER: Final = frozenset(
    {"Order", "OrderChange", "OrderCancellation", "ReceiptAdvice", "RequestForQuotation", "SelfBilledInvoice",
     "SelfBilledCreditNote", "RemittanceAdvice", "Tender", "ForecastRevision", "Forecast", "CatalogueRequest"}
)  # fmt: skip


_DECLARED: Final = re.compile(rb"xmlns(?::[\w.-]{1,80})?\s{0,9}=\s{0,9}[\"']" + re.escape(_SPACE.encode()))
_ABOUT: Final = re.compile(rb"<(?:[\w.-]{1,80}:)?(?:schema|stylesheet|transform)[\s>]")


def _detect(artefact: Artefact) -> float:
    """Schemas and stylesheets name the same namespaces, and are no documents."""
    if not starts_as_xml(artefact) or _DECLARED.search(artefact.head) is None:
        return 0.0
    return 0.0 if _ABOUT.search(artefact.head) else 0.95


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    root = tree_of(artefact)
    tally, number = Tally(), 0
    for node in _documents(root):
        number += 1
        sender, receiver = _parties(node)
        outer = root if root.name == "StandardBusinessDocument" else None
        sender = sender or _header(outer, "Sender")
        receiver = receiver or _header(outer, "Receiver")
        version = node.value("UBLVersionID") or "2"
        customization = node.value("CustomizationID")
        figures: dict[str, Any] = {
            "document": node.name,
            "customization": customization,
            "profile": node.value("ProfileID"),
            "currency": node.value("DocumentCurrencyCode"),
        }
        message = " ".join(filter(None, (node.name, version, customization)))
        kept = {name: value for name, value in figures.items() if value}
        tally.add((sender, receiver, message, ""), node.line, number, _day(node.value("IssueDate")), kept)
    if not number:
        raise refused(artefact, _KIND, f"the root is {root.name}, in no namespace of UBL 2")
    yield from tally.seen(artefact, reading, "ubl")


def _documents(root: Node) -> Iterator[Node]:
    """The documents: the root, or those inside of an envelope."""
    if _is_document(root):
        yield root
        return
    yield from (child for child in root.walk() if _is_document(child) and child is not root)


def _is_document(node: Node) -> bool:
    return node.space.startswith(_SPACE) and not node.space.startswith((f"{_SPACE}Common", f"{_SPACE}Extension"))


def _parties(node: Node) -> tuple[str, str]:
    buyer = next((found for name in _BUYERS if (found := _identifier(node.first(name, "Party")))), "")
    seller = next((found for name in _SELLERS if (found := _identifier(node.first(name, "Party")))), "")
    sender, receiver = (buyer, seller) if node.name in _FROM_BUYER else (seller, buyer)
    own = [_identifier(node.first(name)) for name in ("SenderParty", "ProviderParty")]
    other = [_identifier(node.first(name)) for name in ("ReceiverParty",)]
    return next(filter(None, own), sender), next(filter(None, other), receiver)


def _identifier(node: Node | None) -> str:
    if node is None:
        return ""
    for path in (("EndpointID",), ("PartyIdentification", "ID"), ("PartyLegalEntity", "CompanyID")):
        found = node.first(*path)
        if found is not None and found.text.strip():
            return party(found.text, found.get("schemeID"))
    return ""


def _header(root: Node | None, side: str) -> str:
    found = root.first("StandardBusinessDocumentHeader", side, "Identifier") if root is not None else None
    if found is None:
        return ""
    identifier = found.text.strip()
    return identifier if ":" in identifier else party(identifier, found.get("Authority"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


READER = Reader("ubl", "UBL 2.x document", _detect, guarded(_read))
