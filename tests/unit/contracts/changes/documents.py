"""Every change that is not one of a schema as a pair of documents that differ in it alone."""

from __future__ import annotations

from typing import Any, Final

from tests.unit.contracts.changes.table import TEXT
from tests.unit.contracts.comparing import JSON, Raw, answer, body, header, openapi, operation, request, response, thing

Case = tuple[Raw, Raw, dict[str, Any]]
_NO_OPTIONS: Final[dict[str, Any]] = {}
PAST, SOON, LATER, NONE = "2026-01-01", "2026-11-25", "2027-11-25", "someday"
OASDIFF: Final = {"naming": "oasdiff"}
NOTICE: Final = {"days_stable": 30}


def _case(old: Raw, new: Raw, **options: Any) -> Case:
    return old, new, options or _NO_OPTIONS


def _gone(**parts: Any) -> Case:
    """An operation that leaves its path, on which another one stays."""
    stays = operation("post")["paths"]["/orders"]["post"]
    item = operation(**parts)["paths"]["/orders"]["get"]
    return _case(openapi({"/orders": {"get": item, "post": stays}}), openapi({"/orders": {"post": stays}}))


def _path_gone(**parts: Any) -> Case:
    return _case(operation(**parts), openapi())


def _op(old: Raw, new: Raw, **options: Any) -> Case:
    return _case(operation(**old), operation(**new), **options)


_OLD: Final[Raw] = {"deprecated": True}


def _until(sunset: str) -> Raw:
    return {**_OLD, "x-sunset": sunset}


OPERATIONS: Final[dict[str, Case]] = {
    "endpoint-added": _case(openapi(), operation()),
    "api-path-removed-without-deprecation": _path_gone(),
    "api-path-removed-with-deprecation": _path_gone(**_OLD),
    "api-path-removed-before-sunset": _path_gone(**_until(SOON)),
    "api-path-sunset-parse": _path_gone(**_until(NONE)),
    "api-removed-without-deprecation": _gone(),
    "api-removed-with-deprecation": _gone(**_OLD),
    "api-removed-before-sunset": _gone(**_until(SOON)),
    "endpoint-deprecated": _op({}, _OLD),
    "endpoint-deprecated-with-sunset": _op({}, _until(LATER), **NOTICE),
    "endpoint-reactivated": _op(_OLD, {}),
    "api-deprecated-sunset-missing": _op({}, _OLD, **NOTICE),
    "api-deprecated-sunset-parse": _op({}, _until(NONE)),
    "api-sunset-date-too-small": _op({}, _until(SOON), **NOTICE),
    "api-sunset-date-changed-too-small": _op(_until(LATER), _until(SOON), **NOTICE),
    "sunset-deleted": _op(_until(LATER), _OLD),
    "api-invalid-stability-level": _op({}, {"x-stability-level": "solid"}),
    "api-stability-decreased": _op({}, {"x-stability-level": "beta"}),
    "api-stability-increased": _op({"x-stability-level": "beta"}, {"x-stability-level": "stable"}),
    "api-operation-id-added": _op({}, {"operationId": "list"}),
    "api-operation-id-removed": _op({"operationId": "list"}, {}),
    "api-tag-added": _op({}, {"tags": ["a"]}),
    "api-tag-removed": _op({"tags": ["a"]}, {}),
    "operation-moved": _case(
        operation(path="/v1/orders", top={"servers": [{"url": "https://a.example"}]}),
        operation(path="/orders", top={"servers": [{"url": "https://a.example/v1"}]}),
    ),
    "api-schema-removed": _case(
        operation(top={"components": {"schemas": {"A": TEXT}}}), operation(top={"components": {"schemas": {}}})
    ),
    "document-version-changed": _case(operation(version="3.0.3"), operation(version="3.1.0")),
}


def _servers(*urls: str) -> Raw:
    return operation(top={"servers": [{"url": url} for url in urls]})


