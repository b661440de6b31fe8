"""Cases of API documents: references, patterns, versions, paths, and shapes that grow (hostile.md 4 and 24 to 32)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.hostile.case import ANY, Build, Case, write
from tests.hostile.child import Done
from tests.hostile.files import MARKER
from tests.support.effort import THOROUGH

API, OTHER = "api.json", "other.json"
LINT = ("contract", "lint", API, "-f", "json")
DIFF = ("contract", "diff", API, OTHER, "-f", "json")
BOTH = (LINT, DIFF)

Document = dict[str, Any]


def api(schemas: Mapping[str, object], **more: object) -> Document:
    """A document of one operation whose body is the component ``A``."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hostile", "version": "1.0.0"},
        "servers": [{"url": "https://api.shop.example"}],
        "security": [],
        "paths": {
            "/a": {
                "post": {
                    "operationId": "a",
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "Done.", "content": content}},
                }
            }
        },
        "components": {"schemas": dict(schemas)},
        **more,
    }


def pair(old: Document | str, new: Document | str | None = None) -> Build:
    """A workspace with the document, and another version of it (the same again where none is given)."""

    def build(root: Path) -> None:
        texts = [one if isinstance(one, str) else json.dumps(one) for one in (old, old if new is None else new)]
        write(root, {API: texts[0], OTHER: texts[1], "retailctl.yaml": "name: hostile\n"})

    return build


def late(make: Callable[[], tuple[Document, Document]]) -> Build:
    """The same for large documents, made when the case runs."""

    def build(root: Path) -> None:
        pair(*make())(root)

    return build


def ref(text: str) -> Document:
    """A document whose body refers there."""
    return api({"A": {"type": "object", "properties": {"x": {"$ref": text}}}})


def ring(count: int, last: Mapping[str, object] | None = None) -> Document:
    """Components that refer to each other in a ring through properties: recursion as it may be."""
    names = ["A", *(f"R{n}" for n in range(1, count))]
    schemas: dict[str, Document] = {
        name: {"type": "object", "properties": {"next": {"type": "array", "items": {
            "$ref": "#/components/schemas/" + after}}}}
        for name, after in zip(names, [*names[1:], "A"], strict=True)
    }  # fmt: skip
    schemas[names[-1]] |= last or {}
    return api(schemas)


def chain(count: int, last: object) -> Document:
    """References that lead only to references, and to a schema in the end."""
    names = ["A", *(f"R{n}" for n in range(1, count))]
    steps = {name: {"$ref": "#/components/schemas/" + after} for name, after in pairwise(names)}
    return api({**steps, names[-1]: last})


def circle(*names: str) -> Document:
    """References that lead only to each other."""
    return api({name: {"$ref": "#/components/schemas/" + after} for name, after in
                zip(names, [*names[1:], names[0]], strict=True)})  # fmt: skip


def fan(levels: int, keyword: str = "allOf", last: object = None) -> Document:
    """Every level refers twice to the next: 2^levels ways to the last."""
    names = ["A", *(f"L{n}" for n in range(1, levels))]
    steps: dict[str, object] = {
        name: {keyword: [{"$ref": f"#/components/schemas/{after}"}, {"$ref": f"#/components/schemas/{after}"}]}
        for name, after in pairwise(names)
    }
    return api({**steps, names[-1]: last or {"type": "object", "properties": {"x": {"type": "string"}}}})


_TIGHT = {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}}


def fans(levels: int, keyword: str) -> Callable[[], tuple[Document, Document]]:
    """The same twice, with a restriction at the end of all ways."""
    return lambda: (fan(levels, keyword), fan(levels, keyword, _TIGHT))


def many_paths(count: int) -> tuple[Document, Document]:
    """Thousands of paths, with templates; the second document has every tenth no more."""
    answers: dict[str, Any] = {"responses": {"200": {"description": "Done."}}}
    paths: dict[str, Any] = {f"/p{n}/{{id}}": {"parameters": [{"name": "id", "in": "path", "required": True,
                                              "schema": {"type": "string"}}],
                               "get": {"operationId": f"g{n}", **answers}} for n in range(count)}  # fmt: skip
    fewer = {path: item for number, (path, item) in enumerate(paths.items()) if number % 10}
    return api({"A": {}}, paths=paths), api({"A": {}}, paths=fewer)


def templates(count: int) -> tuple[Document, Document]:
    """Thousands of paths that differ in the names of their parameters only, then in nothing but a last step."""
    item = {"get": {"responses": {"200": {"description": "Done."}}}}
    same = {f"/p/{{a{n}}}/x": item for n in range(count)}
    return api({"A": {}}, paths=same), api({"A": {}}, paths={f"/p/{{a}}/x{n}": item for n in range(count)})


