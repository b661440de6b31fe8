"""EVT-11: webhooks are authenticated by their sender and cannot be replayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from retailctl.model.contract_facts import ContractDocument, OperationFact
from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import at, named, title
from retailctl.policy.context import CheckContext

_SIGNED: Final = frozenset({"mutualTLS", "httpSignature"})


class _Names(NamedTuple):
    """Which headers and fields hold a signature, and which show that a call is new."""

    signatures: re.Pattern[str]
    freshness: re.Pattern[str]


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per interface that is a webhook, or whose pattern is not stated and may be one.

    Signed: each alternative of the security of the operation has a scheme that signs (its name or header, mutual TLS),
    or a header does. Fresh: a header or field with time or nonce. Params: ``signatures`` and ``freshness``, patterns of
    names.
    """
    params = context.params
    names = _Names(*(re.compile(params[name], re.IGNORECASE) for name in ("signatures", "freshness")))
    for entry in context.estate.of("interface").values():
        interface: Interface = entry.noun
        if interface.pattern == "webhook":
            yield _judge(entry, names, context)
        elif interface.pattern is None and _may_be_called(interface):
            yield _unknown(entry, "interface.pattern")


def _may_be_called(interface: Interface) -> bool:
    """Whether it may be a webhook: nobody says what it is, and it is posted to over HTTP."""
    if interface.key is None:
        return interface.mode in (None, "async")
    return interface.key.protocol == "http" and getattr(interface.key, "method", None) in (None, "POST", "post")


def _judge(entry: Entry, names: _Names, context: CheckContext) -> Outcome:
    interface: Interface = entry.noun
    document = context.estate.documents.get(interface.contract or "")
    if document is None:
        return _unknown(entry, "the contract document" if interface.contract else "interface.contract")
    own = _named_operations(document, interface)
    operations = own or _possible_operations(document)
    if document.problem or not operations:
        return _unknown(entry, document.problem or "the webhook in its contract")
    open_ = [one for one in operations if not _signed(one, document, names)]
    stale = [one for one in operations if not _fresh(one, document, names)]
    wrong = list(dict.fromkeys([*open_, *stale]))
    if not wrong:
        return Outcome(decision="pass", **_base(entry))
    if document.unresolved:
        return _unknown(entry, document.unresolved[0].reason)
    if not own and len(wrong) < len(operations):
        return _unknown(entry, "interface.key: which operation it is")
    lacks = " and ".join(word for word, found in (("no signature", open_), ("no time stamp or nonce", stale)) if found)
    return Outcome(
        decision="fail",
        message=f"{entry.id} takes calls with {lacks}: {title(document)} {named([one.name for one in wrong])}",
        locations=(context.place(entry.id, "contract"), *(at(one.place) for one in wrong[:5])),
        **_base(entry),
    )


def _named_operations(document: ContractDocument, interface: Interface) -> list[OperationFact]:
    """The operation that the key names; empty when it names none of the document."""
    method, address = getattr(interface.key, "method", None), getattr(interface.key, "address", None)
    return [
        operation
        for operation in document.operations
        if method and address and operation.method == method.upper() and address.endswith(operation.path)
    ]


def _possible_operations(document: ContractDocument) -> list[OperationFact]:
    """What a webhook may be: what the provider announces to send, and all that is posted to it."""
    announced = {*document.callbacks, *(one for one in document.operations if one.webhook)}
    posted = [one for one in document.operations if one.method == "POST" or one in announced]
    return [*document.callbacks, *posted]


def _signed(operation: OperationFact, document: ContractDocument, names: _Names) -> bool:
    if any(names.signatures.search(header) for header in operation.request_headers):
        return True
    schemes = {name for name, kind in document.schemes if kind in _SIGNED or names.signatures.search(name)}
    schemes |= {name for name, header in document.scheme_headers if names.signatures.search(header)}
    alternatives = operation.security or ()
    return bool(alternatives) and all(schemes & set(alternative) for alternative in alternatives)


def _fresh(operation: OperationFact, document: ContractDocument, names: _Names) -> bool:
    used = {name for alternative in operation.security or () for name in alternative}
    headers = [header for name, header in document.scheme_headers if name in used]
    told = (*operation.request_headers, *headers, *operation.body_fields)
    return any(names.freshness.search(name.replace("_", "-")) for name in told)


def _base(entry: Entry) -> dict[str, Any]:
    return {"subject": entry.id, "owner": entry.noun.owner, "domain": entry.noun.domain}


def _unknown(entry: Entry, missing: str) -> Outcome:
    return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **_base(entry))
