"""Contract documents in memory, and their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retailctl.contracts.facts import contract_document
from retailctl.contracts.references import Library
from retailctl.errors import InputError, Location
from retailctl.model.contract_facts import ContractDocument
from retailctl.workspace.document import Document

PATH = "contracts/order/orders-api/v1/openapi.yaml"


def facts(data: Any, others: Mapping[str, Any] | None = None, path: str = PATH) -> ContractDocument:
    """The facts of a document, with other documents beside it by path."""
    files = {path: data, **(others or {})}

    def read(path: str) -> Document:
        if path not in files:
            raise InputError("INP010", "there is no such file", at=Location(path))
        return Document(path, [files[path]], None, "", format="json")

    return contract_document(Library(read, path), ContractDocument(path=path, contract="orders-api", version="v1"))


def openapi(paths: Any, **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "Orders", "version": "1.4.0"}, "paths": paths, **more}


def answering(schema: Any, **more: Any) -> dict[str, Any]:
    """A document whose only operation answers with the schema."""
    content = {"application/json": {"schema": schema}}
    return openapi({"/orders": {"get": {"responses": {"200": {"description": "Done.", "content": content}}}}}, **more)


def asking(schema: Any, **more: Any) -> dict[str, Any]:
    """A document whose only operation takes the schema."""
    body = {"content": {"application/json": {"schema": schema}}}
    return openapi({"/orders": {"post": {"requestBody": body, "responses": {"204": {"description": "Done."}}}}}, **more)
