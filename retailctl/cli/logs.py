"""The log of our own modules on stderr, for ``-v``: redacted like everything else."""

from __future__ import annotations

import logging
from collections.abc import Callable

from retailctl.cli.console import Console


class ConsoleHandler(logging.Handler):
    """Passes records to the console, which redacts them."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO if console.verbose == 1 else logging.DEBUG)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        try:
            self._console.detail(f"{record.levelname.lower()}: {record.getMessage()}")
        except Exception:  # noqa: BLE001 - a bad log call must not end a run; logging has its own way to say so
            self.handleError(record)


def listen(console: Console) -> Callable[[], None]:
    """Show the log of retailctl on this console, until the function that is returned is called."""
    logger = logging.getLogger("retailctl")
    before = logger.level
    handler = ConsoleHandler(console)
    logger.addHandler(handler)
    logger.setLevel(handler.level)

    def stop() -> None:
        logger.removeHandler(handler)
        logger.setLevel(before)

    return stop
