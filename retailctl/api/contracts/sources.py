"""Contract documents from where a caller names them: a file, or ``REVISION:path`` in git."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from retailctl.api.contracts.remote import RemoteDocuments
from retailctl.contracts.api.model import EVENTS, ApiDocument, Place
from retailctl.contracts.api.reading import locate, read_api
from retailctl.contracts.references import Library
from retailctl.errors import InputError, Location, UsageError
from retailctl.workspace import input_codes as codes
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import read_document

Read = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class Source:
    """One document: the library it is read by, its normal form, and how reports call it."""

    library: Library
    api: ApiDocument
    label: str

    def locate(self, place: Place) -> Location:
        """Line and column of a place in it."""
        if self.api.locator is not None:
            return self.api.locator(place)
        return locate(self.library, place)

    def holds(self, place: Place) -> bool:
        """True if the place itself is there, not only something above it."""
        try:
            self.api.schemas.raw(place.key)
        except KeyError:
            return False
        return True


def open_library(read: Read, path: str, remote: RemoteDocuments | None = None) -> Library:
    """A document with what it refers to, over the network only as far as ``remote`` goes."""
    if remote is None:
        return Library(read, path)
    return Library(read, path, allow_hosts=remote.hosts, fetch=remote.fetch)


def open_source(read: Read, path: str, label: str, remote: RemoteDocuments | None = None) -> Source:
    """Read a document and everything about its version.

    Raises InputError for what is neither an API document nor an event contract that can be read, with the place and
    what is supported.
    """
    library = open_library(read, path, remote)
    api = read_api(library)
    if api is None:
        from retailctl.contracts.events.reading import read_events

        api = read_events(library)
    if api is None:
        raise unreadable_version(library)
    if api.family == "protobuf":
        from retailctl.api.contracts.language_problems import require_readable

        require_readable(api)
    return Source(library, api, label)


def require_same_kind(old: Source, new: Source) -> None:
    """Raise InputError, at the version of the revision, for two documents of different kinds."""
    one, other = _kind(old), _kind(new)
    if one != other:
        at = new.library.root.locate(_VERSION_AT[other])
        raise InputError(
            codes.CONTRACT_KINDS, f"{other} cannot be compared with {one} ({old.label})", at=at,
            hint=codes.FIX[codes.CONTRACT_KINDS],
        )  # fmt: skip


_VERSION_AT = {"an API document": "", "an AsyncAPI document": "/asyncapi", "a schema": ""}
_SCHEMAS = frozenset({"json-schema", "avro", "protobuf"})


def _kind(source: Source) -> str:
    """What is compared with its like only; a schema may be written in another language than before."""
    family = source.api.family
    if family not in EVENTS:
        return "an API document"
    return "a schema" if family in _SCHEMAS else "an AsyncAPI document"


def unreadable_version(library: Library) -> InputError:
    """The error for a document that is no contract of a version that is read here."""
    raw = library.root.data
    if isinstance(raw, dict) and "asyncapi" in raw and not {"openapi", "swagger"} & raw.keys():
        return _unreadable_asyncapi(library, raw["asyncapi"])
    from retailctl.contracts.lint.facts import LintFact
    from retailctl.contracts.lint.table import message
    from retailctl.contracts.lint.version import detect_version

    found = detect_version(library.root.data, library.root_path)
    at = library.root.locate(found.pointer if isinstance(found, LintFact) else "")
    text = message(found) if isinstance(found, LintFact) else "not an API document"
    return InputError(codes.CONTRACT_VERSION, text, at=at, hint=codes.FIX[codes.CONTRACT_VERSION])


def _unreadable_asyncapi(library: Library, version: object) -> InputError:
    from retailctl.contracts.events.reading import SUPPORTED

    seen = f"version {version[:40]!r}" if isinstance(version, str) else "a version that is not text"
    return InputError(
        codes.CONTRACT_VERSION, f"asyncapi: {seen}; supported are {SUPPORTED}", at=library.root.locate("/asyncapi"),
        hint=codes.FIX[codes.CONTRACT_VERSION],
    )  # fmt: skip


def or_boolean(read: Callable[[bool], Document]) -> Document:
    """A document; ``true`` or ``false`` alone counts as one, as it is a JSON Schema. Raises InputError for other values
    that are no mapping."""
    try:
        return read(True)
    except InputError as error:
        if error.code != codes.NOT_A_MAPPING:
            raise
        document = read(False)
        if not isinstance(document.data, bool):
            raise
        return document


def file_reader(root: Path, limits: Limits) -> Read:
    """Reads documents below a folder, under the guards of every file that is not ours."""

    def read(path: str) -> Document:
        return or_boolean(
            lambda strictly: read_document(root, path, limits=limits, owned=False, require_mapping=strictly)
        )

    return read


def anchor(path: Path, root: Path | None, common: Path | None = None) -> tuple[Path, str]:
    """The folder that references may not leave, and the path of the file from there: the workspace, else the current
    folder, else the folder that both documents of a comparison are in, else the folder of the file."""
    full = Path.cwd() / path
    for folder in (root, Path.cwd(), common):
        if folder is not None:
            inside = os.path.relpath(full, folder)
            if not inside.startswith(os.pardir):
                return folder.absolute(), Path(inside).as_posix()
    return full.parent, full.name


def common_folder(*names: str) -> Path | None:
    """The folder that all the files are in; None for the root of the file system, which is no bound at all."""
    folders = [str((Path.cwd() / name).parent) for name in names if Path(name).is_file()]
    found = Path(os.path.commonpath(folders)) if len(folders) > 1 else None
    return None if found is None or found == found.parent else found


def split_revision(text: str) -> tuple[str, str] | None:
    """``REVISION:path`` taken apart; None for a plain path. A file of that name wins."""
    if Path(text).exists() or ":" not in text:
        return None
    revision, _, path = text.partition(":")
    if len(revision) == 1 and path[:1] in ("\\", "/"):  # a drive letter
        return None
    if not revision or not path:
        raise UsageError(f"{text!r} is neither a file nor REVISION:path", hint="such as origin/main:openapi.yaml")
    return revision, path


def existing(text: str) -> Path:
    """The path of a file named on the command line. Raises UsageError when there is none."""
    path = Path(text)
    if not path.exists():
        raise UsageError(f"{text}: no such file", hint="a file, or REVISION:path such as origin/main:openapi.yaml")
    if path.is_dir():
        raise UsageError(f"{text} is a folder", hint="name the document in it, or use `retailctl contract check`")
    return path


def first(items: Iterable[str]) -> str:
    """The first of several, "" for none."""
    return next(iter(items), "")
