"""interim"""
from __future__ import annotations
from functools import lru_cache
from typing import Any
from pydantic import TypeAdapter, ValidationError
from retailctl.errors import InputError
from retailctl.model.inventory_file import SECTIONS, InventoryFile
from retailctl.workspace.document import Document

@lru_cache(maxsize=32)
def adapter(t: type) -> TypeAdapter[Any]:
    return TypeAdapter(t)

def validate(document: Document, file_type: type) -> tuple[Any, list[InputError]]:
    try:
        return adapter(file_type).validate_python(document.data), []
    except ValidationError as e:
        return None, [InputError("INP020", x["msg"], at=document.locate(x["loc"])) for x in e.errors()]

def inventory_entries(document: Document) -> tuple[list[tuple[str, int, Any]], list[InputError]]:
    v, problems = validate(document, InventoryFile)
    out = []
    if v is not None:
        for s in (*SECTIONS, "coverage"):
            out += [(s, i, n) for i, n in enumerate(getattr(v, s) or ())]
    return out, problems
