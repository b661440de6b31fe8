"""Where one side of a parallel run is read: exactly one of the kinds of source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field

from retailctl.model.fields import STRICT, Id, Text, Texts, doc

SOURCE_KINDS: Final = ("csv", "tsv", "jsonl", "parquet", "xlsx", "sqlite", "duckdb", "postgres", "adbc", "odoo")
FILE_KINDS: Final = SOURCE_KINDS[:7]
TABLE_KINDS: Final = SOURCE_KINDS[5:9]
_FILES = "Files of this format: a path or pattern, relative to the workspace."


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooModel:
    """A model of a live Odoo. Only the columns that the plan names are read, and never one that may hold a secret.

    The account comes from the environment: ``<env>_LOGIN`` and ``<env>_PASSWORD`` or ``<env>_API_KEY``.
    """

    __pydantic_config__: ClassVar = STRICT

    model: Annotated[Id, doc("Technical name of the model.", "sale.order.line")]
    url: Annotated[Text, doc("Address of the server, without user and password.", "https://erp.example.com")]
    database: Annotated[Text, doc("Name of the database.")]
    domain: Annotated[
        tuple[Any, ...] | None, doc("Only these rows, in the notation of Odoo.", [["state", "=", "sale"]])
    ] = None
    archived: Annotated[bool | None, doc("Whether archived rows are read too; default false.")] = None
    transport: Literal["auto", "jsonrpc", "json2"] | None = None
    env: Annotated[Text | None, Field(pattern="^[A-Z][A-Z0-9_]{0,60}$", description="Default RETAILCTL_ODOO.")] = None
    ca_bundle: Annotated[Text | None, Field(alias="ca-bundle", description="Certificates of a private CA.")] = None
    allow_plaintext: Annotated[bool | None, Field(alias="allow-plaintext")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, a folder, a pattern of files, a table or query of a database, or a model of an Odoo."""

    __pydantic_config__: ClassVar = STRICT

    csv: Annotated[Id | None, doc(_FILES, "exports/orders-*.csv")] = None
    tsv: Annotated[Id | None, doc(_FILES)] = None
    jsonl: Annotated[Id | None, doc(_FILES)] = None
    parquet: Annotated[Id | None, doc(_FILES, "lake/orders/*.parquet")] = None
    xlsx: Annotated[Id | None, doc(_FILES)] = None
    sqlite: Annotated[Id | None, doc("A database file, relative to the workspace.")] = None
    duckdb: Annotated[Id | None, doc("A database file, relative to the workspace.")] = None
    postgres: Annotated[
        Id | None, doc("Environment variable with the address of the server; never the address.", "LEGACY_PG")
    ] = None
    adbc: Annotated[Id | None, doc("Environment variable with the driver and its address.", "LEGACY_ADBC")] = None
    odoo: OdooModel | None = None
    table: Annotated[Id | None, doc("Table or view of a database.", "sales.order_line")] = None
    query: Annotated[Text | None, doc("Query of a database; reads only.")] = None
    sheet: Annotated[Id | None, doc("Sheet of a workbook; default: the first.")] = None
    delimiter: Annotated[Text | None, Field(min_length=1, max_length=4, description="Between columns.")] = None
    quote: Annotated[Text | None, Field(max_length=1, description="Around a value; empty = never quoted.")] = None
    escape: Annotated[Text | None, Field(max_length=1, description="Before a quote inside quotes.")] = None
    encoding: Annotated[Literal["utf-8", "utf-16", "latin-1", "cp1252"] | None, doc("Default utf-8.")] = None
    header: Annotated[bool | None, doc("Whether the first line names the columns; default true.")] = None
    columns: Annotated[Texts | None, doc("Names of the columns, where no line has them.")] = None
    skip: Annotated[int | None, Field(ge=0, description="Lines before the header.")] = None
    null: Annotated[Text | None, doc("Text that stands for no value; default: only an empty field.")] = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are given; a plan is right with exactly one."""
        return tuple(kind for kind in SOURCE_KINDS if getattr(self, kind) is not None)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.kinds[0]

    @property
    def where(self) -> str:
        """The path, the name of the variable with the address, or the model and its database."""
        if self.odoo is not None and self.kind == "odoo":
            return f"{self.odoo.model} of {self.odoo.database}"
        return str(getattr(self, self.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The two sides."""

    __pydantic_config__: ClassVar = STRICT

    legacy: Source
    new: Source
