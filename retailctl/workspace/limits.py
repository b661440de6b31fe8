"""What one input file may cost; every limit is a setting and every excess is a located finding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file.

    ``nodes`` counts values (the root, every mapping value, every sequence item); an alias counts with everything its
    anchor holds, so a small file cannot stand for a huge document. ``depth`` counts nested mappings and sequences,
    ``documents`` those of one stream (a file retailctl owns always holds exactly one).
    """

    file_bytes: int = 32 * 1024 * 1024
    depth: int = 100
    nodes: int = 2_000_000
    alias_events: int = 10_000
    documents: int = 10_000
