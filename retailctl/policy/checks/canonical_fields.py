"""CON-10: the fields of a contract are those of the canonical model of its domain, and each has a term."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.model.contract_facts import ContractDocument, FieldFact, Place
from retailctl.model.estate import Entry
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import api_documents, at, named, title, undecided
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per domain that has an API contract.

    A field maps to the canonical model by its name (any spelling) or by ``x-canonical``. Params: ``technical`` (names
    that carry no business meaning: paging, links).
    """
    technical = frozenset(map(_plain, context.params["technical"]))
    for id_, entry in context.estate.of("domain").items():
        documents = [document for document in api_documents(context) if document.domain == id_]
        if documents:
            yield _judge(entry, documents, technical, context)


def _judge(
    entry: Entry, documents: list[ContractDocument], technical: frozenset[str], context: CheckContext
) -> Outcome:
    base: dict[str, Any] = {"subject": entry.id, "domain": entry.id, "owner": entry.noun.owner}
    here = (context.place(entry.id, "canonical", kind="domain"),)
    if entry.noun.canonical is None:
        return Outcome(decision="unknown", missing="domain.canonical", locations=entry.origins[:1], **base)
    model = context.estate.documents.get(entry.noun.canonical)
    if model is None or model.problem or not model.fields:
        missing = f"the canonical model {entry.noun.canonical}"
        return Outcome(decision="unknown", missing=missing, locations=here, **base)
    terms = {_plain(field.name) for field in model.fields}
    wrong = [
        (f"{field.name} ({title(document)})", field.place)
        for document in documents
        for field in document.fields
        if not _mapped(field, terms) and _plain(field.name) not in technical
    ]
    if wrong:
        return _unmapped(wrong, entry, base)
    silent = sorted(field.name for field in model.fields if not field.described)
    if silent:
        message = f"the canonical model of {entry.id} has no term for {named(silent)}: describe them"
        return Outcome(decision="fail", message=message, locations=here, **base)
    open_ = next(filter(None, map(undecided, documents)), None)
    if open_ is not None:
        return Outcome(decision="unknown", missing=open_.missing, locations=open_.locations, **base)
    return Outcome(decision="pass", **base)


def _unmapped(wrong: list[tuple[str, Place]], entry: Entry, base: dict[str, Any]) -> Outcome:
    names = named([name for name, _ in wrong])
    return Outcome(
        decision="fail",
        message=f"not in the canonical model of {entry.id}: {names}",
        locations=tuple(at(place) for _, place in wrong[:20]),
        **base,
    )


def _mapped(field: FieldFact, terms: set[str]) -> bool:
    named_ = field.canonical.rpartition(".")[2] if field.canonical else field.name
    return _plain(named_) in terms


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
