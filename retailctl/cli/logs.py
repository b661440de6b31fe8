"""The log of our own modules on stderr, for ``-v``: redacted like everything else."""

from __future__ import annotations

import logging

from retailctl.cli.console import Console

_LEVELS = {1: logging.INFO, 2: logging.DEBUG}


class ConsoleHandler(logging.Handler):
    """Passes records to the console, which redacts them."""

    def __init__(self, console: Console) -> None:
        super().__init__(_LEVELS[min(console.verbose, 2)])
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        try:
            self._console.detail(f"{record.levelname.lower()}: {record.getMessage()}")
        except Exception:  # a bad log call must not end a run; logging has its own way to say so
            self.handleError(record)


def listen(console: Console) -> None:
    """Show the log of retailctl on this console, and on no earlier one."""
    logger = logging.getLogger("retailctl")
    logger.handlers = [ConsoleHandler(console)]
    logger.setLevel(_LEVELS[min(console.verbose, 2)])
    logger.propagate = False
