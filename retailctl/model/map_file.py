"""``<set>.map.yaml``: one business object, and where each contract of the set carries its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from retailctl.model.fields import STRICT, Id, Text, as_text, doc

CanonicalType = Literal[
    "string", "integer", "number", "decimal", "boolean", "date", "datetime", "time", "bytes", "object", "array"
]
OdooType = Literal[
    "char", "text", "html", "selection", "float", "monetary", "binary", "many2one", "many2one_reference", "one2many",
    "many2many", "reference", "json",
]  # fmt: skip


def _named(key: str) -> BeforeValidator:
    """``sku: string`` for ``sku: {type: string}``; a key with nothing after it says nothing more than its name."""

    def convert(value: Any) -> Any:
        if value is None:
            return {}
        text = as_text(value)
        return {key: text} if isinstance(text, str) else value

    return BeforeValidator(convert)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalField:
    """A field of the business object. What is not said is not compared."""

    __pydantic_config__: ClassVar = STRICT

    type: CanonicalType | None = None
    unit: Annotated[Text | None, doc("Unit of the value.", "EUR", "piece")] = None
    required: bool | None = None
    key: Annotated[bool | None, doc("Identifies the object.")] = None
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedField:
    """Where a member carries a field, or why it does not. ``dropped`` and ``derived`` are reasons, so are ``renamed``
    (why it has another name than in the version before) and ``conversion`` (how the value becomes the canonical one).
    """

    __pydantic_config__: ClassVar = STRICT

    path: Annotated[Text | None, doc("Path in the schema of the member.", "lines[].qty", "total.amount")] = None
    type: Annotated[CanonicalType | OdooType | None, doc("Type of the field, where no schema says it.", "monetary")] = (
        None
    )
    unit: Annotated[Text | None, doc("Unit of the value, where the schema does not say it.", "cent")] = None
    scale: Annotated[
        int | None, Field(ge=-18, le=18, description="The value is the canonical one times ten to this power.")
    ] = None
    conversion: Annotated[Id | None, doc("How the value becomes the canonical one.", "decimal as text")] = None
    dropped: Annotated[Id | None, doc("Why the member does not carry the field.")] = None
    derived: Annotated[Id | None, doc("How the field follows from others.")] = None
    renamed: Annotated[Id | None, doc("Why the name changed; the others keep theirs.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapMember:
    """One version of a contract of the set, or a model of Odoo. Fields that are not listed are found by their name."""

    __pydantic_config__: ClassVar = STRICT

    kind: Literal["contract", "odoo"] | None = None
    contract: Annotated[Id | None, doc("Id of the contract.", "orders-api")] = None
    model: Annotated[Id | None, doc("Model of Odoo.", "sale.order")] = None
    version: Annotated[Text | None, doc("Version of the contract; default: the newest.", "v2")] = None
    document: Annotated[Text | None, doc("File of the version, where there are several.")] = None
    at: Annotated[Text | None, doc("Component, message, record or pointer.", "Order", "#/components/schemas/Order")] = (
        None
    )
    note: Text | None = None
    fields: dict[str, Annotated[MappedField, _named("path")]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFile:
    """One business object over several contracts: its fields, and how each member carries them."""

    __pydantic_config__: ClassVar = STRICT

    entity: Annotated[Id, doc("The business object.", "Order")]
    set: Annotated[Id | None, doc("The set of contract.yaml; default: the name of the file.", "order")] = None
    domain: Text | None = None
    owner: Text | None = None
    note: Text | None = None
    fields: Annotated[
        dict[str, Annotated[CanonicalField, _named("type")]], Field(min_length=1, description="Fields by path.")
    ]
    members: Annotated[tuple[MapMember, ...], Field(min_length=1)]
