"""The only module that prints. stdout gets the result and nothing else; stderr gets everything about the run.

All of it is redacted, all text has its control characters written out, and a reader that has gone away
(``| head -1``) is no error: the rest is dropped and the verdict still becomes the exit code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TextIO

from retailctl.cli import color
from retailctl.cli.escape import visible
from retailctl.cli.stream import write_all
from retailctl.errors import IncompleteError, RetailctlError
from retailctl.model.redaction import Redactor, secret_values


class Console:
    """Two streams and what the user wants to see on them."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.environ = os.environ if environ is None else environ
        self.redactor = Redactor(secret_values(self.environ))
        self.quiet = 0
        self.verbose = 0
        self.progress = True
        self._gone: set[int] = set()
        self.use_color("auto")

    def use_color(self, when: color.When) -> None:
        """Decide about colour for both streams."""
        self.color_out = color.wanted(when, sys.stdout, self.environ)
        self.color_err = color.wanted(when, sys.stderr, self.environ)

    def stdout_is_terminal(self) -> bool:
        """Whether a person reads the result."""
        return color.is_terminal(sys.stdout)

    def result(self, text: str) -> None:
        """Write a machine-readable result to stdout as it is; `clean` comes before."""
        if self.quiet < 2:
            self._write(sys.stdout, text)

    def lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Write lines of text, each with its style, to stdout."""
        if self.quiet < 2:
            self._write(sys.stdout, self._styled(list(lines)))

    def note(self, text: str, style: str = "") -> None:
        """Say something about the run on stderr; ``-q`` silences it."""
        if not self.quiet:
            self._say(text, style)

    def detail(self, text: str, level: int = 1) -> None:
        """Say something on stderr that only ``-v`` (or ``-vv``) asks for."""
        if self.verbose >= level:
            self._say(text, "dim")

    def error(self, error: RetailctlError) -> None:
        """Say on stderr what went wrong, where, and the next step."""
        place = f"{error.at}: " if error.at else ""
        self._say(f"{place}{error.message}", label="error:", label_style="error")
        if error.hint:
            self._say(f"  hint: {error.hint}", "hint")

    def plain(self, lines: Iterable[tuple[str, str]]) -> str:
        """Lines of text as a file gets them: no colour, no secrets, no control characters."""
        return visible(self.redactor.text("".join(f"{text}\n" for text, _ in lines)))

    def clean(self, text: str, *, json: bool = False) -> str:
        """``text`` without secrets."""
        return self.redactor.json(text) if json else self.redactor.text(text)

    def transient(self, text: str) -> None:
        """Replace the last line of the terminal on stderr; for progress only."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"\r\x1b[K{visible(text)}")
            sys.stderr.flush()

    def _styled(self, pairs: list[tuple[str, str]]) -> str:
        # Redacted as one text: a private key spans lines. Where that takes lines away the colours go too.
        if not pairs:
            return ""
        clean = self.redactor.text("\n".join(text for text, _ in pairs)).split("\n")
        if not self.color_out or len(clean) != len(pairs):
            return "".join(f"{visible(text)}\n" for text in clean)
        return "".join(f"{color.paint(visible(text), style)}\n" for text, (_, style) in zip(clean, pairs, strict=True))

    def _say(self, text: str, style: str = "", *, label: str = "", label_style: str = "") -> None:
        text = visible(self.redactor.text(text))
        if self.color_err:
            text, label = color.paint(text, style), color.paint(label, label_style)
        self._write(sys.stderr, f"{label} {text}\n" if label else f"{text}\n")

    def _write(self, stream: TextIO | None, text: str) -> None:
        if id(stream) in self._gone:
            return
        try:
            if write_all(stream, text):
                return
        except OSError as error:
            if stream is sys.stdout:
                hint = "write it to a file with --output"
                raise IncompleteError(f"cannot write the result: {error.strerror}", hint=hint) from error
        self._gone.add(id(stream))