def patterned(pattern: str, where: str, value: object, **more: object) -> Document:
    """A property with a pattern and a value to be held against it."""
    return api(
        {"A": {"type": "object", "properties": {"x": {"type": "string", "pattern": pattern, where: value, **more}}}}
    )


def patterns(*documents: Document) -> Document:
    """The schemas of several documents in one."""
    return api({"A": {}, **{f"P{n}": one["components"]["schemas"]["A"] for n, one in enumerate(documents)}})


_SLOW = "a" * 40 + "!"
_SLOW_PATTERNS = ("(a+)+$", "(.*a){25}", "^(a|a)*$", "^(a|aa)+$", "([a-zA-Z]+)*$", "^(([a-z])+.)+[A-Z]([a-z])+$")
SLOW = patterns(*(
    patterned(pattern, where, value)
    for pattern in _SLOW_PATTERNS
    for where, value in (("default", _SLOW), ("example", _SLOW), ("examples", [_SLOW, "a" * 5_000]), ("enum", [_SLOW]),
                         ("const", _SLOW))
))  # fmt: skip


def slow_pair() -> tuple[Document, Document]:
    """Patterns that take for ever, added, changed and removed, beside values and names of properties."""
    old = {f"p{n}": {"type": "string", "pattern": pattern, "enum": [_SLOW, "b"]} for n, pattern in
           enumerate(_SLOW_PATTERNS)}  # fmt: skip
    new = {f"p{n}": {"type": "string", "pattern": pattern} for n, pattern in enumerate(_SLOW_PATTERNS[::-1])}
    named = {"patternProperties": {pattern: {"type": "string"} for pattern in _SLOW_PATTERNS}}
    body = {"type": "object", "properties": {_SLOW: {"type": "integer"}}}
    return (api({"A": {**body, "properties": {**body["properties"], **old}}}),  # type: ignore[dict-item]
            api({"A": {**body, **named, "properties": {**body["properties"], **new}}}))  # type: ignore[dict-item]  # fmt: skip


def below_a_second(done: Done) -> None:
    """Values are not held against such patterns with a backtracking engine."""
    assert done.cpu < 3.0, f"{done.cpu:.1f} s"


def terminates(done: Done) -> None:
    """A verdict, whatever it is."""
    assert done.code in {0, 1}, done.err


def breaks(done: Done) -> None:
    """The restriction at the end was found."""
    if done.report["command"] == "contract diff":
        assert done.report["summary"]["compatible"] is False, done.report["summary"]


def deep_schema(levels: int) -> Document:
    """One schema inside the other."""
    schema: dict[str, Any] = {"type": "string"}
    for number in range(levels):
        schema = {"type": "object", "properties": {"p": schema}} if number % 2 else {"type": "array", "items": schema}
    return api({"A": schema})


def wide(count: int) -> tuple[Document, Document]:
    """One schema with thousands of properties, branches and values; some go, and some come."""

    def one(shift: int) -> Document:
        names = range(shift, count + shift)
        return api({"A": {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in names},
                          "required": [f"p{n}" for n in names if n % 2]},
                    "B": {"enum": [f"v{n}" for n in names]},
                    "C": {"anyOf": [{"type": "object", "required": [f"q{n}"], "properties": {f"q{n}": {"const": n}}}
                                    for n in names[:200]]},
                    "D": {"oneOf": [{"const": n} for n in names[:500]]}},
                   paths={"/w": {"post": {"requestBody": {"content": {f"application/{name.lower()}+json": {
                       "schema": {"$ref": f"#/components/schemas/{name}"}} for name in "ABCD"}},
                       "responses": {"204": {"description": "Done."}}}}})  # fmt: skip

    return one(0), one(5)


_ODD_NAMES = ("\x1b]0;owned\x07", "\u202egnp.exe", "a\nb", "</script>", "[/red]", "=1+1", "~1~0/%2F", "\U0001f4a5", "")


def odd_names() -> tuple[Document, Document]:
    """Names of everything that command a terminal, a page or a table; a break to talk about in each."""
    properties = {name: {"type": "string"} for name in _ODD_NAMES}
    integers = {name: {"type": "integer"} for name in _ODD_NAMES}
    paths = {f"/{name}": {"get": {"tags": [name], "summary": name, "responses": {"200": {"description": name}}}}
             for name in _ODD_NAMES if name}  # fmt: skip

    def one(fields: Mapping[str, object], more: Mapping[str, object]) -> Document:
        document = api({"A": {"type": "object", "properties": dict(fields)}})
        document["paths"].update(more)
        return document

    return one(properties, paths), one(integers, {})


