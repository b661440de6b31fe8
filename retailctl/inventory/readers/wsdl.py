"""WSDL 1.1 and 2.0 as sightings: one interface per operation of a port.

* interface: key (soap, host of the port, operation, path of its address, major version of the path or namespace). A
  port of the HTTP binding is plain http with its verb and location. Without an address (an abstract WSDL, or a
  placeholder) the provider is what the user says, else the name of the service.
* system: the host. figures: service, port, binding, SOAP version, action, style, one-way.
* A port whose binding is in another file has one interface without an operation. No coverage: a contract is no use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.gateway_paths import version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import refused
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import Url, url_of
from retailctl.inventory.variables import resolve
from retailctl.inventory.xml_tree import Node, starts_as_xml, tree_of
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen

_FIRST: Final = "http://schemas.xmlsoap.org/wsdl/"
_SECOND: Final = "http://www.w3.org/ns/wsdl"
_SOAP: Final = {"http://schemas.xmlsoap.org/wsdl/soap/": "1.1", "http://schemas.xmlsoap.org/wsdl/soap12/": "1.2"}
_KIND: Final = "WSDL file"


def _detect(artefact: Artefact) -> float:
    if not starts_as_xml(artefact):
        return 0.0
    known = _FIRST.encode() in artefact.head or _SECOND.encode() in artefact.head
    root = b"definitions" in artefact.head or b"description" in artefact.head
    if known and root:
        return 0.95 if artefact.suffix == ".wsdl" or b"<schema" not in artefact.head[:400] else 0.8
    return 0.6 if artefact.suffix == ".wsdl" else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    root = tree_of(artefact)
    if root.name == "definitions" and root.space == _FIRST:
        bindings = {node.get("name"): node for node in root.all("binding")}
        services = [(service, port) for service in root.all("service") for port in service.all("port")]
        interfaces = {node.get("name"): node for node in root.all("portType")}
    elif root.name == "description" and root.space == _SECOND:
        bindings = {node.get("name"): node for node in root.all("binding")}
        services = [(service, port) for service in root.all("service") for port in service.all("endpoint")]
        interfaces = {node.get("name"): node for node in root.all("interface")}
    else:
        raise refused(artefact, _KIND, f"the root is {root.name}, not the definitions or description of a WSDL")
    described = _Described(artefact, reading, root, interfaces)
    for service, port in services:
        yield from described.port(service, port, bindings.get(_local(port.get("binding"))))
    bound = {_local(port.get("binding")) for _, port in services}
    for name, binding in bindings.items():
        if name not in bound:
            yield from described.port(None, None, binding)


class _Described:
    """One document, and what its ports have in common."""

    def __init__(self, artefact: Artefact, reading: Reading, root: Node, interfaces: dict[str, Node]) -> None:
        self.artefact, self.reading, self.root, self.interfaces = artefact, reading, root, interfaces

    def port(self, service: Node | None, port: Node | None, binding: Node | None) -> Iterator[Seen]:
        """The operations of one port, or of a binding that no port of the file uses."""
        address = resolve(_address(port), self.reading.variables)
        url = url_of(address) if address else None
        kind, version = _kind(port, binding)
        figures = {
            "service": service.get("name") if service is not None else "",
            "port": port.get("name") if port is not None else "",
            "binding": binding.get("name") if binding is not None else _local(port.get("binding")) if port else "",
            "soap_version": version,
            "namespace": self.root.get("targetNamespace"),
        }
        operations = list(binding.all("operation")) if binding is not None else []
        operations = operations or self._abstract(binding, port, service)
        for operation in operations:
            yield self._operation(kind, operation, url, figures, service, _verb(binding, operation))
        if not operations and port is not None:
            yield self._operation(kind, port, url, figures, service, None)

    def _abstract(self, binding: Node | None, port: Node | None, service: Node | None) -> list[Node]:
        """A binding of WSDL 2.0 need not repeat the operations of its interface."""
        holder = service if service is not None and service.get("interface") else binding
        interface = self.interfaces.get(_local(holder.get("interface") or holder.get("type"))) if holder else None
        return list(interface.all("operation")) if interface is not None and (binding or port) is not None else []

    def _operation(
        self, kind: str, node: Node, url: Url | None, figures: dict[str, str], service: Node | None, verb: str | None
    ) -> Seen:
        provider = url.name if url is not None else self.reading.system
        provider = provider or (service.get("name") if service is not None else self.root.get("name"))
        name = "" if node.name in ("port", "endpoint") else _local(node.get("name") or node.get("ref"))
        location = next((one.get("location") for one in node.all("operation") if one.get("location")), "")
        address: str | None = (url.path or "/") if url is not None else None
        if kind == "http" and location and address is not None:
            address = f"{address.rstrip('/')}/{location.lstrip('/')}"
        action = next((one.get("soapAction") for one in node.all("operation") if one.get("soapAction")), "")
        version = version_in(address or "") or version_in(figures["namespace"].rstrip("/"))
        more: dict[str, Any] = {"operation": name, "action": action}
        return Seen(
            source="wsdl",
            ref=self.artefact.ref(node.line),
            at=self.reading.as_of,
            name=name,
            key=HttpKey(
                protocol="http" if kind == "http" else "soap",
                provider=provider,
                method=(verb if kind == "http" else name) or None,
                address=address,
                version=version,
            ),
            provider=provider,
            environment=self.reading.environment,
            values={"endpoints": [{"url": url.clean}]} if url is not None else {},
            figures={key: value for key, value in (figures | more).items() if value},
        )


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _address(port: Node | None) -> str:
    if port is None:
        return ""
    return port.get("address") or next((one.get("location") for one in port.all("address") if one.get("location")), "")


def _kind(port: Node | None, binding: Node | None) -> tuple[str, str]:
    """(soap or http, version of SOAP) as the extension elements of binding and port say."""
    if binding is not None and binding.space == _SECOND:
        version = next((value for name, value in binding.attributes.items() if name.endswith("}version")), "1.2")
        return ("http", "") if binding.get("type").endswith("/http") else ("soap", version)
    spaces = [child.space for node in (binding, port) if node is not None for child in node.children]
    version = next((_SOAP[space] for space in spaces if space in _SOAP), "")
    return ("http", "") if not version and "http://schemas.xmlsoap.org/wsdl/http/" in spaces else ("soap", version)


def _verb(binding: Node | None, operation: Node) -> str | None:
    nodes = [*(binding.all("binding") if binding is not None else ()), operation]
    for node in nodes:
        for name, value in node.attributes.items():
            if name in ("verb", "{http://www.w3.org/ns/wsdl/http}method") and value:
                return str(value).upper()
    return None


READER = Reader("wsdl", "WSDL 1.1 or 2.0", _detect, guarded(_read))
