"""What clients call: the key between the operations of a document and the interfaces of an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Called:
    """One operation as clients call it: the method, and every effective path with its parameters nameless."""

    method: str
    urls: tuple[str, ...]

    @property
    def shown(self) -> str:
        """For a sentence."""
        return f"{self.method} {self.urls[0] if self.urls else ''}".strip()


def called(operations: Mapping[str, Called], labels: Iterable[str]) -> Iterator[Called]:
    """The operations behind labels; those that are no calls (webhooks) are left out."""
    for label in labels:
        if label in operations:
            yield operations[label]
