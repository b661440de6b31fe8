"""What a code text of Odoo calls and hides: addresses outside, and secrets, of which nobody keeps more than a print.

The text is Python. It is parsed and never run; comments and names prove nothing, only literals do. Text that does
not parse is searched as text.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from retailctl.inventory.odoo.literals import URL, Literals
from retailctl.inventory.odoo.secrets import bare, holds_secret, names_a_secret, parameters_of, shown_path
from retailctl.inventory.urls import Url, url_of

_MOST: Final = 200_000
# Text without any of these calls nobody by a literal address and has no secret by name or shape: most code has none.
_HINT: Final = re.compile(
    r"://|pass|pwd|secret|token|key|auth|login|sign|credential|bearer|hmac|sas|connection|cookie|-----BEGIN|AKIA|ASIA|eyJ"
    r"|[sr]k_(?:live|test)_|gh[oprsu]_|github_pat_|glpat-|xox|shp(?:at|ca|pa|ss)_",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"['\"]?([A-Za-z_][\w.-]{1,60})['\"]?\s{0,4}[=:]\s{0,4}['\"]([^'\"\n]{3,500})['\"]")
# Names of formats and documents that look like addresses and are called by nobody.
_NAMESPACES: Final = (
    "w3.org",
    "xmlsoap.org",
    "schemas.microsoft.com",
    "oasis-open.org",
    "json-schema.org",
    "unece.org",
)
_FORMATS: Final = re.compile(r"%\(?[\w]*\)?[sdrif]")


@dataclass(frozen=True, slots=True)
class Call:
    """An address that the code names, and the method where it says one."""

    url: Url
    method: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """``calls`` by address, each once; ``secrets`` are fingerprints of what stands there in clear, sorted.

    ``symbolic``: an address is put together from values that nobody knows here, its host among them.
    """

    calls: tuple[Call, ...] = ()
    secrets: tuple[str, ...] = ()
    symbolic: bool = False


def look_at(code: str, fingerprint: Callable[[str], str]) -> Code:
    """Read one code text. Of a secret only what ``fingerprint`` makes of it is kept."""
    code = code[:_MOST]
    if not _HINT.search(code):
        return Code()
    try:
        with warnings.catch_warnings():  # of the code, which is not ours to mend
            warnings.simplefilter("ignore")
            tree = ast.parse(code.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _as_text(code, fingerprint)
    walk = Literals(shapes=holds_secret(code))
    try:
        walk.visit(tree)
    except RecursionError:
        return _as_text(code, fingerprint)
    for base in walk.bases:  # the start of a longer address, and called by nobody as it is
        walk.found.pop((base, ""), None)
    return _made(walk.found, walk.secrets, fingerprint)


def _as_text(code: str, fingerprint: Callable[[str], str]) -> Code:
    lines = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith("#"))
    secrets = {bare(found[2]) for found in _PAIR.finditer(lines) if names_a_secret(found[1], found[2])}
    return _made(dict.fromkeys((found[0], "") for found in URL.finditer(lines)), secrets, fingerprint)


def _made(found: dict[tuple[str, str], None], secrets: set[str], fingerprint: Callable[[str], str]) -> Code:
    calls: dict[tuple[str, str, str], Call] = {}
    hidden = {fingerprint(secret) for secret in secrets}
    symbolic = False
    for text, method in found:
        url = url_of(_FORMATS.sub("{value}", text).rstrip(".,;)]"))
        if url is None or url.host.endswith(_NAMESPACES) or not re.search(r"\w", url.host):
            continue
        if "{" in url.host or "$" in url.host:
            symbolic = True
            continue
        inside = [url.secret] if url.secret and "{" not in url.secret else []
        inside += parameters_of(text)
        path, cut = shown_path(url.path, fingerprint)
        prints = sorted([*map(fingerprint, inside), *cut])
        hidden.update(prints)
        shown = Url(url.scheme, url.host, url.port, path)
        calls.setdefault((shown.clean, method, ""), Call(shown, method, prints[0] if prints else ""))
    return Code(_without_bases(list(calls.values())), tuple(sorted(hidden)), symbolic)


def _without_bases(calls: list[Call]) -> tuple[Call, ...]:
    """Without ``https://host`` that others of the same code extend, and without one that says less than another."""
    kept = []
    for call in calls:
        others = [other for other in calls if other is not call and _place(other) == _place(call)]
        base = not call.url.path.strip("/") and any(other.url.path.strip("/") for other in others)
        less = not call.method and any(other.method and other.url.path == call.url.path for other in others)
        if not base and not less:
            kept.append(call)
    return tuple(kept)


def _place(call: Call) -> tuple[str, str, int | None]:
    return call.url.scheme, call.url.host, call.url.port
