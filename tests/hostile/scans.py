"""Cases of raw artefacts: files of other programs, as other people may have written them (``inventory scan``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.hostile.case import ANY, Case, files
from tests.hostile.child import DAY

SECRET: Final = "S3CRET-VALUE-9914"
_LAUGHS: Final = (
    '<?xml version="1.0"?>\n<!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + ']>\n<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><documentation>&j;</documentation></definitions>\n'
)
_DTD: Final = (
    '<?xml version="1.0"?>\n<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/x.dtd">\n'
    '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>\n'
)


def scanned(
    name: str, content: str | bytes | Callable[[], str | bytes], *says: str, code: int = 1, **more: Any
) -> Case:
    """One artefact, named on the command line; nothing is written."""
    build = files(lambda: {name: content() if callable(content) else content})
    runs = (("inventory", "scan", name, "--dry-run", "-f", "json", "--as-of", DAY),)
    told = (name, *says) if code == 1 else says  # what is taken needs no word
    return Case(f"scan-{name}", build, code, runs, says=told, never=("root:x:", SECRET), **more)


def _n8n(**node: Any) -> str:
    one = {"name": "x", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4, "position": [0, 0], "parameters": {}}
    return json.dumps({"nodes": [{**one, **node}], "connections": {}})


def _deep(depth: int) -> str:
    return '{"nodes": ' + "[" * depth + "]" * depth + ', "connections": {}}'


_ODD: Final[Mapping[str, Any]] = {"list": [1, [2]], "map": {"a": {"b": []}}}

CASES: Final = (
    scanned("laughs.wsdl", _LAUGHS),
    scanned("dtd.wsdl", _DTD),
    scanned("aliases.yaml", "services:\n  a: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"  {chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)), "alias"),
    scanned("deep.json", lambda: _deep(100_000), "deep"),
    scanned("unclosed.csv", 'Interface;Source;Target;Owner\na;b;c;"d\n' + "x" * 2_000_000, code=ANY),
    scanned("wide.csv", lambda: "Interface;Source;Target;Owner;" + ";".join(f"c{n}" for n in range(300_000)) + "\na;b;c;d\n", code=ANY),
    scanned("long.log", lambda: b'1.2.3.4 - - [19/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 1\n' * 50
            + b'1.2.3.4 - - [19/Nov/2026:10:00:00 +0000] "GET /' + b"a" * 12_000_000 + b'\n', code=ANY),
    scanned("escapes.log", b'1.2.3.4 - \x1b]0;x\x07 [19/Nov/2026:10:00:00 +0000] "GET /\x1b[2J\xe2\x80\xae HTTP/1.1" 200 1\n' * 50, code=ANY),
    scanned("segments.edi", lambda: b"UNB+UNOC:3+A:14+B:14+261119:1012+1'" + b"UNH+1+ORDERS:D:96A:UN'" * 200_000, code=ANY),
    *(scanned(f"odd-{kind}.json", _n8n(parameters=value, credentials=value), code=ANY) for kind, value in _ODD.items()),
    scanned("password.json", _n8n(parameters={"url": f"https://u:{SECRET}@h.example/x?token={SECRET}"}), code=ANY),
    scanned("password.crontab", f"* * * * * curl -u u:{SECRET} -H 'Authorization: Bearer {SECRET}9' https://h.example/?key={SECRET}\n",
            code=ANY),
    scanned("password.env.yaml", f"services:\n  a:\n    image: x\n    environment:\n      DB_PASSWORD: {SECRET}\n"
            f"      DB_URL: postgres://u:{SECRET}@db/x\n", code=ANY),
    scanned("password.log", f'1.2.3.4 - - [19/Nov/2026:10:00:00 +0000] "GET /web/hook/{SECRET}?token={SECRET} HTTP/1.1" 200 1\n' * 30,
            code=ANY),
)  # fmt: skip
