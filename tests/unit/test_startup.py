"""`--help` and `--version`: the entry point answers without loading what it does not use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from retailctl import __version__

HEAVY = {
    *("pydantic", "rich", "networkx", "yaml", "ruamel", "cel_expr_python"),
    *("httpx", "odoorpc", "openapi_spec_validator", "duckdb"),
}
RUN = """
import sys
from retailctl.cli.main import main
sys.argv = ["retailctl", {flag!r}]
try:
    code = main()
except SystemExit as end:
    code = end.code
assert not code, code
print(*sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


@pytest.mark.parametrize(("flag", "says"), [("--help", "Usage: retailctl"), ("--version", __version__)])
def test_the_entry_point_starts_light(flag: str, says: str) -> None:
    command = [sys.executable, "-c", RUN.format(flag=flag)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
    assert HEAVY.isdisjoint(done.stderr.split())
