"""Security requirements: schemes that are not defined, scopes that no flow declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.references.pointers import escape


def check(context: Context) -> Iterator[LintFact]:
    """Source: Security Requirement Object. From 3.2 on a requirement may name a scheme by its address."""
    schemes = _schemes(context)
    root_path = context.library.root_path
    yield from _requirements(context, schemes, root_path, "", context.outline.root)
    for operation in context.outline.operations:
        yield from _requirements(context, schemes, operation.path, operation.pointer, operation.value)


def _requirements(
    context: Context, schemes: Mapping[str, object], path: str, pointer: str, holder: Mapping[str, object]
) -> Iterator[LintFact]:
    requirements = holder.get("security")
    for index, requirement in enumerate(requirements if isinstance(requirements, list) else ()):
        for name, scopes in mapping(requirement).items():
            place = (path, f"{pointer}/security/{index}/{escape(name)}")
            if name not in schemes:
                if context.version.minor < 2 or not any(mark in name for mark in "/:#"):
                    yield fact("security-scheme-unknown", place, name=name)
                continue
            declared = _scopes(schemes[name])
            for scope in scopes if declared is not None and isinstance(scopes, list) else ():
                if isinstance(scope, str) and declared is not None and scope not in declared:
                    yield fact("security-scope-undeclared", place, scope=scope, name=name)


def _schemes(context: Context) -> dict[str, object]:
    root, path = context.outline.root, context.library.root_path
    if context.version.family == "swagger":
        return mapping(root.get("securityDefinitions"))
    named = mapping(mapping(root.get("components")).get("securitySchemes"))
    prefix = "/components/securitySchemes/"
    return {name: context.outline.resolve(value, path, prefix + escape(name))[2] for name, value in named.items()}


def _scopes(scheme: object) -> set[str] | None:
    """The scopes that an OAuth 2 scheme declares; None for schemes that have none."""
    content = mapping(scheme)
    if content.get("type") != "oauth2":
        return None
    flows = [content, *map(mapping, mapping(content.get("flows")).values())]
    return {scope for flow in flows for scope in mapping(flow.get("scopes"))}
