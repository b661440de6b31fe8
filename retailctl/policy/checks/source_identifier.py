"""CON-14: who creates an order or a payment says under which number the source knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retailctl.model.contract_facts import ContractDocument, OperationFact
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import api_documents, at, base_of, judged, undecided
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per API document of the domains that creates orders or payments.

    Params: ``domains``; ``operations`` (pattern of the paths that create something; a POST on a path without a record
    in it); ``fields`` (names that may hold the number of the source).
    """
    params = context.params
    paths, names = re.compile(params["operations"]), frozenset(params["fields"])
    for document in api_documents(context):
        if document.domain is not None and document.domain not in params["domains"]:
            continue
        creating = [operation for operation in document.operations if _creates(operation, paths)]
        if document.domain is None and creating:
            where = (at(creating[0].place),)
            yield Outcome(decision="unknown", missing="domain in contract.yaml", locations=where, **base_of(document))
        elif creating:
            yield _judge(document, creating, names)
        elif (open_ := undecided(document)) is not None:
            yield open_


def _creates(operation: OperationFact, paths: re.Pattern[str]) -> bool:
    return operation.method == "POST" and "{" not in operation.path and paths.search(operation.path) is not None


def _judge(document: ContractDocument, creating: list[OperationFact], names: frozenset[str]) -> Outcome:
    wrong = [(one.name, one.place) for one in creating if not names & set(one.required_fields)]
    return judged(document, wrong, "{} without a required number of the source, such as source_order_id", lacks=True)
