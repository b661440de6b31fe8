"""`make docs`: write the generated pages and the captured output of all others anew."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.docs.generated import GENERATED
from tests.docs.pages import RUN_PAGES, Copy, with_blocks
from tests.needs import ROOT


def main(names: list[str]) -> int:
    """Write these pages, or all; say which have changed."""
    for name in names or [*GENERATED, *RUN_PAGES]:
        path = ROOT / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        with tempfile.TemporaryDirectory() as place:
            copy = Copy.make(Path(place))
            after = GENERATED[name](copy) if name in GENERATED else with_blocks(before, list(copy.follow(before)))
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
