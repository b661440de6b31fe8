"""The JSON Schemas of the specifications, taken as data from the installed openapi-spec-validator (Apache-2.0).

The package itself is not imported: that would cost 220 ms. The schema of 3.1 and 3.2 leaves Schema Objects open; they
are checked with the meta-schema of JSON Schema 2020-12, which jsonschema-rs brings along.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from retailctl.errors import RetailctlError

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_PACKAGE: Final = "openapi_spec_validator"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def metaschema_validator(version: str) -> Validator:
    """The validator of whole documents for "2.0", "3.0", "3.1" or "3.2"; compiled once per process."""
    import jsonschema_rs

    schema = read_metaschema(version)
    linear = jsonschema_rs.RegexOptions()
    if version in ("2.0", "3.0"):
        return jsonschema_rs.Draft4Validator(schema, pattern_options=linear, validate_formats=False, offline=True)
    identifier = schema["$id"]
    with_dialect = {
        "$id": f"urn:retailctl:openapi-{version}",
        "$ref": identifier,
        "$defs": {"schema": {"$dynamicAnchor": "meta", "$ref": _DIALECT}},
    }
    registry = jsonschema_rs.Registry([(identifier, schema)])
    return jsonschema_rs.Draft202012Validator(
        with_dialect, registry=registry, pattern_options=linear, validate_formats=False, offline=True
    )


@cache
def read_metaschema(version: str) -> dict[str, Any]:
    """The JSON Schema of a specification as it was published. Not to be changed."""
    spec = find_spec(_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise RetailctlError(f"{_PACKAGE} is not installed", hint=f"pip install {_PACKAGE.replace('_', '-')}")
    path = Path(next(iter(places)), "resources", "schemas", f"v{version}", "schema.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
