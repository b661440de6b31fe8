"""CON-09: a contract speaks of the business, not of the tables of the application behind it."""

from __future__ import annotations

import fnmatch
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from retailctl.graph.estate_graph import provider_of
from retailctl.model.contract_facts import ContractDocument, FieldFact, Place
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import api_documents, at, base_of, judged
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per API document.

    Params: ``fields`` (patterns of names that belong to the application), ``paths`` (the same for path segments),
    ``keys`` (pattern of names that hold a key of the database) and ``systems`` (whose numbers are such keys).
    """
    params = context.params
    fields = re.compile("|".join(f"(?:{pattern})" for pattern in params["fields"]))
    paths = re.compile("|".join(f"(?:{pattern})" for pattern in params["paths"]))
    keys = re.compile(params["keys"])
    providers = _providers(context)
    for document in api_documents(context):
        named = {name for name in (document.provider, *providers[document.path]) if name}
        raw = any(fnmatch.fnmatchcase(name, pattern) for name in named for pattern in params["systems"])
        wrong = [(field.name, field.place) for field in document.fields if _technical(field, fields, keys, raw=raw)]
        numbers = () if named else (f for f in document.fields if _technical(f, fields, keys, raw=True))
        wrong = [*_segments(document, paths), *wrong]
        first = None if wrong else next(iter(numbers), None)
        if first is None:
            yield judged(document, wrong, "names of the application, not the business: {}")
        else:
            missing, where = f"interface.provider: whose number {first.name} is", (at(first.place),)
            yield Outcome(decision="unknown", missing=missing, locations=where, **base_of(document))


def _technical(field: FieldFact, names: re.Pattern[str], keys: re.Pattern[str], *, raw: bool) -> bool:
    """A name of the application; a key with its label in a pair (many2one); or a number of the database."""
    if names.fullmatch(field.name):
        return True
    if not keys.fullmatch(field.name):
        return False
    pair = "array" in field.types and {"integer", "string"} <= set(field.item_types)
    number = "integer" in field.types or (field.types == ("array",) and field.item_types == ("integer",))
    return pair or (raw and number)


def _segments(document: ContractDocument, paths: re.Pattern[str]) -> Iterator[tuple[str, Place]]:
    for operation in document.operations:
        if any(paths.fullmatch(segment) for segment in operation.path.split("/")):
            yield operation.name, operation.place


def _providers(context: CheckContext) -> Mapping[str, set[str]]:
    """Path of a contract -> providers of the interfaces under it."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in context.estate.of("interface").values():
        provider = provider_of(entry.noun)
        if entry.noun.contract and provider:
            found[entry.noun.contract].add(provider)
    return found
