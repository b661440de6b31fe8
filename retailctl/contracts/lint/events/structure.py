"""The structure of an AsyncAPI document, or of a JSON Schema, against the schema of what it follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.events.metaschema import event_metaschema, event_validator
from retailctl.contracts.lint.facts import LintFact
from retailctl.contracts.lint.structure import Metaschema, deviations

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_DRAFTS: Final[Mapping[str, str]] = {
    "draft-04": "http://json-schema.org/draft-04/schema#",
    "draft-06": "http://json-schema.org/draft-06/schema#",
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}


def check(context: EventContext) -> Iterator[LintFact]:
    """What the specification does not allow, in the root document."""
    version = context.specification.version
    metaschema = Metaschema(event_validator(version), event_metaschema(version))
    yield from deviations(metaschema, context.root, context.library.root_path)


def check_schema(context: Context) -> Iterator[LintFact]:
    """What the meta-schema of its draft does not allow in a JSON Schema."""
    path = context.library.root_path
    metaschema = Metaschema(_draft_validator(context.version.text), {})
    yield from deviations(metaschema, context.library.data(path), path)


@cache
def _draft_validator(draft: str) -> Validator:
    import jsonschema_rs

    kind = {
        "draft-04": jsonschema_rs.Draft4Validator,
        "draft-06": jsonschema_rs.Draft6Validator,
        "draft-07": jsonschema_rs.Draft7Validator,
        "2019-09": jsonschema_rs.Draft201909Validator,
        "2020-12": jsonschema_rs.Draft202012Validator,
    }[draft]
    linear = jsonschema_rs.RegexOptions()
    return kind({"$ref": _DRAFTS[draft]}, pattern_options=linear, validate_formats=False, offline=True)