SERVERS: Final[dict[str, Case]] = {
    "base-path-changed": _case(_servers("https://a.example/v1"), _servers("https://a.example/v2")),
    "server-added": _case(_servers("https://a.example"), _servers("https://a.example", "https://b.example")),
    "server-removed": _case(_servers("https://a.example", "https://b.example"), _servers("https://a.example")),
    "server-host-changed": _case(_servers("https://a.example"), _servers("https://b.example")),
    "server-became-insecure": _case(_servers("https://a.example"), _servers("http://a.example")),
}


def _param(location: str = "query", name: str = "page", /, **more: Any) -> Raw:
    return {"parameters": [{"name": name, "in": location, "schema": TEXT, **more}]}


def _shared(**more: Any) -> Raw:
    one = {"name": "page", "in": "query", "schema": TEXT, **more}
    item = operation("get")["paths"]["/orders"]
    return openapi({"/orders": {**item, "post": item["get"], "parameters": [one]}})


_BOTH: Final = openapi({"/orders": {**operation("get")["paths"]["/orders"], **operation("post")["paths"]["/orders"]}})
_CONTENT: Final = {"parameters": [{"name": "page", "in": "query", "content": {JSON: {"schema": TEXT}}}]}
_OTHER: Final = {"parameters": [{"name": "page", "in": "query", "content": {"text/csv": {"schema": TEXT}}}]}
_BOTH_TYPES: Final = {
    "parameters": [{"name": "page", "in": "query", "content": {JSON: {"schema": TEXT}, "text/csv": {"schema": TEXT}}}]
}
_LIST: Final = {"type": "array", "items": TEXT}

PARAMETERS: Final[dict[str, Case]] = {
    "new-optional-request-parameter": _op({}, _param()),
    "new-required-request-parameter": _op({}, _param(required=True)),
    "new-optional-request-default-parameter-to-existing-path": _case(_BOTH, _shared()),
    "new-required-request-default-parameter-to-existing-path": _case(_BOTH, _shared(required=True)),
    "new-request-path-parameter": _case(
        operation(path="/orders/{id}", **_param("path", "id", required=True)),
        operation(path="/orders/{id}", parameters=[
            *_param("path", "id", required=True)["parameters"], *_param("path", "more", required=True)["parameters"]]),
    ),
    "path-parameter-renamed": _case(
        operation(path="/orders/{id}", **_param("path", "id", required=True)),
        operation(path="/orders/{order}", **_param("path", "order", required=True)),
    ),
    "request-parameter-removed": _op(_param(), {}),
    "request-parameter-removed-with-deprecation": _op(_param(deprecated=True), {}),
    "request-parameter-removed-before-sunset": _op(_param(**_until(SOON)), {}),
    "request-parameter-became-required": _op(_param(), _param(required=True)),
    "request-parameter-became-optional": _op(_param(required=True), _param()),
    "request-parameter-style-changed": _op(_param(schema=_LIST), _param(schema=_LIST, style="pipeDelimited")),
    "request-parameter-explode-changed": _op(_param(schema=_LIST), _param(schema=_LIST, explode=False)),
    "request-parameter-allow-reserved-added": _op(_param(), _param(allowReserved=True)),
    "request-parameter-allow-reserved-removed": _op(_param(allowReserved=True), _param()),
    "request-parameter-allow-empty-value-added": _op(_param(), _param(allowEmptyValue=True)),
    "request-parameter-allow-empty-value-removed": _op(_param(allowEmptyValue=True), _param()),
    "request-parameter-content-added": _op(_param(), _CONTENT),
    "request-parameter-content-removed": _op(_CONTENT, _param()),
    "request-parameter-content-media-type-added": _op(_CONTENT, _BOTH_TYPES),
    "request-parameter-content-media-type-removed": _op(_BOTH_TYPES, _CONTENT),
    "request-parameter-deprecated": _op(_param(), _param(**_OLD)),
    "request-parameter-deprecated-sunset-missing": _op(_param(), _param(**_OLD), **NOTICE),
    "request-parameter-reactivated": _op(_param(**_OLD), _param()),
    "request-parameter-sunset-parse": _op(_param(), _param(**_until(NONE))),
    "request-parameter-sunset-deleted": _op(_param(**_until(LATER)), _param(**_OLD)),
    "request-parameter-sunset-date-too-small": _op(_param(), _param(**_until(SOON)), **NOTICE),
    "request-parameter-sunset-date-changed-too-small": _op(
        _param(**_until(LATER)), _param(**_until(SOON)), **NOTICE),
}  # fmt: skip


