"""The documents that are reachable from one contract document, and what a reference in one of them leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from retailctl.contracts.references.anchors import Anchors, read_anchors
from retailctl.contracts.references.find import find_references
from retailctl.contracts.references.plain import plain
from retailctl.contracts.references.pointers import Missing, decode_fragment, join_pointer, split_pointer, value_at
from retailctl.contracts.references.problem import ProblemCode, ReferenceProblem, shown
from retailctl.contracts.references.where import document_of, is_url, split_reference
from retailctl.errors import IncompleteError, InputError
from retailctl.workspace.document import Document
from retailctl.workspace.input_codes import OUTSIDE_ROOT, REFERENCE_DENIED
from retailctl.workspace.reader import parse_bytes

_CODES: Final[Mapping[str, ProblemCode]] = {OUTSIDE_ROOT: "outside-workspace", REFERENCE_DENIED: "network"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reference leads: the path of the document, the pointer in it and the raw value there."""

    path: str
    pointer: str
    value: object


def store_key(path: str, pointer: str) -> str:
    """The key of a place in a library: ``<path>#<pointer>``."""
    return f"{path}#{pointer}"


class Library:
    """Reads documents through a callback, each once, and resolves references between them.

    ``read(path)`` raises InputError or IncompleteError as the guarded reader does; it is the reader that checks real
    paths. ``fetch`` is called with URLs of the hosts named in ``allow_hosts`` only, and raises the same errors; without
    it nothing is fetched.
    """

    def __init__(
        self,
        read: Callable[[str], Document],
        root_path: str,
        *,
        allow_hosts: Iterable[str] = (),
        fetch: Callable[[str], bytes] | None = None,
    ) -> None:
        """Read the root document; its InputError or IncompleteError is passed on."""
        self._read, self._fetch = read, fetch
        self._allowed = frozenset(host.lower() for host in allow_hosts) if fetch else frozenset()
        self._documents: dict[str, Document | ReferenceProblem] = {}
        self._anchors: dict[str, Anchors] = {}
        self._bases: dict[str, tuple[str, str]] = {}
        self._targets: dict[tuple[str, str], Target | ReferenceProblem] = {}
        self._ends: dict[tuple[str, str], Target | ReferenceProblem] = {}
        self._unread: list[str] = [root_path]  # documents whose identifiers are not in _identifiers yet
        self._identifiers: dict[str, tuple[str, str]] = {}
        self._data: dict[str, object] = {}
        self.root: Document = read(root_path)
        self.are_known = False  # whether every reference in the text of the root was followed
        self._documents[root_path] = self.root
        self.root_path = root_path

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the documents read so far, sorted."""
        return tuple(sorted(path for path, found in self._documents.items() if isinstance(found, Document)))

    @property
    def problems(self) -> tuple[ReferenceProblem, ...]:
        """The references asked for so far that lead nowhere, or where we do not go; each once, sorted."""
        met = {
            (found.ref, found.code): found
            for found in (*self._targets.values(), *self._ends.values())
            if isinstance(found, ReferenceProblem)
        }
        return tuple(met[key] for key in sorted(met))

    def places_of(self, problems: Iterable[ReferenceProblem]) -> Iterator[tuple[str, str, ReferenceProblem]]:
        """The first place where each problem stands: path, pointer and problem."""
        wanted = {problem.ref: problem for problem in problems}
        for path in self.paths:
            for pointer, text in find_references(self.document(path).data):
                if text in wanted:
                    yield path, pointer, wanted.pop(text)
                    if not wanted:
                        return

    @property
    def met_problems(self) -> bool:
        """Whether a reference that was asked for so far could not be followed."""
        return any(isinstance(found, ReferenceProblem) for found in self._targets.values())

    def document(self, path: str) -> Document:
        """The document with this path, as :class:`Target` names it. Raises ReferenceProblem when it is unreadable."""
        found = self._documents.get(path)
        if found is None:
            found = self._documents[path] = self._load(path)
            if isinstance(found, Document):
                self._unread.append(path)
        if isinstance(found, ReferenceProblem):
            raise found.with_traceback(None)
        return found

    def data(self, path: str) -> object:
        """The values of a document as plain text, numbers and booleans. Raises ReferenceProblem as :meth:`document`."""
        if path not in self._data:
            document = self.document(path)
            self._data[path] = plain(document.data) if document.keeps_sources else document.data
        return self._data[path]

    def base_of(self, path: str, pointer: str) -> str:
        """The base of the references at a place: the path, or a key for the closest ``$id`` around it."""
        resource = self._anchors_of(path).resource_of(pointer)
        if not resource:
            return path
        key = store_key(path, resource)
        self._bases[key] = (path, resource)
        return key

    def resource_of(self, path: str, pointer: str) -> str:
        """The pointer of the closest ``$id`` around a place, "" for the document itself."""
        return self._anchors_of(path).resource_of(pointer)

    def resource_named(self, identifier: str, path: str, resource: str) -> tuple[str, str] | None:
        """Path and pointer of the resource with an ``$id``, as written inside another one; None where none has it."""
        return self._by_identifier(identifier.partition("#")[0], path, resource)

    def anchored(self, name: str) -> dict[tuple[str, str], str]:
        """Where a plain name is declared in the documents read so far: (path, resource) to a pointer."""
        return {
            (path, resource): pointer
            for path in self.paths
            for (resource, own), pointer in self._anchors_of(path).names.items()
            if own == name
        }

    def resources(self, path: str) -> tuple[str, ...]:
        """The pointers of all resources of a document, "" for the document itself."""
        return tuple({"": "", **self._anchors_of(path).resources})

    def target(self, ref: str, base: str) -> Target:
        """Where a reference leads, one step. Raises ReferenceProblem.

        ``base`` is the path of the document that holds it, or what :meth:`base_of` gave for the place.
        """
        key = (base, ref)
        found = self._targets.get(key)
        if found is None:
            try:
                found = self._resolve(ref, base)
            except ReferenceProblem as problem:
                found = problem
            self._targets[key] = found
        if isinstance(found, ReferenceProblem):
            raise found.with_traceback(None)
        return found

    def follow(self, ref: str, base: str) -> Target:
        """Where a reference leads in the end, through every object that is itself a reference. Raises ReferenceProblem.

        References that lead only to each other are a "cycle". Keywords beside ``$ref`` are passed over: ask
        :meth:`target` step by step where they count.
        """
        found = self.target(ref, base)
        passed: dict[tuple[str, str], None] = {}
        end: Target | ReferenceProblem = found
        while True:
            place = (found.path, found.pointer)
            if place in self._ends:
                end = self._ends[place]
                break
            if place in passed:
                end = ReferenceProblem("cycle", ref, "it leads back to itself through references only")
                break
            passed[place] = None
            onward = found.value.get("$ref") if isinstance(found.value, Mapping) else None
            if not isinstance(onward, str):
                end = found
                break
            try:
                found = self.target(onward, self.base_of(*place))
            except ReferenceProblem as problem:
                end = problem
                break
        self._ends.update(dict.fromkeys(passed, end))
        if isinstance(end, ReferenceProblem):
            raise end.with_traceback(None)
        return end

    def _resolve(self, ref: str, base: str) -> Target:
        path, resource = self._bases.get(base, (base, ""))
        part, encoded = split_reference(ref)
        path, resource = self._by_identifier(part, path, resource) or (
            (path, resource) if not part else (document_of(ref, part, path, self._allowed), "")
        )
        data = self._data_for(ref, path)
        try:
            fragment = decode_fragment(encoded)
            if fragment and not fragment.startswith("/"):
                pointer = self._by_name(ref, path, resource, fragment)
            else:
                pointer = resource + fragment
            steps = split_pointer(pointer)
        except ValueError as error:
            raise ReferenceProblem("bad-pointer", ref, f"not a JSON Pointer: {error}") from None
        try:
            value = value_at(data, steps)
        except Missing as missing:
            if (
                resource and not part and fragment.startswith("/")
            ):  # tools commonly count from the document even under an $id
                return self._resolve(ref, path)
            raise ReferenceProblem("dangling", ref, f"there is no {shown(missing.step)!r} at this place") from None
        if not isinstance(value, dict | bool):
            raise ReferenceProblem("not-an-object", ref, "it leads to a value that is not an object")
        return Target(path, join_pointer(steps), value)

    def _data_for(self, ref: str, path: str) -> object:
        """The values of a document, with the reference that asked for it in the problem."""
        try:
            return self.data(path)
        except ReferenceProblem as problem:
            raise ReferenceProblem(problem.code, ref, problem.message) from None

    def _by_identifier(self, part: str, path: str, resource: str) -> tuple[str, str] | None:
        """The resource of a document read so far that has the URI; None when no ``$id`` or ``$self`` says so."""
        if not part:
            return None
        around = self._anchors_of(path).resources.get(resource, "")
        try:
            uri = urljoin(around, part)
        except ValueError:
            return None
        own = self._anchors_of(path).uris.get(uri)
        if own is not None:
            return path, own
        while self._unread:
            known = self._unread.pop()
            for identifier, pointer in self._anchors_of(known).uris.items():
                self._identifiers.setdefault(identifier, (known, pointer))
        return self._identifiers.get(uri)

    def _by_name(self, ref: str, path: str, resource: str, name: str) -> str:
        names = self._anchors_of(path).names
        for scope in (resource, ""):
            if (scope, name) in names:
                return names[scope, name]
        raise ReferenceProblem("dangling", ref, f"there is no anchor {shown(name)!r} in the document")

    def _anchors_of(self, path: str) -> Anchors:
        found = self._anchors.get(path)
        if found is None:
            found = self._anchors[path] = read_anchors(self.data(path))
        return found

    def _load(self, path: str) -> Document | ReferenceProblem:
        try:
            if is_url(path) and self._fetch is not None:
                return _parsed(path, self._fetch(path))
            return self._read(path)
        except InputError as error:
            return ReferenceProblem(_CODES.get(error.code, "unreadable"), path, error.message)
        except IncompleteError as error:
            return ReferenceProblem("unreadable", path, error.message)


def _parsed(url: str, data: bytes) -> Document:
    """A document from the network: JSON by its first byte, YAML otherwise, as a URL has no reliable suffix."""
    name = "document.json" if data.lstrip()[:1] in (b"{", b"[") else "document.yaml"
    document = parse_bytes(name, data, owned=False, require_mapping=False)
    document.path = url
    return document
