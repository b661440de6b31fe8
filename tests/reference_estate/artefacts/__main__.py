"""Write the artefacts anew."""

from __future__ import annotations

from tests.reference_estate.artefacts.everything import write

for path in write():
    print(path)  # noqa: T201
