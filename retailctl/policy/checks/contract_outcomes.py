"""What the checks on contract documents share: which documents there are, and how an outcome about one looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.model.contract_facts import ContractDocument, Place
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_MOST_NAMED = 10
_MOST_PLACES = 20


def api_documents(context: CheckContext) -> Iterator[ContractDocument]:
    """The API documents that are in force, by path."""
    known = context.estate.documents
    for subject in context.of("contract"):
        yield known[subject.id]


def base_of(document: ContractDocument) -> dict[str, Any]:
    """Subject, owner and domain of an outcome about a document."""
    return {"subject": document.path, "owner": document.owner, "domain": document.domain}


def title(document: ContractDocument) -> str:
    """``orders-api v2``."""
    return " ".join(filter(None, (document.contract, document.version)))


def at(place: Place) -> Location:
    """The place in the form of findings; its line is worked out later."""
    return Location(place.path, pointer=place.pointer)


def judged(document: ContractDocument, wrong: list[tuple[str, Place]], text: str, *, lacks: bool = False) -> Outcome:
    """Fail with the names of what is wrong; unknown when the document could not be followed to its end; else pass.

    ``text`` has ``{}`` where the names go. ``lacks``: wrong is what lacks something, which may stand behind a reference
    that leads nowhere.
    """
    if wrong and not (lacks and document.unresolved):
        return Outcome(
            decision="fail",
            message=f"{title(document)}: {text.format(named([name for name, _ in wrong]))}",
            locations=tuple(at(place) for _, place in wrong[:_MOST_PLACES]),
            evidence=tuple(Evidence(name, at(place)) for name, place in wrong[1:_MOST_PLACES]),
            **base_of(document),
        )
    return undecided(document) or Outcome(decision="pass", **base_of(document))


def undecided(document: ContractDocument) -> Outcome | None:
    """Unknown for a document that could not be read, or not to its end; None for one that could."""
    if document.problem:
        missing, where = f"the document: {document.problem}", Location(document.path, 1, 1)
        return Outcome(decision="unknown", missing=missing, locations=(where,), **base_of(document))
    if document.unresolved:
        first = document.unresolved[0]
        return Outcome(decision="unknown", missing=first.reason, locations=(at(first.place),), **base_of(document))
    return None


def named(names: list[str]) -> str:
    """The names, the first ten of them."""
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - _MOST_NAMED
    return ", ".join(distinct[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