def _statuses(*codes: str) -> Raw:
    return operation(responses={code: {"description": "x"} for code in codes})


def _content(kinds: Raw, **more: Any) -> Raw:
    return operation(responses={"200": {"description": "x", "content": kinds, **more}})


def _sent(kinds: Raw) -> Raw:
    return operation("post", requestBody={"content": kinds})


_NEITHER: Final[Raw] = operation(responses={"200": {"description": "x"}})
_LINK: Final = {"operationId": "other"}

BODIES: Final[dict[str, Case]] = {
    "request-body-added-required": _case(operation("post"), request(TEXT)),
    "request-body-added-optional": _case(operation("post"), operation("post", **body(TEXT, required=False))),
    "request-body-removed": _case(request(TEXT), operation("post")),
    "request-body-became-required": _case(operation("post", **body(TEXT, required=False)), request(TEXT)),
    "request-body-became-optional": _case(request(TEXT), operation("post", **body(TEXT, required=False))),
    "request-body-media-type-added": _case(_sent({JSON: {}}), _sent({JSON: {}, "text/csv": {}})),
    "request-body-media-type-removed": _case(_sent({JSON: {}, "text/csv": {}}), _sent({JSON: {}})),
    "request-body-media-type-schema-added": _case(_sent({JSON: {}}), _sent({JSON: {"schema": TEXT}})),
    "request-body-media-type-schema-removed": _case(_sent({JSON: {"schema": TEXT}}), _sent({JSON: {}})),
    "request-body-media-type-item-schema-added": _case(_sent({JSON: {}}), _sent({JSON: {"itemSchema": TEXT}})),
    "request-body-media-type-item-schema-removed": _case(_sent({JSON: {"itemSchema": TEXT}}), _sent({JSON: {}})),
    "request-body-encoding-changed": _case(
        _sent({"multipart/form-data": {"schema": thing(a=TEXT)}}),
        _sent({"multipart/form-data": {"schema": thing(a=TEXT), "encoding": {"a": {"contentType": "text/plain"}}}}),
    ),
    "response-success-status-added": _case(_statuses("200"), _statuses("200", "201")),
    "response-success-status-removed": _case(_statuses("200", "201"), _statuses("200")),
    "response-non-success-status-added": _case(_statuses("200"), _statuses("200", "404")),
    "response-non-success-status-removed": _case(_statuses("200", "404"), _statuses("200")),
    "response-media-type-added": _case(_content({JSON: {}}), _content({JSON: {}, "text/csv": {}})),
    "response-media-type-removed": _case(_content({JSON: {}, "text/csv": {}}), _content({JSON: {}})),
    "response-media-type-name-changed": _case(
        _content({"text/csv; header=present": {}}), _content({"text/csv; header=absent": {}})),
    "response-media-type-name-specialized": _case(_content({JSON: {}}), _content({"application/problem+json": {}})),
    "response-media-type-name-generalized": _case(_content({"application/problem+json": {}}), _content({JSON: {}})),
    "response-body-media-type-schema-added": _case(_content({JSON: {}}), _content({JSON: {"schema": TEXT}})),
    "response-body-media-type-schema-removed": _case(_content({JSON: {"schema": TEXT}}), _content({JSON: {}})),
    "response-body-media-type-item-schema-added": _case(_content({JSON: {}}), _content({JSON: {"itemSchema": TEXT}})),
    "response-body-media-type-item-schema-removed": _case(_content({JSON: {"itemSchema": TEXT}}), _content({JSON: {}})),
    "response-header-added": _case(_NEITHER, header(TEXT)),
    "optional-response-header-removed": _case(header(TEXT), _NEITHER),
    "required-response-header-removed": _case(header(TEXT, required=True), _NEITHER),
    "response-header-became-required": _case(header(TEXT), header(TEXT, required=True)),
    "response-header-became-optional": _case(header(TEXT, required=True), header(TEXT)),
    "response-link-added": _case(_content({}), _content({}, links={"next": _LINK})),
    "response-link-removed": _case(_content({}, links={"next": _LINK}), _content({})),
    "response-link-changed": _case(
        _content({}, links={"next": _LINK}), _content({}, links={"next": {"operationId": "third"}})),
}  # fmt: skip