def no_controls(done: Done) -> None:
    """No escape sequence and no change of direction leaves the program as such."""
    for bad in ("\x1b]", "\x07", "\u202e"):
        assert bad not in done.out.replace("\\u202e", "") and bad not in done.err, bad


def odd(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The same command with its output for people."""
    return tuple("text" if part == "json" else part for part in argv)


_ROOT_REF = api({"A": {"$ref": "#"}})
_YAML_BOMB = ("openapi: 3.1.0\ninfo: {title: t, version: '1'}\nx-a: &a [1,1,1,1,1,1,1,1,1]\n" +
              "".join(f"x-{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)) +
              "paths: {}\n")  # fmt: skip

REFERENCES = {
    "c24-link-local": ("http://169.254.169.254/latest/meta-data", "INP042"),
    "c24-https": ("https://169.254.169.254/x.json#/a", "INP042"),
    "c24-protocol-relative": ("//169.254.169.254/x.json", "INP042"),
    "c25-file": ("file:///etc/passwd", "INP042"),
    "c25-file-localhost": ("file://localhost/etc/passwd#/root", "INP042"),
    "c25-traversal": ("../../../../../../../../etc/passwd", "INP042"),
    "c25-traversal-encoded": ("..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "INP042"),
    "c25-absolute": ("/etc/passwd", "INP042"),
    "c26-ftp": ("ftp://127.0.0.1/x", "INP042"),
    "c26-data": ("data:application/json,{}", "INP042"),
    "c26-unc": ("\\\\host\\share\\x.json", "INP042"),
    "c26-drive": ("C:\\windows\\win.ini", "INP042"),
    "c26-jar": ("jar:file:/etc/passwd!/x", "INP042"),
    "c26-mailto": ("mailto:a@shop.example", "INP042"),
    "c28-to-a-text": ("#/info/title", "INP043"),
    "c28-bad-escape": ("#/components/~2", "INP043"),
    "c28-percent": ("#/components/schemas/%ZZ", "INP043"),
    "c28-into-a-list": ("#/security/x", "INP023"),
    "c28-huge-index": ("#/security/99999999999999999999999", "INP023"),
    "c28-dangling": ("#/components/schemas/None", "INP023"),
}
"""References that must not be followed, and the finding that says so."""


def references() -> Document:
    """Each of them in a property of its own."""
    return api(
        {"A": {"type": "object", "properties": {name: {"$ref": text} for name, (text, _) in REFERENCES.items()}}}
    )


def refused(done: Done) -> None:
    """Every reference has its one finding at its own place."""
    found = sorted((row["locations"][0]["pointer"], row["rule"]) for row in done.report["findings"])
    wanted = {f"/components/schemas/A/properties/{name}/$ref": rule for name, (_, rule) in REFERENCES.items()}
    assert found == sorted(wanted.items()), set(found) ^ set(wanted.items())


def schemas(name: str, old: Callable[[], str], new: Callable[[], str] | None = None) -> Build:
    """A schema file, another version of it (the same again where none is given), and what it may import."""

    def build(root: Path) -> None:
        text = old()
        other = text if new is None else new()
        write(root, {name: text, f"v2/{name}": other, "retailctl.yaml": "name: hostile\n"})

    return build


def _runs(name: str) -> tuple[tuple[str, ...], ...]:
    return ("contract", "lint", name, "-f", "json"), ("contract", "diff", name, f"v2/{name}", "-f", "json")


def invalid(line: int, rule: str = "") -> Callable[[Done], None]:
    """Lint and diff put a finding on the line, and nobody calls the two versions compatible."""

    def check(done: Done) -> None:
        found = [row for row in done.report["findings"] if any(at["line"] == line for at in row["locations"])]
        assert found, done.findings
        if done.report["command"] == "contract diff":
            assert done.report["summary"].get("compatible") is not True, done.report["summary"]
            assert any(row["rule"].startswith("INP") for row in found), done.findings
        else:
            assert any(rule in (row["rule"], row["name"]) for row in found), done.findings

    return check


def record(*fields: object) -> str:
    """An Avro record, one field on a line, from the third line on."""
    return '{"type": "record", "name": "A", "fields": [\n\n' + ",\n".join(json.dumps(one) for one in fields) + "]}"


_ENDLESS = {"type": "record", "name": "E", "fields": [{"name": "e", "type": "E"}]}


def branches(count: int, last: object) -> str:
    """A union of records that all lead back to the whole, and a last branch; and a record that never ends."""
    names = [
        {"type": "record", "name": f"B{n}", "fields": [{"name": "up", "type": ["null", "A"]}]} for n in range(count)
    ]
    return record({"name": "u", "type": [*names, last]}, {"name": "w", "type": "int", "default": "x"},
                  {"name": "e", "type": _ENDLESS})  # fmt: skip


def large_avro() -> str:
    """Five megabytes of fields; the first one has a wrong default."""
    return record({"name": "w", "type": "int", "default": "x"},
                  *({"name": f"f{n}", "doc": "d" * 900, "type": ["null", "string"]} for n in range(5_400)))  # fmt: skip


def large_proto() -> str:
    """Five megabytes of fields: more than a file of Protobuf may have."""
    lines = "".join(f"  string f{n} = {n + 2}; // {'d' * 900}\n" for n in range(5_400))
    return 'syntax = "proto3";\nmessage A {\n' + lines + "}\n"


def large_schema() -> str:
    """Five megabytes of properties; the first one has a wrong type."""
    lines = ",\n".join(f'"p{n}": {{"type": "string", "description": "{"d" * 900}"}}' for n in range(5_400))
    return '{"type": "object", "properties": {\n"w": {"type": "text"},\n' + lines + "}}"


def circular(root: Path) -> None:
    """Three files that import each other."""
    for name, after in (("a", "b"), ("b", "c"), ("c", "a")):
        write(root, {f"{name}.proto": f'syntax = "proto3";\nimport "{after}.proto";\nmessage M{name} {{}}\n'})
    write(root, {"retailctl.yaml": "name: hostile\n"})


CASES = (
    Case("c4-deep-json", pair('{"openapi":"3.1.0","a":' + '{"a":' * 50_000), runs=BOTH, code=ANY, says=("INP003",)),
    Case("c4-deep-closed", pair('{"openapi":"3.1.0","a":' + "[" * 50_000 + "]" * 50_000 + "}"), runs=(LINT,),
         says=("INP003",)),
    Case("c4-deep-schema", pair(deep_schema(40), deep_schema(41)), runs=BOTH, code=ANY, check=terminates),
    Case("c5-alias-bomb", pair(_YAML_BOMB), runs=(LINT,), code=ANY),
    Case("c24-to-c28-references", pair(references()), runs=(LINT,), check=refused, never=(MARKER, "root:x"),
         bait=("bait.yaml",)),
    Case("c24-to-c28-references-diff", pair(references(), api({"A": {}})), runs=(DIFF,), never=(MARKER, "root:x"),
         bait=("bait.yaml",)),
    Case("c27-self", pair(circle("A")), runs=(LINT,), says=("INP044",)),
    Case("c27-two", pair(circle("A", "B")), runs=(LINT,), says=("INP044",)),
    Case("c27-empty-ring", pair(circle("A", *(f"R{n}" for n in range(999)))), runs=(LINT,), says=("INP044",)),
    Case("c27-self-diff", pair(circle("A"), circle("A", "B")), runs=(DIFF,), code=ANY, check=terminates),
    Case("c27-ring", pair(ring(1_000)), runs=BOTH, code=0),
    Case("c27-ring-breaks", pair(ring(1_000), ring(1_000, {"required": ["next"]})), runs=(DIFF,), check=breaks),
    Case("c27-two-rings", pair(ring(1_000), ring(999)), runs=(DIFF,), code=ANY, check=terminates),
    Case("c27-chain", pair(chain(5_000, {"type": "string"}), chain(4_999, {"type": "string"})), runs=BOTH, code=0),
    Case("c27-chain-breaks", pair(chain(5_000, {"type": "string"}), chain(4_999, {"type": "integer"})), runs=(DIFF,),
         check=breaks),
    Case("c27-all-of-self", pair(api({"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}})), runs=BOTH, code=ANY,
         check=terminates),
    Case("c27-mixed-self", pair(api({"A": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"not": {
        "$ref": "#/components/schemas/A"}}]}})), runs=BOTH, code=ANY, check=terminates),
    Case("c27-root", pair(_ROOT_REF), runs=BOTH, code=ANY, check=terminates),
    Case("c28-number", pair(api({"A": {"$ref": 5}})), runs=BOTH, code=ANY, check=terminates),
    Case("c28-list", pair(api({"A": {"$ref": ["#/a"]}})), runs=BOTH, code=ANY, check=terminates),
    Case("c28-huge", pair(ref("#/" + "a/" * 200_000)), runs=BOTH, code=ANY, check=terminates),
    Case("c29-slow-patterns", pair(SLOW), runs=BOTH, code=ANY, check=below_a_second),
    Case("c29-slow-diff", late(slow_pair), runs=(DIFF,), code=ANY, check=below_a_second),
    Case("c30-invalid", pair(patterned("[", "example", "a")), runs=BOTH, code=ANY, check=terminates),
    Case("c30-invalid-says", pair(patterned("[", "example", "a")), runs=(LINT,), says=("pattern-invalid",)),
    Case("c30-ecma", pair(patterned(r"^\p{L}+$", "example", "a")), runs=BOTH, code=0),
    Case("c30-lookbehind", pair(patterned("(?<=a)b", "example", "ab"), patterned("(?<!a)b", "example", "b")), runs=BOTH,
         code=ANY, check=terminates),
    Case("c30-huge-repeat", pair(patterned("(a{1000}){1000}", "example", "a"), patterned("a{99999}", "example", "a")),
         runs=BOTH, code=ANY, check=terminates),
    *(Case(f"c31-version-{name}", pair(api({"A": {}}, openapi=version)), runs=(LINT,), says=("INP041",))
      for name, version in (("number", 3.1), ("none", None), ("future", "9.9.9"), ("two", "2.0"), ("empty", ""),
                            ("list", ["3.1.0"]), ("words", "three"))),
    Case("c31-version-missing", pair({"info": {"title": "t", "version": "1"}, "paths": {}}), runs=(LINT,), code=ANY),
    Case("c31-both", pair({**api({"A": {}}), "swagger": "2.0"}), runs=(LINT,), says=("INP041",)),
    Case("c31-diff", pair(api({"A": {}}, openapi=3.1), api({"A": {}})), runs=(DIFF,), code=ANY, says=("INP041",)),
    Case("c31-swagger", pair({"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}}), runs=BOTH,
         code=0),
    Case("c32-same-template", pair(api({"A": {}}, paths={f"/a/{{{name}}}": {"get": {"responses": {"200": {
        "description": "x"}}}} for name in ("id", "key", "x")})), runs=BOTH, code=ANY, check=terminates),
    Case("c32-twice-in-one", pair(api({"A": {}}, paths={"/{id}{id}": {"get": {"responses": {}}}, "/{": {}, "/}{": {},
         "//": {}, "": {}, "a": {}, "/{}": {}, "/a?b#c": {}, "/%2e%2e/": {}})), runs=BOTH, code=ANY, check=terminates),
    Case("c32-many-paths", late(lambda: many_paths(10_000)), runs=BOTH, code=ANY, check=terminates),
    Case("c32-many-templates", late(lambda: templates(3_000)), runs=BOTH, code=ANY, check=terminates),
    *(Case(f"c-fan-{keyword}-{levels}", late(fans(levels, keyword)), runs=BOTH, code=ANY,
           check=terminates if keyword == "oneOf" else breaks)  # a value of two equal branches is never valid
      for keyword in ("allOf", "anyOf", "oneOf") for levels in ((12, 18) if THOROUGH else (18,))),
    Case("c-avro-recursive-500-branches", schemas("a.avsc", lambda: branches(499, "null"), lambda: branches(
        499, "string")), runs=_runs("a.avsc"), check=invalid(4, "avro-bad-default")),
    Case("c-avro-syntax", schemas("a.avsc", lambda: '{"type":\n"record", }'), runs=_runs("a.avsc")[:1],
         check=invalid(2, "INP001")),
    Case("c-avro-large", schemas("a.avsc", large_avro), runs=_runs("a.avsc"), check=invalid(3, "avro-bad-default")),
    Case("c-proto-syntax", schemas("a.proto", lambda: 'syntax = "proto3";\nmessage A { int32 = 1; }'),
         runs=_runs("a.proto"), check=invalid(2, "INP001")),
    Case("c-proto-circular", circular, runs=(("contract", "lint", "a.proto", "-f", "json"),),
         check=invalid(2, "proto-import-cycle")),
    Case("c-proto-large", schemas("a.proto", large_proto), runs=_runs("a.proto"), check=invalid(1, "INP002")),
    Case("c-schema-large", schemas("a.schema.json", large_schema), runs=_runs("a.schema.json")[:1],
         check=invalid(2, "structure-value")),
    Case("c-wide", late(lambda: wide(2_000)), runs=(DIFF,), code=ANY, check=terminates),
    Case("c-odd-names", late(odd_names), runs=BOTH, code=ANY, check=no_controls),
    Case("c-odd-names-text", late(odd_names), runs=tuple(map(odd, BOTH)), code=ANY, check=no_controls),
)  # fmt: skip
