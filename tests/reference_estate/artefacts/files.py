"""Files and registers: EDI interchanges, the drop folders, the SOAP contract, the data lake's settings, the register."""

from __future__ import annotations

from typing import Final

from retailctl.graph.estate_graph import direction_of
from retailctl.model.estate import Estate
from retailctl.model.interface_key import EdiKey, FileKey, HttpKey, SqlKey
from tests.reference_estate.artefacts.made import UNDECLARED, Made, interfaces

_SUPPLIERS: Final = ("8714321000017", "8714321000024")
# The register of the architecture board: (id, owner, status, criticality) where it differs from the inventory.
REGISTERED: Final = {
    "if-odoo-orders-v1-create": ("team-web", "retired", "A"),
    "if-esb-journals": ("p.jansen@fernhill.example (left)", "active", "B"),
}


def edi(estate: Estate) -> list[Made]:
    """One file per message type, an interchange per supplier; one supplier sends an older version."""
    found = []
    for one in interfaces(estate, "edi"):
        assert isinstance(one.key, EdiKey)
        kind, version, association = (one.key.message or "").split()
        made = Made(f"exports/edi/{kind}.edi")
        for number, supplier in enumerate(_SUPPLIERS):
            sender = (one.key.sender or "").replace("*", supplier).split(":")[::-1]
            receiver = (one.key.receiver or "").replace("*", supplier).split(":")[::-1]
            made.add(one.id, *_interchange(":".join(sender), ":".join(receiver), kind, version, association, number))
        if kind == "INVOIC":
            made.add(UNDECLARED, *_interchange("8714321000031:14", "8712345000013:14", kind, "D01B", "EAN010", 9))
        found.append(made)
    return found


def _interchange(sender: str, receiver: str, kind: str, version: str, association: str, number: int) -> list[str]:
    release = f"{version[0]}:{version[1:]}:UN:{association}"
    return [
        f"UNB+UNOC:3+{sender}+{receiver}+261119:1012+{number + 1:08d}'",
        f"UNH+1+{kind}:{release}'",
        f"BGM+220+{number + 4711}+9'",
        "UNT+3+1'",
        f"UNZ+1+{number + 1:08d}'",
    ]


def soap(estate: Estate) -> list[Made]:
    """The WSDL that the ERP serves for the old order import."""
    found = []
    for one in interfaces(estate, "soap"):
        assert isinstance(one.key, HttpKey)
        made = Made("exports/wsdl/order-import.wsdl")
        made.add(
            one.id,
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<definitions name="OrderImport" targetNamespace="urn:fernhill:order-import"',
            '  xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"',
            '  xmlns:tns="urn:fernhill:order-import">',
            '  <message name="Order"/>',
            '  <portType name="OrderImportPort">',
            f'    <operation name="{one.key.method}"><input message="tns:Order"/></operation>',
            "  </portType>",
            '  <binding name="OrderImportBinding" type="tns:OrderImportPort">',
            '    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>',
            f'    <operation name="{one.key.method}"><soap:operation soapAction="{one.key.method}"/></operation>',
            "  </binding>",
            '  <service name="OrderImport"><port name="OrderImport" binding="tns:OrderImportBinding">',
            f'    <soap:address location="https://erp.fernhill.example{one.key.address}"/>',
            "  </port></service>",
            "</definitions>",
        )
        found.append(made)
    return found


def drops(estate: Estate) -> Made:
    """Routes of the bus for files: Camel, as XML."""
    made = Made("exports/esb/file-routes.xml")
    made.add(None, '<routes xmlns="http://camel.apache.org/schema/spring">')
    for one in interfaces(estate, "ftp", "sftp"):
        assert isinstance(one.key, FileKey)
        uri = f"{one.key.protocol}://svc-esb@{one.key.host}{one.key.directory}?antInclude={one.key.pattern}"
        ways = (
            f'<from uri="{uri}"/><to uri="direct:in"/>'
            if one.direction == "out"
            else f'<from uri="direct:out"/><to uri="{uri}"/>'
        )
        made.add(one.id, f"  <route>{ways}</route>")
    made.add(None, "</routes>")
    return made


def lake(estate: Estate) -> Made:
    """The loader of the data lake: compose file with the address of the database of the ERP."""
    made = Made("exports/lake/compose.yaml")
    made.add(
        None, "services:", "  bi-lake:", "    image: registry.fernhill.example/lake-loader:4.2", "    environment:"
    )
    for one in interfaces(estate, "sql"):
        assert isinstance(one.key, SqlKey)
        address = f"postgresql://svc-lake-odoo:${{LAKE_DB_PASSWORD}}@{one.key.database}"
        made.add(one.id, f"      SOURCE_DATABASE_URL: {address}")
    return made


def register(estate: Estate) -> Made:
    """``register.csv``: some rows agree with the inventory, two do not, and one is about nothing that exists."""
    made = Made("exports/register.csv")
    made.add(None, "Interface;Source;Target;Owner;Status;Criticality")
    for one in interfaces(estate, "http", "edi"):
        if not any(sighting.source == "register" for sighting in one.sightings or ()):
            continue
        owner, status, criticality = REGISTERED.get(
            one.id,
            (
                one.owner or "",
                one.lifecycle or "",
                (one.classification.criticality if one.classification else "") or "",
            ),
        )
        consumer = next((consumption.system for consumption in one.consumers or ()), "")
        # Source and target are those of the data, as registers have it.
        ends = (one.provider or "", consumer)
        source, target = ends if direction_of(one) == "out" else ends[::-1]
        made.add(one.id, f"{one.id};{source};{target};{owner};{status};{criticality}")
    made.add(UNDECLARED, "Fax gateway to garden centres;odoo;fax-server;team-erp;active;C")
    return made
