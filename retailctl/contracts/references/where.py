"""Which document a reference names: a path inside the workspace, a URL of an allowed host, or nothing we follow.

Everything that could leave the workspace is refused by its text, before anything is opened (RFC 3986 names the parts).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Set as AbstractSet
from urllib.parse import unquote, urljoin, urlsplit

from retailctl.contracts.references.problem import ReferenceProblem

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")


def split_reference(ref: str) -> tuple[str, str]:
    """The part before the first ``#`` and the part after it."""
    document, _, fragment = ref.partition("#")
    return document, fragment


def document_of(ref: str, document: str, holder: str, allowed: AbstractSet[str]) -> str:
    """The path (or URL) of the document that the part before ``#`` names, seen from the document ``holder``.

    Raises ReferenceProblem for whatever leaves the workspace or needs a network that was not allowed.
    """
    if not document:
        return holder
    if is_url(holder):  # a document from the network never reaches into the workspace
        document = urljoin(holder, document)
    if "\\" in document:
        raise ReferenceProblem("outside-workspace", ref, "a backslash is no separator in a reference; use /")
    if document.startswith("//"):
        raise ReferenceProblem("network", ref, "it names a host; references over the network are off")
    scheme = _SCHEME.match(document)
    if scheme is not None:
        return _url(ref, document, scheme[1].lower(), allowed)
    if document.startswith("/"):
        raise ReferenceProblem("outside-workspace", ref, "an absolute path; references stay inside the workspace")
    return _relative(ref, document, holder)


def is_url(path: str) -> bool:
    """True for the address of a document that came from an allowed host."""
    return path.startswith(("http://", "https://"))


def _url(ref: str, document: str, scheme: str, allowed: AbstractSet[str]) -> str:
    if len(scheme) == 1:
        raise ReferenceProblem("outside-workspace", ref, "a path with a drive letter leaves the workspace")
    if scheme == "file":
        raise ReferenceProblem("outside-workspace", ref, "file: references are not followed; use a relative path")
    if scheme not in ("http", "https"):
        raise ReferenceProblem("scheme", ref, f"the scheme {scheme[:40]}: is not followed")
    try:
        parts = urlsplit(document)
        host, plain = parts.hostname or "", parts.username is None and parts.password is None
    except ValueError:
        raise ReferenceProblem("scheme", ref, "not a valid address") from None
    if host not in allowed or not plain:
        raise ReferenceProblem("network", ref, "references over the network are off unless the host is allowed by name")
    return document


def _relative(ref: str, document: str, holder: str) -> str:
    path = unquote(document)
    if "\\" in path or "\0" in path or path.startswith("/") or _SCHEME.match(path):
        raise ReferenceProblem("outside-workspace", ref, "percent-encoding hides a path that leaves the workspace")
    normal = posixpath.normpath(posixpath.join(posixpath.dirname(holder), path))
    if normal == ".." or normal.startswith(("../", "/")):
        raise ReferenceProblem("outside-workspace", ref, "the path leads above the workspace")
    return normal
