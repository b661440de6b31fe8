"""CON-12: contracts of one domain that promise nearly the same fields are merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import ceil

from retailctl.errors import Location
from retailctl.model.contract_facts import ContractDocument
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import api_documents, base_of, title, undecided
from retailctl.policy.context import CheckContext

Fields = frozenset[str]


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per contract: it overlaps with one that comes before it (by path), or with none.

    Versions of one contract are meant to be alike: the newest stands for all. Params: ``similarity`` (shared fields as
    a part of all fields of both, names and types) and ``min_fields`` (fewer fields prove nothing).
    """
    similarity, fewest = float(context.params["similarity"]), int(context.params["min_fields"])
    latest: dict[str, ContractDocument] = {}
    for document in api_documents(context):
        latest[_line(document)] = document
    for documents in _by_domain(latest.values()).values():
        fields = {one.path: frozenset(f"{f.name}:{','.join(f.types)}" for f in one.fields) for one in documents}
        large = {path: names for path, names in fields.items() if len(names) >= fewest}
        by_path = {one.path: one for one in documents}
        nearest = _nearest(large, similarity)
        for document in documents:
            if document.path in nearest:
                other, share = nearest[document.path]
                yield _overlap(document, by_path[other], share, len(fields[document.path] & fields[other]))
            else:
                yield undecided(document) or _alone(document)


def _line(document: ContractDocument) -> str:
    """What the versions of one document have in common: all but the folder of the version."""
    folders, _, name = document.path.rpartition("/")
    return f"{folders.rpartition('/')[0]}/{name}"


def _by_domain(documents: Iterable[ContractDocument]) -> dict[str, list[ContractDocument]]:
    found: dict[str, list[ContractDocument]] = defaultdict(list)
    for document in documents:
        found[document.domain or ""].append(document)
    return found


def _nearest(fields: Mapping[str, Fields], similarity: float) -> dict[str, tuple[str, float]]:
    """Path -> the most similar one before it, with the Jaccard index of the two, where it reaches ``similarity``.

    Sets that alike share one of their rarest members: with the members in order of rarity, one of the first
    ``n - ceil(similarity * n) + 1`` of each. So only sets that meet there are compared (prefix filtering).
    """
    count = Counter(name for names in fields.values() for name in names)
    meeting: dict[str, list[str]] = defaultdict(list)
    found: dict[str, tuple[str, float]] = {}
    for path in sorted(fields):
        names = fields[path]
        prefix = sorted(names, key=lambda name: (count[name], name))[: len(names) - ceil(similarity * len(names)) + 1]
        for other in sorted({other for name in prefix for other in meeting[name]}):
            shared = len(names & fields[other])
            share = shared / (len(names) + len(fields[other]) - shared)
            if share >= similarity and (path not in found or share > found[path][1]):
                found[path] = other, share
        for name in prefix:
            meeting[name].append(path)
    return found


def _alone(document: ContractDocument) -> Outcome:
    """Nothing overlaps; without a domain nobody can say so."""
    if document.domain is not None:
        return Outcome(decision="pass", **base_of(document))
    where = (Location(document.path, 1, 1),)
    return Outcome(decision="unknown", missing="domain in contract.yaml", locations=where, **base_of(document))


def _overlap(document: ContractDocument, other: ContractDocument, share: float, shared: int) -> Outcome:
    return Outcome(
        decision="fail",
        message=f"{title(document)} and {title(other)} share {shared} fields ({share:.0%} of both): one would do",
        locations=(Location(document.path, 1, 1),),
        evidence=(Evidence(f"{title(other)} is the other one", Location(other.path, 1, 1)),),
        **base_of(document),
    )
