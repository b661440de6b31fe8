"""Waivers, baseline and settings as files: what a team writes to govern its findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from retailctl.model.fields import STRICT, Id, Text, Texts, doc
from retailctl.model.finding import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An accepted finding: who accepted it, why, and until when. It must expire."""

    __pydantic_config__: ClassVar = STRICT

    rule: Annotated[Id, doc("Rule id.", "SEC-01")]
    subject: Annotated[Id, doc("Subject of the finding, exact or a glob; * alone is refused.", "svc-pos")]
    reason: Id
    owner: Id
    approved_by: Annotated[Id, Field(alias="approved-by")]
    expires: Annotated[date, doc("Last valid day, inclusive.")]
    id: Annotated[Text | None, doc("By which reports cite it.", "wv-7")] = None
    compensating: Annotated[Text | None, doc("Control in place meanwhile.")] = None
    ticket: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiversFile:
    """``policies/waivers.yaml``."""

    __pydantic_config__: ClassVar = STRICT

    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFile:
    """``policies/baseline.json``: fingerprints of known findings, machine-written, one per line."""

    __pydantic_config__: ClassVar = STRICT

    schema: Literal["retailctl.baseline/v1"]
    as_of: date
    findings: Annotated[dict[str, str], doc("Fingerprint -> rule and subject, for the reader.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsSettings:
    """Limits on every file that is read (hostile.md section 3)."""

    __pydantic_config__: ClassVar = STRICT

    file_mib: Annotated[int | None, Field(alias="file-mib", ge=1, le=1024)] = None
    depth: Annotated[int | None, Field(ge=8, le=200)] = None
    nodes: Annotated[int | None, Field(ge=1000)] = None
    aliases: Annotated[int | None, Field(ge=0)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """One source of ``inventory scan``: files, or a server that is contacted only with ``--live ID``.

    There is no field for a secret: those come from the environment, a prompt or the keyring.
    """

    __pydantic_config__: ClassVar = STRICT

    id: Annotated[Id, doc("Name of the source, for --live and for reports.")]
    path: Annotated[Text | None, doc("File or folder, relative to the workspace.", "exports/kong.yaml")] = None
    kind: Annotated[Text | None, Field(alias="as", description="Reader, as in --as; by content when absent.")] = None
    system: Annotated[Text | None, doc("Host or system of files that do not say it.")] = None
    environment: Annotated[Text | None, doc("Environment that the files describe.", "prod")] = None
    env_file: Annotated[Text | None, Field(alias="env-file", description="NAME=value lines for ${NAME}.")] = None
    column_map: Annotated[Text | None, Field(alias="column-map", description="Columns of a register.")] = None
    live: Annotated[Literal["odoo"] | None, doc("Kind of a server.", "odoo")] = None
    url: Annotated[Text | None, doc("Address of a server, without user and password.")] = None
    database: Text | None = None
    transport: Literal["auto", "jsonrpc", "json2"] | None = None
    ca_bundle: Annotated[Text | None, Field(alias="ca-bundle", description="Certificates of a private CA.")] = None
    allow_plaintext: Annotated[bool | None, Field(alias="allow-plaintext")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """``retailctl.yaml``. Everything has a default; the file is optional."""

    __pydantic_config__: ClassVar = STRICT

    name: Annotated[Text | None, doc("Name of the estate, for reports.")] = None
    fail_on: Annotated[Literal["info", "warn", "error", "never"] | None, Field(alias="fail-on")] = None
    fail_on_unknown: Annotated[bool | None, Field(alias="fail-on-unknown")] = None
    packs: Annotated[Texts | None, doc("Rule packs: retailctl:standard, or files under policies/.")] = None
    severity: Annotated[dict[str, Severity | Literal["off"]] | None, doc("Severity per rule id.")] = None
    params: Annotated[dict[str, dict[str, Any]] | None, doc("Policy parameters per rule id.")] = None
    waiver_max_days: Annotated[int | None, Field(alias="waiver-max-days", ge=1)] = None
    limits: LimitsSettings | None = None
    sources: Annotated[
        tuple[SourceSettings, ...] | None, doc("Live or file sources of inventory scan; never contacted by audit.")
    ] = None
