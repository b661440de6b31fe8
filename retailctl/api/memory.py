"""Garbage collection during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """No cyclic garbage collection meanwhile.

    A run makes millions of small values that stay alive until its end and hardly any cycles; collecting costs a
    quarter of its CPU time and frees nothing. What a run leaves goes to the oldest generation, or the next collection
    of the youngest would go through all of it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():  # what somebody else has frozen stays so
                gc.freeze()
                gc.unfreeze()
            gc.enable()