def _hooks(**items: Raw) -> Raw:
    return openapi({}, webhooks=items)


def _hears(name: str = "paid", url: str = "{$request.body#/url}", **methods: Raw) -> Raw:
    return operation("post", callbacks={name: {url: methods}})


_HOOK: Final = {"responses": {"200": {"description": "x"}}}
HOOKS: Final[dict[str, Case]] = {
    "webhook-added": _case(_hooks(), _hooks(paid={"post": _HOOK})),
    "webhook-removed": _case(_hooks(paid={"post": _HOOK}), _hooks()),
    "callback-added": _case(operation("post"), _hears(post=_HOOK)),
    "callback-removed": _case(_hears(post=_HOOK), operation("post")),
    "callback-operation-added": _case(_hears(post=_HOOK), _hears(post=_HOOK, put=_HOOK)),
    "callback-operation-removed": _case(_hears(post=_HOOK, put=_HOOK), _hears(post=_HOOK)),
    "webhook-operation-added": _case(_hooks(paid={"post": _HOOK}), _hooks(paid={"post": _HOOK, "put": _HOOK})),
    "webhook-operation-removed": _case(_hooks(paid={"post": _HOOK, "put": _HOOK}), _hooks(paid={"post": _HOOK})),
}

KEY: Final = {"type": "apiKey", "in": "header", "name": "X-Key"}
BASIC: Final = {"type": "http", "scheme": "basic"}


def oauth(scopes: Raw, token: str = "https://a.example/token", url: str = "https://a.example/auth") -> Raw:
    """A scheme with one flow."""
    flow = {"authorizationUrl": url, "tokenUrl": token, "scopes": scopes}
    return {"type": "oauth2", "flows": {"authorizationCode": flow}}


def secured(*alternatives: Raw, whole: bool = False, **schemes: Raw) -> Raw:
    """A document whose operation asks for one of the alternatives; ``whole`` declares them for the document."""
    used = schemes or {"key": KEY, "basic": BASIC, "oauth": oauth({"read": "r", "write": "w"})}
    components = {"components": {"securitySchemes": used}}
    if whole:
        return operation(top={**components, "security": list(alternatives)})
    return operation(top=components, security=list(alternatives))


_AUTH: Final = oauth({"read": "r"})
SECURITY: Final[dict[str, Case]] = {
    "api-security-added": _case(secured(), secured({"key": []})),
    "api-security-removed": _case(secured({"key": []}), secured()),
    "api-security-alternative-added": _case(secured({"key": []}), secured({"key": []}, {"basic": []})),
    "api-security-alternative-removed": _case(secured({"key": []}, {"basic": []}), secured({"key": []})),
    "api-security-scope-added": _case(secured({"oauth": ["read"]}), secured({"oauth": ["read", "write"]})),
    "api-security-scope-removed": _case(secured({"oauth": ["read", "write"]}), secured({"oauth": ["read"]})),
    "api-security-component-added": _case(secured(key=KEY), secured(key=KEY, basic=BASIC)),
    "api-security-component-removed": _case(secured(key=KEY, basic=BASIC), secured(key=KEY)),
    "api-security-component-type-changed": _case(secured(one=KEY), secured(one=BASIC)),
    "api-security-scheme-changed": _case(secured(one=BASIC), secured(one={**BASIC, "scheme": "bearer"})),
    "api-security-component-oauth-url-changed": _case(
        secured(one=_AUTH), secured(one=oauth({"read": "r"}, url="https://a.example/other"))),
    "api-security-component-oauth-token-url-changed": _case(
        secured(one=_AUTH), secured(one=oauth({"read": "r"}, token="https://a.example/other"))),
    "api-security-component-oauth-scope-added": _case(
        secured(one=_AUTH), secured(one=oauth({"read": "r", "write": "w"}))),
    "api-security-component-oauth-scope-removed": _case(
        secured(one=oauth({"read": "r", "write": "w"})), secured(one=_AUTH)),
    "api-security-component-oauth-scope-changed": _case(secured(one=_AUTH), secured(one=oauth({"read": "more"}))),
    "api-global-security-added": _case(secured(whole=True), secured({"key": []}, whole=True), **OASDIFF),
    "api-global-security-removed": _case(secured({"key": []}, whole=True), secured(whole=True), **OASDIFF),
    "api-global-security-scope-added": _case(
        secured({"oauth": []}, whole=True), secured({"oauth": ["read"]}, whole=True), **OASDIFF),
    "api-global-security-scope-removed": _case(
        secured({"oauth": ["read"]}, whole=True), secured({"oauth": []}, whole=True), **OASDIFF),
}  # fmt: skip


