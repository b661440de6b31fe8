"""Documents: every parsed file of one run, read once; places are looked up here.

Large files go through the cache: a file whose bytes have not changed is not parsed again. One with a secret in clear
text is left out: a copy would outlive the secret in the file, and caches of CI jobs are uploaded.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.model.redaction import secrets_in
from retailctl.workspace.cache import Cache, digest
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes, read_bytes, text_loader

# Below this a parse costs no more than a look into the cache.
_WORTH_CACHING = 64 * 1024
# Up to here the text is kept for the places of findings, beside values that take more; others are read again.
_KEPT = 16 * 1024
_KIND = "documents"


class Documents:
    """Reads files of one workspace and remembers them for the run.

    ``identity`` stands for the code that parses: entries of another version are never used.
    """

    def __init__(self, root: Path, limits: Limits, cache: Cache, identity: str) -> None:
        self.root, self.limits, self.cache, self.identity = root, limits, cache, identity
        self._known: dict[str, Document] = {}
        self._placed: dict[Location, Location] = {}
        self._base: str | None = None

    def read(self, path: str, *, owned: bool = True) -> Document:
        """The parsed file. Raises InputError or IncompleteError as the reader does."""
        document = self._known.get(path)
        if document is None:
            if self._base is None:
                self._base = os.path.realpath(self.root)
            data = read_bytes(self.root, path, limits=self.limits, base=self._base)
            document = self._cached(path, data, owned) if self.cache.enabled and len(data) >= _WORTH_CACHING else None
            document = document or self._parse(path, data, owned)
            self._known[path] = document
        return document

    def give(self, path: str, data: bytes) -> None:
        """Put the content of a file that is not on the disk yet, or not as it will be, in the place of it.

        Raises InputError as the reader does.
        """
        self._known[path] = parse_bytes(path, data, limits=self.limits)
        self._placed.clear()

    def prefetch(self, paths: Iterable[str], jobs: int) -> None:
        """Parse several large files at a time in ``jobs`` processes; errors are left for :meth:`read` to raise."""
        wanted = [path for path in paths if path not in self._known and self._is_large(path)] if jobs > 1 else []
        if len(wanted) < 2:
            return
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(min(jobs, len(wanted)), initializer=gc.disable) as pool:
            work = deque(
                (path, pool.submit(_encoded, self.root, path, self.limits, self.cache, self.identity))
                for path in wanted
            )
            while work:  # each result is dropped as soon as it is decoded
                path, encoded = work[0][0], work.popleft()[1].result()
                if encoded is not None:
                    document = Document.decode(encoded)
                    document.load = text_loader(self.root, path, document.sha256, limits=self.limits)
                    self._known[path] = document

    def place(self, location: Location) -> Location:
        """The same place with line and column; unchanged when it has them or the file was not parsed."""
        if location.line or location.path not in self._known:
            return location
        placed = self._placed.get(location)
        if placed is None:  # many rules have something to say of one entry
            found = self._known[location.path].locate(location.pointer)
            placed = self._placed[location] = replace(location, line=found.line, column=found.column)
        return placed

    def _is_large(self, path: str) -> bool:
        try:
            return (self.root / path).stat().st_size >= 16 * _WORTH_CACHING
        except OSError:
            return False

    def _cached(self, path: str, data: bytes, owned: bool) -> Document | None:
        sha256 = hashlib.sha256(data).hexdigest()
        entry = self.cache.get(_KIND, _key(self.identity, path, sha256, self.limits, owned=owned))
        if entry is None:
            return None
        try:
            return Document.decode(entry, load=text_loader(self.root, path, sha256, limits=self.limits))
        except ValueError:
            return None

    def _parse(self, path: str, data: bytes, owned: bool) -> Document:
        document = parse_bytes(path, data, limits=self.limits, owned=owned, require_mapping=owned)
        if len(data) > _KEPT:
            document.load = text_loader(self.root, path, document.sha256, limits=self.limits)
        if self.cache.enabled and len(data) >= _WORTH_CACHING and not _has_secret(data):
            encoded = document.encode()
            if encoded is not None:
                self.cache.put(_KIND, _key(self.identity, path, document.sha256, self.limits, owned=owned), encoded)
        return document


def _key(identity: str, path: str, sha256: str, limits: Limits, *, owned: bool) -> str:
    return digest(identity, path, sha256, str(owned), repr(limits))


def _encoded(root: Path, path: str, limits: Limits, cache: Cache, identity: str) -> bytes | None:
    """In a worker process: the encoded document, which is put into the cache there; None when it is in the cache
    already, and for whatever the main process has to report itself."""
    try:
        data = read_bytes(root, path, limits=limits)
        key = _key(identity, path, hashlib.sha256(data).hexdigest(), limits, owned=True)
        encoded = None if cache.has(_KIND, key) else parse_bytes(path, data, limits=limits).encode()
    except (InputError, IncompleteError):
        return None
    if encoded is not None and not _has_secret(data):
        cache.put(_KIND, key, encoded)
    return encoded


def _has_secret(data: bytes) -> bool:
    return next(secrets_in(data.decode("utf-8", "replace")), None) is not None
