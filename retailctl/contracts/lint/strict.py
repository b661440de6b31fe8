"""``--strict``: what openapi-spec-validator adds to our own passes, made safe.

Left alone it follows any reference, reads settings from the environment, runs patterns of the document in Python's
``re``, recurses along references and shows whole documents in its messages. Therefore the class is chosen here and
never detected, it runs only on documents without references to the outside, handlers deny whatever would still leave
the document, the passes that need settings or run patterns are replaced, and of an error only kind and place are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NoReturn

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.fanout import is_too_large
from retailctl.contracts.references.pointers import join_pointer

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

MOST: Final = 100
"""Facts; what is beyond is not listed."""

_OPERATIONS: Final = 2_500
_SCHEMAS: Final = 40_000
"""The validator keeps what it has seen in lists: its time grows with the square of these."""

_KINDS: Final = {
    "DuplicateOperationIDError": "the rule that operation ids are unique",
    "ExtraParametersError": "the rule that required names are declared",
    "ParameterDuplicateError": "the rule that parameters are unique",
    "UnresolvableParameterError": "the rule that path parameters are defined",
}


_OURS: Final = {
    "DuplicateOperationIDError": {"operation-id-duplicate"},
    "ParameterDuplicateError": {"parameter-duplicate"},
    "UnresolvableParameterError": {"path-parameter-undefined", "path-parameter-unused"},
}
"""Errors that our own passes tell with the exact place; they are not repeated."""


class Denied(Exception):
    """The validator asked for something outside the document."""


def check_strictly(context: Context, known: Iterable[LintFact]) -> tuple[LintFact, ...]:
    """Facts of the validator, or one fact that says why it was not run on this document, or not to the end."""
    place = (context.library.root_path, "")
    reason = _reason_to_skip(context, known)
    if reason:
        return (fact("strict-skipped", place, reason=reason),)
    found: dict[LintFact, None] = {}
    try:
        ours = {one.id for one in known}
        for pointer, error in _errors(context):
            if ours & _OURS.get(type(error).__name__, set()):
                continue
            found[_fact(context, pointer, error)] = None
            if len(found) >= MOST:
                break
    except RecursionError:
        found[fact("strict-skipped", place, reason="references nest deeper than it can follow")] = None
    except Exception as error:  # noqa: BLE001 - it may fail in any way; the type is all that may be shown
        found[fact("strict-skipped", place, reason=f"it failed on this document ({type(error).__name__})")] = None
    return tuple(found)


def _reason_to_skip(context: Context, known: Iterable[LintFact]) -> str:
    ids = {fact.id for fact in known}
    if any(id.startswith("reference-") and id != "reference-in-example" for id in ids):
        return "references of the document have problems"
    if any(id.startswith("structure-") for id in ids):
        return "the document does not have the structure that its specification asks for"
    every = (reference for section in context.sections for reference in section.references)
    if len(context.sections) > 1 or any(not reference.text.startswith("#") for reference in every):
        return "the document refers to other documents or to identifiers"
    if len(context.outline.operations) > _OPERATIONS or len(context.schemas) > _SCHEMAS:
        return "the document is too large for it"
    return "schemas refer to themselves, or expand to more than the limit" if is_too_large(context) else ""


def _fact(context: Context, pointer: str, error: ValidationError) -> LintFact:
    below = join_pointer(tuple(str(step) for step in error.absolute_path))
    kind = _KINDS.get(type(error).__name__) or f"the keyword {error.validator or 'schema'}"
    return fact("strict-deviation", (context.library.root_path, pointer + below), keyword=kind)


def _errors(context: Context) -> Iterator[tuple[str, ValidationError]]:
    """Errors with the pointer of what they are about, of all passes but the first one, the metaschema, which ours did.

    Asking the keyword validators directly also leaves out a cache that would keep every document for the process.
    """
    from jsonschema_path.paths import SchemaPath
    from openapi_spec_validator.validation import validators
    from openapi_spec_validator.validation.registries import KeywordValidatorRegistry

    version = context.version
    name = "OpenAPIV2SpecValidator" if version.family == "swagger" else f"OpenAPIV3{version.minor}SpecValidator"
    keywords = {**getattr(validators, name).keyword_validators, "default": _NoDefaults}
    places = {id(place.schema): place.pointer for place in context.schemas}
    places.update((id(operation.value), operation.pointer) for operation in context.outline.operations)
    pointers: dict[int, str] = {}
    for key in ("schema", "operation"):
        keywords[key] = _placing(keywords[key], places, pointers)
    root: Any = context.outline.root
    deny: Any = _DenyAll(dict.fromkeys(("http", "https", "file", "<all_urls>"), _deny))
    path = SchemaPath.from_dict(root, base_uri="", handlers=deny, resolved_cache_maxsize=0)
    registry: Any = KeywordValidatorRegistry(keywords)
    for error in registry["__root__"](path):
        yield pointers.get(id(error), ""), error


def _placing(base: Any, places: dict[int, str], pointers: dict[int, str]) -> Any:
    """The keyword validator, noting for each error which schema or operation it is about: errors do not say it.

    ``places`` holds pointers by the identity of values, ``pointers`` receives them by the identity of errors.
    """

    class Placing(base):  # type: ignore[misc]  # the class is chosen by the version
        def __call__(self, *args: Any, **options: Any) -> Iterator[ValidationError]:
            known = (places.get(id(arg.read_value())) for arg in args if hasattr(arg, "read_value"))
            pointer = next((place for place in known if place is not None), None)
            for error in super().__call__(*args, **options):
                if pointer is not None:
                    pointers.setdefault(id(error), pointer)
                yield error
                pointers.pop(id(error), None)  # another error may get the same identity

    return Placing


def _deny(uri: object) -> NoReturn:
    raise Denied


class _DenyAll(dict[str, Callable[[object], NoReturn]]):
    """A handler for every scheme: the library opens the address itself when it finds none ("<all_urls>" is no help)."""

    def __contains__(self, scheme: object) -> bool:
        """There is one for any scheme, and for none."""
        return True

    def __missing__(self, scheme: str) -> Callable[[object], NoReturn]:
        """The one that denies."""
        return _deny


class _NoDefaults:
    """In place of the check of defaults, which runs patterns without a bound on time; ours does it."""

    def __init__(self, registry: object) -> None:
        """As the registry of the validator calls it."""

    def __call__(self, schema: object, value: object) -> Iterator[ValidationError]:
        """Nothing to say about any default."""
        return iter(())
