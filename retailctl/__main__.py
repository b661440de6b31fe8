"""`python -m retailctl`."""

import sys

from retailctl.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
