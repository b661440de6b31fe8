"""CON-14: who creates an order or a payment says under which number the source knows it."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.contract_facts import ContractDocument, OperationFact
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import api_documents, base_of, judged
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per API document of the domains that creates something.

    Params: ``domains`` (domain -> names of the field that may hold the number of the source).
    """
    domains = {name: frozenset(fields) for name, fields in context.params["domains"].items()}
    for document in api_documents(context):
        if document.domain is None:
            yield Outcome(decision="unknown", missing="domain in contract.yaml", **base_of(document))
        elif document.domain in domains:
            creating = [operation for operation in document.operations if _creates(operation)]
            if creating or document.problem or document.unresolved:
                yield _judge(document, creating, domains[document.domain])


def _creates(operation: OperationFact) -> bool:
    """A POST on a collection; one that names a record in its path is about something that exists."""
    return operation.method == "POST" and "{" not in operation.path and operation.body != "none"


def _judge(document: ContractDocument, creating: list[OperationFact], names: frozenset[str]) -> Outcome:
    wrong = [(one.name, one.place) for one in creating if not names & set(one.required_fields)]
    return judged(document, wrong, "{} without a required number of the source (" + ", ".join(sorted(names)) + ")")
