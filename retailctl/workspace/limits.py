"""What one input file may cost; every limit is a setting and every excess is a located finding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file.

    ``nodes`` counts values (the root, every mapping value, every sequence item); an alias counts with everything its
    anchor holds, so a small file cannot stand for a huge document. Where a file has more different keys than the
    reader remembers (65,536), a new key counts as well: it costs as much as a value. ``depth`` counts nested mappings
    and sequences, ``documents`` those of one stream (a file retailctl owns always holds exactly one).

    Ten thousand interfaces in one file, 16 MB, are 860,000 values on 410,000 lines.
    """

    file_bytes: int = 32 * 1024 * 1024
    lines: int = 2_000_000
    depth: int = 100
    nodes: int = 1_200_000
    alias_events: int = 10_000
    documents: int = 10_000
