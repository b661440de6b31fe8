"""CON-16: a field with data of people or accounts says what it is needed for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import api_documents, judged
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per API document.

    Params: ``fields`` (patterns of sensitive names), ``harmless`` (classes of x-pii and x-classification that need no
    purpose). A mark in the document decides before the name does.
    """
    names = re.compile("|".join(f"(?:{pattern})" for pattern in context.params["fields"]), re.IGNORECASE)
    harmless = frozenset(context.params["harmless"])
    for document in api_documents(context):
        wrong = [
            (field.name, field.place)
            for field in document.fields
            if not field.purpose
            and (field.sensitive not in harmless if field.sensitive is not None else bool(names.fullmatch(field.name)))
        ]
        yield judged(document, wrong, "{} without a purpose (x-purpose)")
