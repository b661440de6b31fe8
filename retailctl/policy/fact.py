"""One derived fact: its type, what it says, and what it follows from."""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """Type of a derived fact, what it says in one line, and what has to be declared before it is known."""

    type: str
    meaning: str
    needs: str = ""
