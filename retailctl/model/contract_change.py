"""What a finding about a contract says beside the common part: who sends what, a proof, and whom it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from retailctl.model.compatibility import Compatibility

Direction = Literal["request", "response", "none"]
Uses = Literal["yes", "no", "unknown"]
Role = Literal["consumer", "producer"]
Bump = Literal["major", "minor", "patch", "none"]


@dataclass(frozen=True, slots=True)
class AffectedOperation:
    """One operation that a change reaches, and where in it (``200 application/json``, ``query limit``)."""

    operation: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWitness:
    """A concrete case that one side accepts and the other refuses, checked before it is shown.

    ``kind`` "instance" is a JSON value of the ``place`` named (a body, a parameter); "request" is what a client sends.
    ``pointer`` is the offending part of the instance; ``error`` says why it is refused.
    """

    kind: Literal["instance", "request"]
    value: Any
    place: str
    accepted_by: Literal["old", "new"]
    rejected_by: Literal["old", "new"]
    error: str
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedConsumer:
    """One consumer of the interface behind the operations. ``uses`` is whether it uses the changed part, as declared
    or observed (``evidence`` says which); ``wave`` is the migration wave it moves in. ``role`` is "producer" for a
    system that sends the messages of an event contract."""

    system: str
    interface: str
    owner: str | None = None
    wave: str | None = None
    processes: tuple[str, ...] = ()
    version: str | None = None
    uses: Uses = "unknown"
    evidence: str = ""
    role: Role = "consumer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """``operation`` is the first of ``operations``; ``no_witness`` says why there is none for a breaking change.

    ``old`` and ``new`` are the values that differ, as text. ``consumers_known`` is False without an inventory, or when
    no interface names the contract: then an empty ``consumers`` says nothing. ``content_model`` names the verdicts
    under both models where they differ.
    """

    direction: Direction = "none"
    operation: str = ""
    operations: tuple[AffectedOperation, ...] = ()
    area: str = ""
    kind: str = ""
    action: str = ""
    contract: str | None = None
    old: str = ""
    new: str = ""
    witness: ChangeWitness | None = None
    no_witness: str = ""
    consumers: tuple[AffectedConsumer, ...] = ()
    consumers_known: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingVerdict:
    """Whether one side can read what the other writes: "backward" is the new side reading data of the old one.

    ``content_model`` is "" for languages in which nothing can be written that the schema does not declare.
    """

    reading: Literal["backward", "forward"]
    compatible: bool | None
    content_model: Literal["", "declared", "all"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVerdict:
    """What a comparison comes to. ``compatible`` is None when something could not be decided and nothing breaks.

    ``mode`` is the compatibility mode that events and schemas were held against, None where there is none; ``readings``
    are all that a mode can ask for.
    """

    compatible: bool | None
    required_bump: Bump
    declared_bump: Bump | None = None
    base: str = ""
    revision: str = ""
    mode: Compatibility | None = None
    readings: tuple[ReadingVerdict, ...] = ()
    contracts: tuple[ComparedContract, ...] = ()
    sets: tuple[ContractSet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSet:
    """Contracts on one business object, and the version step that the worst of them asks for."""

    name: str
    required_bump: Bump
    contracts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedContract:
    """One contract of ``contract check``: the versions compared and what came of it."""

    contract: str
    base: str
    revision: str
    path: str
    compatible: bool | None
    required_bump: Bump
    declared_bump: Bump | None = None
    breaking: int = 0
    unknown: int = 0
    mode: Compatibility | None = None
