"""Make foreign text inert, once per target: terminal, CI runner, spreadsheet, XML, Markdown, browser, URI.

Names come from files that other people wrote. Each function here states what its target would otherwise obey.
"""

from __future__ import annotations

import html
import json
import re
from urllib.parse import quote

_SURROGATE = re.compile("[\ud800-\udfff]")
# C0, DEL, C1; marks, embeddings, overrides and isolates of direction; line and paragraph separators; the BOM.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_KEEP_LINES = re.compile(_CONTROL.pattern.replace("\x00-\x1f", "\x00-\x08\x0b\x0c\x0e-\x1f"))
_JSON_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_XML_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_MARKDOWN = re.compile(r"([\\`*_\[\]#!|~$])")
_CODE_SPAN = re.compile(r"[^`|\\&<>\r\n]*[^`|\\&<>\r\n ]")
_HTML_IN_JSON = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
# One encoder for all rows: building it costs more than encoding a finding.
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_ONE_BYTE = 0x100
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _visible(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    return _SHORT.get(char) or (f"\\x{code:02x}" if code < _ONE_BYTE else f"\\u{code:04x}")


def terminal(text: str) -> str:
    """One line that cannot command a terminal: every control character is spelled out (``\\x1b``)."""
    return _CONTROL.sub(_visible, text)


def multiline(text: str) -> str:
    """Like :func:`terminal`, but line breaks and tabs stay; for formats that quote them themselves."""
    return _KEEP_LINES.sub(_visible, text)


def prose(text: str) -> str:
    """Rule text written over several lines, as one inert line."""
    return terminal(" ".join(text.split()))


def clip(text: str, limit: int) -> str:
    """At most ``limit`` characters; what was cut is marked."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"


def clip_middle(text: str, limit: int) -> str:
    """At most ``limit`` characters; what was cut out of the middle is marked."""
    if len(text) <= limit:
        return text
    tail = max(limit - 3, 0) // 3
    return f"{text[: max(limit - 3 - tail, 0)]} … {text[len(text) - tail :]}"


def json_text(value: object, indent: int | None = None) -> str:
    """JSON in which no character can act: control characters as escapes, lone surrogates as visible text.

    A lone surrogate (a file name that is not UTF-8) has no place in a JSON document: Rust and PostgreSQL
    refuse even its ``\\ud800`` escape. So it becomes the six characters, as in every other format.
    """
    encoder = _JSON if indent is None else json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=indent)
    return _inert_json(encoder.encode(value))


def json_compact(value: object) -> str:
    """The same without any space between the parts."""
    return _inert_json(_COMPACT.encode(value))


def _inert_json(text: str) -> str:
    text = _JSON_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text)


def json_in_html(value: object) -> str:
    """JSON that cannot close the ``<script>`` element it stands in."""
    return re.sub("[<>&]", lambda match: _HTML_IN_JSON[match[0]], json_text(value))


def html_text(text: str) -> str:
    """Text for HTML content and quoted attributes; control and direction characters are spelled out."""
    return html.escape(multiline(text), quote=True)


def xml_text(text: str) -> str:
    """Without the characters that XML 1.0 forbids even as references."""
    return _XML_ILLEGAL.sub("", text)


def github_data(text: str) -> str:
    """The message part of a workflow command: no line break may start a second command."""
    lines = multiline(text).replace("%", "%25")
    return lines.replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """A ``key=value`` part of a workflow command: ``:`` and ``,`` would end it."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def csv_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; plain numbers stay numbers (OWASP CSV injection)."""
    text = multiline(text)
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def markdown(text: str) -> str:
    """Text for Markdown prose or a table cell: no markup, no HTML, nobody mentioned."""
    text = html.escape(terminal(text), quote=False)
    text = _MARKDOWN.sub(r"\\\1", text)
    return text.replace("@", "@\u200b").replace("://", ":\u200b//")


def markdown_html(text: str) -> str:
    """Text inside an HTML element of a Markdown document: no markup, nobody mentioned, nothing linked."""
    return html_text(terminal(text)).replace("`", "&#96;").replace("@", "@\u200b").replace("://", ":\u200b//")


def markdown_code(text: str) -> str:
    """A code span; as HTML with references where backticks, pipes or backslashes would break the table."""
    text = terminal(text)
    if not text.strip():
        return "(none)"
    if _CODE_SPAN.fullmatch(text) and text[0] != " ":
        return f"`{text}`"
    return "<code>" + re.sub(r"[^\w .,:/=-]", lambda match: f"&#{ord(match[0])};", text) + "</code>"


def uri(path: str) -> str:
    """A relative URI reference, percent-encoded; bytes that are not UTF-8 keep their value."""
    text = path.removeprefix("./").lstrip("/")
    return quote(text.encode("utf-8", "surrogateescape" if _escaped_bytes(text) else "surrogatepass"), safe="/")


def _escaped_bytes(text: str) -> bool:
    """Whether all lone surrogates are bytes that Python smuggled into a file name (PEP 383)."""
    return all("\udc80" <= match[0] <= "\udcff" for match in _SURROGATE.finditer(text))