def _holder(required: bool = False, /, **p: Any) -> Raw:
    return {**thing(p={"type": "string", **p}), **({"required": ["p"]} if required else {})}


def _without() -> Raw:
    return thing()


def _headers(schema: Raw) -> Raw:
    return operation(parameters=[{"name": "X-Filter", "in": "header", "schema": schema}])


def _filter(schema: Raw) -> Raw:
    return operation(parameters=[{"name": "filter", "in": "query", "schema": schema}])


def _marks() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for direction, place in (("request", request), ("response", response)):
        for required in (True, False):
            kind = "required" if required else "optional"
            for mark, word in (("readOnly", "read-only"), ("writeOnly", "write-only")):
                off, on = place(_holder(required)), place(_holder(required, **{mark: True}))
                found[f"{direction}-{kind}-property-became-{word}"] = _case(off, on)
                found[f"{direction}-{kind}-property-became-not-{word}"] = _case(on, off)
    return found


def _read_only() -> dict[str, Case]:
    pairs: dict[str, tuple[Raw, Raw]] = {
        "enum-value-removed": ({"enum": ["a", "b"]}, {"enum": ["a"]}),
        "max-length-decreased": ({"maxLength": 8}, {"maxLength": 4}),
        **{
            f"{name}-{action}": ({"type": "number", keyword: one}, {"type": "number", keyword: other})
            for name, keyword, action, one, other in (
                ("max", "maximum", "decreased", 8, 4), ("min", "minimum", "increased", 4, 8),
                ("exclusive-max", "exclusiveMaximum", "decreased", 8, 4),
                ("exclusive-min", "exclusiveMinimum", "increased", 4, 8),
            )
        },
    }  # fmt: skip
    return {
        f"request-read-only-property-{name}": _case(
            request(_holder(readOnly=True, **old)), request(_holder(readOnly=True, **new)))
        for name, (old, new) in pairs.items()
    }  # fmt: skip


def _property_marks() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for name, place in (("request-property", request), ("response-property", response)):
        plain, old = place(_holder()), place(_holder(deprecated=True))
        found |= {
            f"{name}-deprecated": _case(plain, old),
            f"{name}-reactivated": _case(old, plain),
            f"{name}-deprecated-sunset-missing": _case(plain, old, **NOTICE),
            f"{name}-deprecated-sunset-invalid": _case(plain, place(_holder(**_until(NONE)))),
            f"{name}-sunset-date-too-small": _case(plain, place(_holder(**_until(SOON))), **NOTICE),
            f"{name}-deprecated-with-sunset": _case(plain, place(_holder(**_until(LATER))), **NOTICE),
            f"{name}-stability-decreased": _case(plain, place(_holder(**{"x-stability-level": "beta"}))),
            f"{name}-stability-increased": _case(place(_holder(**{"x-stability-level": "beta"})), plain),
        }
    return found


