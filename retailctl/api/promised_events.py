"""What ``contract.yaml`` says of the events of its contract, as statements."""

from __future__ import annotations

from typing import Final

from retailctl.model.contract_file import ContractFile
from retailctl.model.event_facts import Attribute, Statement
from retailctl.model.places import Place

_FIELDS: Final[tuple[tuple[str, Attribute], ...]] = (
    ("kind", "kind"),
    ("ordering", "ordering"),
    ("partition_key", "partition_key"),
    ("idempotency", "idempotency"),
    ("retention", "retention"),
    ("replay", "replay"),
    ("dlq", "dead_letter"),
)


def promised_events(promise: ContractFile, path: str) -> tuple[Statement, ...]:
    """The statements of a ``contract.yaml`` at ``path``: its block ``event``, then its owner, as a default.

    Whoever answers for the contract need not answer for each event in it.
    """
    said = [
        Statement(
            attribute=attribute,
            values=(value,),
            source="contract.yaml",
            place=Place(path=path, pointer=f"/event/{name}"),
        )
        for name, attribute in _FIELDS
        if promise.event is not None and (value := getattr(promise.event, name))
    ]
    if promise.owner:
        place = Place(path=path, pointer="/owner")
        said.append(
            Statement(attribute="owner", values=(promise.owner,), source="contract.yaml", place=place, default=True)
        )
    return tuple(said)
