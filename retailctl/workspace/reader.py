"""Open a file of the workspace safely and read it: the only way in for YAML, JSON and texts."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.workspace import input_codes as codes
from retailctl.workspace.document import Document
from retailctl.workspace.formats import JSON, TEXT, TOLD, Ending, ending_of
from retailctl.workspace.json_reader import read_json
from retailctl.workspace.limits import Limits
from retailctl.workspace.source import Source
from retailctl.workspace.yaml_reader import read_yaml

_SCHEMA: Final = re.compile(r"\.schema\.(json|ya?ml)$")  # JSON Schema: true takes everything, false nothing
_DEFAULT: Final = Limits()
_SIDEWAYS: Final = frozenset({"", ".", ".."})
_LOOP: Final = "the path leads nowhere (a loop of links?)"
_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)  # the path is resolved already: a link here was put there in between
    | getattr(os, "O_NONBLOCK", 0)  # opening a pipe must not wait for its writer
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_document(
    root: Path,
    relative: str,
    *,
    limits: Limits = _DEFAULT,
    owned: bool = True,
    require_mapping: bool = True,
    parse_float: Callable[[str], Any] | None = None,
) -> Document:
    """Read one file below ``root`` as its ending says; of a language of its own (``.proto``) the data is the text.

    Raises :class:`InputError` (with an INP code and a place) for its content and for a path that leaves the root,
    :class:`IncompleteError` when the file cannot be read.
    """
    data = read_bytes(root, relative, limits=limits)
    document = parse_bytes(
        relative, data, limits=limits, owned=owned, require_mapping=require_mapping, parse_float=parse_float
    )
    document.load = text_loader(root, relative, document.sha256, limits=limits)
    return document


def _refers(text: str) -> bool:
    """Whether there may be a key ``$ref``: its letters may be written as escapes."""
    return "$ref" in text or ("\\" in text and any(sign in text for sign in ("\\u", "\\x", "\\U")))


def parse_bytes(
    path: str,
    data: bytes,
    *,
    limits: Limits = _DEFAULT,
    owned: bool = True,
    require_mapping: bool = True,
    parse_float: Callable[[str], Any] | None = None,
    format: str | None = None,
) -> Document:
    """Read bytes that came from elsewhere (stdin, a revision); ``path`` chooses the format and is what errors show.

    ``format`` is for files whose name does not tell it. Raises :class:`InputError` as :func:`read_document` does.
    """
    ending = ending_of(path) if format is None else Ending(format)
    if ending is None:
        raise InputError(codes.FORMAT, f"not a {TOLD} file", at=Location(path), hint=codes.FIX[codes.FORMAT])
    _check_size(path, len(data), limits)
    _check_lines(path, data, limits)
    source = Source.decode(path, data)
    digest = hashlib.sha256(data).hexdigest()
    if ending.format == JSON:
        roots = [read_json(source, limits, owned=owned, parse_float=parse_float)]
        document = Document(path, roots, None, digest, format=JSON)
        document.keeps_sources = owned or parse_float is not None
    elif ending.format == TEXT:
        document = Document(path, [source.text], None, digest, format=TEXT)
    else:
        result = read_yaml(source, limits, owned=owned)
        document = Document(path, result.roots, result.positions, digest, notices=result.notices)
        document.keeps_sources = result.keeps_sources
    document.load = lambda: source.text
    document.may_refer = ending.format != TEXT and _refers(source.text)
    if require_mapping and ending.language is None:  # an Avro schema may be a name or a list of schemas
        _check_mappings(document, source)
    return document


def read_bytes(root: Path, relative: str, *, limits: Limits = _DEFAULT, base: str | None = None) -> bytes:
    """Return the bytes of a regular file below ``root``; the size is checked before anything is read.

    ``base`` is the real path of the root, for whoever reads many files below it.
    """
    try:
        descriptor, size = _open(root, relative, base)
        try:
            _check_size(relative, size, limits)
            data = part = os.read(descriptor, size + 1)  # as much as is there: room for the largest takes longer
            while part and len(data) <= limits.file_bytes:
                part = os.read(descriptor, min(size, limits.file_bytes - len(data)) + 1)
                data += part
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _refused(codes.NOT_A_FILE, relative, _LOOP) from None
        raise _unreadable(relative, error) from None
    _check_size(relative, len(data), limits)
    return data


def file_sha256(root: Path, relative: str, *, limits: Limits = _DEFAULT) -> str:
    """Return the SHA-256 of a file below ``root`` under the same guards, without parsing it."""
    return hashlib.sha256(read_bytes(root, relative, limits=limits)).hexdigest()


def text_loader(root: Path, relative: str, sha256: str, *, limits: Limits = _DEFAULT) -> Callable[[], str | None]:
    """Return a function that reads the text of a file again, or gives None when it is no longer the same file."""

    def load() -> str | None:
        try:
            data = read_bytes(root, relative, limits=limits)
        except (InputError, IncompleteError):
            return None
        return Source.decode(relative, data).text if hashlib.sha256(data).hexdigest() == sha256 else None

    return load


def open_regular(root: Path, relative: str) -> BinaryIO:
    """Open a regular file below ``root``. Raises InputError for anything else, and OSError as the system does."""
    return os.fdopen(_open(root, relative, None)[0], "rb")


def _open(root: Path, relative: str, base: str | None) -> tuple[int, int]:
    """The descriptor of a regular file, and its size."""
    try:
        base = os.path.realpath(root) if base is None else base
        real = _real(base, relative)
    except ValueError:  # NUL in the name
        raise _refused(codes.NOT_A_FILE, relative, _LOOP) from None
    if real != base and not real.startswith(base.rstrip(os.sep) + os.sep):
        raise _refused(codes.OUTSIDE_ROOT, relative, "the path leaves the workspace; it was not read")
    descriptor = os.open(real, _FLAGS)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _refused(codes.NOT_A_FILE, relative, f"{_kind(found.st_mode)}, not a regular file; it was not read")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, found.st_size


def _real(base: str, relative: str) -> str:
    """The path that a name below the real path ``base`` leads to: the plain one where no step of it is a link."""
    path = base.rstrip(os.sep)
    steps = relative.split("/")
    if os.sep == "/" and not _SIDEWAYS.intersection(steps):
        for step in steps:
            path = f"{path}/{step}"
            try:
                if stat.S_ISLNK(os.lstat(path).st_mode):
                    break
            except OSError:
                break
        else:
            return path
    return os.path.realpath(os.path.join(base, relative))  # noqa: PTH118 - a path object costs more than the rest


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for test, name in kinds if test(mode)), "a device")


def _check_size(path: str, size: int, limits: Limits) -> None:
    if size > limits.file_bytes:
        raise _refused(codes.SIZE, path, f"{size:,} bytes; {limits.file_bytes:,} are allowed")


def _check_lines(path: str, data: bytes, limits: Limits) -> None:
    """Lines have a table of their own: a file of line ends only would cost thirty times its size."""
    lines = max(data.count(b"\n"), data.count(b"\r"))
    if lines > limits.lines:
        raise _refused(codes.SIZE, path, f"{lines:,} lines; {limits.lines:,} are allowed")


def _check_mappings(document: Document, source: Source) -> None:
    for number, root in enumerate(document.roots):
        if isinstance(root, dict) or (isinstance(root, bool) and _SCHEMA.search(document.path)):
            continue
        kind = {list: "a sequence", str: "text", type(None): "nothing"}.get(type(root), "a single value")
        at = document.locate(() if len(document.roots) == 1 else (number,))
        error = InputError(
            codes.NOT_A_MAPPING,
            f"expected a mapping at the top, found {kind}",
            at=at,
            hint=codes.FIX[codes.NOT_A_MAPPING],
        )
        raise source.conflict() or error


def _refused(code: str, path: str, message: str) -> InputError:
    return InputError(code, message, at=Location(path), hint=codes.FIX[code])


def _unreadable(path: str, error: OSError) -> IncompleteError:
    reason = error.strerror or type(error).__name__
    return IncompleteError(f"cannot be read: {reason}", at=Location(path), hint="Check the file and its permissions.")
