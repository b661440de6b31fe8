"""Security requirements of AsyncAPI 2.x, which name schemes; in 3.x they are references."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Security Requirement Object."""
    if context.specification.major != 2:
        return
    schemes = mapping(mapping(context.root.get("components")).get("securitySchemes"))
    for holder in context.things("server", "operation", "operationTrait"):
        listed = holder.value.get("security")
        for index, requirement in enumerate(listed if isinstance(listed, list) else ()):
            for name, scopes in mapping(requirement).items():
                at = holder.below("security", index, name)
                if name not in schemes:
                    yield fact("security-scheme-unknown", at, name=name)
                    continue
                declared = _scopes(context, schemes[name], name)
                for scope in scopes if declared is not None and isinstance(scopes, list) else ():
                    if isinstance(scope, str) and scope not in (declared or ()):
                        yield fact("security-scope-undeclared", at, scope=scope, name=name)


def _scopes(context: EventContext, scheme: object, name: str) -> set[str] | None:
    """The scopes that an OAuth 2 scheme declares; None for schemes that have none."""
    place = (context.library.root_path, f"/components/securitySchemes/{name}")
    content = mapping(context.resolve(*place, scheme)[2])
    if content.get("type") != "oauth2":
        return None
    return {scope for flow in mapping(content.get("flows")).values() for scope in mapping(mapping(flow).get("scopes"))}