PROPERTIES: Final[dict[str, Case]] = {
    **_marks(),
    **_read_only(),
    **_property_marks(),
    "new-required-request-property": _case(request(_without()), request(_holder(True))),
    "new-required-request-property-with-default": _case(request(_without()), request(_holder(True, default="x"))),
    "new-optional-request-property": _case(request(_without()), request(_holder())),
    "request-property-removed": _case(request(_holder()), request(_without())),
    "request-property-became-required": _case(request(_holder()), request(_holder(True))),
    "request-property-became-required-with-default": _case(
        request(_holder(default="x")), request(_holder(True, default="x"))),
    "request-property-became-optional": _case(request(_holder(True)), request(_holder())),
    "response-required-property-added": _case(response(_without()), response(_holder(True))),
    "response-optional-property-added": _case(response(_without()), response(_holder())),
    "response-required-property-removed": _case(response(_holder(True)), response(_without())),
    "response-optional-property-removed": _case(response(_holder()), response(_without())),
    "response-property-became-required": _case(response(_holder()), response(_holder(True))),
    "response-property-became-optional": _case(response(_holder(True)), response(_holder())),
    "response-required-write-only-property-added": _case(
        response(_without()), response(_holder(True, writeOnly=True))),
    "response-optional-write-only-property-added": _case(response(_without()), response(_holder(writeOnly=True))),
    "response-required-write-only-property-removed": _case(
        response(_holder(True, writeOnly=True)), response(_without())),
    "response-optional-write-only-property-removed": _case(response(_holder(writeOnly=True)), response(_without())),
    "response-write-only-property-became-required": _case(
        response(_holder(writeOnly=True)), response(_holder(True, writeOnly=True))),
    "response-write-only-property-became-optional": _case(
        response(_holder(True, writeOnly=True)), response(_holder(writeOnly=True))),
    "response-write-only-property-enum-value-added": _case(
        response(_holder(writeOnly=True, enum=["a"])), response(_holder(writeOnly=True, enum=["a", "b"]))),
    "request-parameter-required-property-added": _case(_filter(_without()), _filter(_holder(True))),
    "request-parameter-optional-property-added": _case(_filter(_without()), _filter(_holder())),
    "request-parameter-property-removed": _case(_filter(_holder()), _filter(_without())),
    "request-parameter-property-became-required": _case(_filter(_holder()), _filter(_holder(True))),
    "request-parameter-property-became-optional": _case(_filter(_holder(True)), _filter(_holder())),
    "new-required-request-header-property": _case(_headers(_without()), _headers(_holder(True))),
    "request-header-property-became-required": _case(_headers(_holder()), _headers(_holder(True))),
    "request-header-property-became-enum": _case(_headers(_holder()), _headers(_holder(enum=["a"]))),
    "response-header-property-added": _case(header(_without()), header(_holder())),
    "response-header-property-removed": _case(header(_holder()), header(_without())),
    "response-header-property-became-required": _case(header(_holder()), header(_holder(True))),
    "response-header-property-became-optional": _case(header(_holder(True)), header(_holder())),
    "response-mediatype-enum-value-added": _case(
        operation(**answer({**TEXT, "enum": ["a"]})), operation(**answer({**TEXT, "enum": ["a", "b"]}))),
    "response-mediatype-enum-value-removed": _case(
        operation(**answer({**TEXT, "enum": ["a", "b"]})), operation(**answer({**TEXT, "enum": ["a"]}))),
}  # fmt: skip


def _as_text(old: Raw, new: Raw) -> dict[str, Case]:
    """Bodies that are no JSON: a number is written like its text."""

    def sent(schema: Raw) -> Raw:
        return operation("post", **body(schema, kind="text/plain"))

    def answered(schema: Raw) -> Raw:
        return operation(**answer(schema, kind="text/plain"))

    found: dict[str, Case] = {}
    for name, place, one, other in (("request", sent, new, old), ("response", answered, old, new)):
        found[f"{name}-body-type-compatible"] = _case(place(one), place(other))
        found[f"{name}-property-type-compatible"] = _case(place(thing(p=one)), place(thing(p=other)))
    return found


CASES: Final[dict[str, Case]] = {
    **OPERATIONS, **SERVERS, **PARAMETERS, **BODIES, **HOOKS, **SECURITY, **PROPERTIES,
    **_as_text(TEXT, {"type": "integer"}),
}  # fmt: skip
