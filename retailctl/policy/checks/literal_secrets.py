"""SEC-06: a secret in clear text in an artefact, or a credential that is kept in no vault."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.estate import LiteralSecret, Subject
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Decision, Outcome
from retailctl.policy.context import CheckContext
from retailctl.policy.findings import places

_NOWHERE = ("", "none")


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per secret found, and one per credential by where it is kept. The value is never shown."""
    for secret in context.estate.secrets:
        yield _found(context, secret)
    for credential in context.of("credential"):
        yield _kept(context, credential)


def _found(context: CheckContext, secret: LiteralSecret) -> Outcome:
    holders = (entries[secret.subject] for entries in context.estate.entries.values() if secret.subject in entries)
    noun = getattr(next(holders, None), "noun", None)
    return Outcome(
        subject=secret.subject,
        decision="fail",
        message=f"{secret.subject} has a {secret.kind} in clear text",
        locations=(secret.location,),
        evidence=(Evidence(f"a {secret.kind} stands in the file", secret.location),),
        pointer=secret.location.pointer or "literal",
        owner=getattr(noun, "owner", None),
        domain=getattr(noun, "domain", None),
    )


def _kept(context: CheckContext, credential: Subject) -> Outcome:
    vault = credential.fields.get("vault")
    decision: Decision = "unknown" if vault is None else "fail" if vault in _NOWHERE else "pass"
    return Outcome(
        subject=credential.id,
        decision=decision,
        message=f"credential {credential.id} is kept in no vault" if decision == "fail" else "",
        missing="credential.vault" if decision == "unknown" else "",
        locations=places(context.rule, credential),
        pointer="/vault",
        owner=credential.owner,
        domain=credential.domain,
    )
