"""From the name of a revision to its commit, with a next step for every name that leads nowhere."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final

from retailctl.errors import ConfigError, IncompleteError, RetailctlError, UsageError
from retailctl.workspace.git import Answer, Git
from retailctl.workspace.source import shorten

# No character outside of these is part of a name, and none of `~ ^ @ {}` is refused: v1.2~3, main@{yesterday}.
_REF: Final = re.compile(r"(?!-)(?:(?!\.\.)[^\s\x00-\x20\x7f-\xa0:?*\[\\])+")
_LONGEST_REF: Final = 1000
_COMMIT: Final = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) commit\n")
_SHALLOW: Final = (
    "This clone is shallow: fetch the history first (actions/checkout: `fetch-depth: 0`; GitLab: `GIT_DEPTH: 0`; "
    "by hand: `git fetch --unshallow`)."
)


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit: ``name`` as it was asked for, ``commit`` as its full hash."""

    name: str
    commit: str

    def __str__(self) -> str:
        return self.name if self.commit.startswith(self.name) else f"{self.name} ({self.commit[:12]})"


def resolve(git: Git, ref: str) -> Revision:
    """Return the commit of a branch, tag or hash. Raises as ``revisions.open_revision`` does.

    The name goes through standard input: there it cannot be taken for an option.
    """
    try:
        feed = f"{ref}^{{commit}}\n".encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        feed = b""
    if not feed or len(ref) > _LONGEST_REF or not _REF.fullmatch(ref):
        hint = "Give a branch, a tag or a commit, such as origin/main."
        raise UsageError(f"{shorten(ref)!r} is not the name of a revision", hint=hint)
    answer = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", feed=feed)
    if answer.code:
        raise failed(answer)
    found = _COMMIT.fullmatch(answer.out)
    if found is None:
        raise _unknown(git, ref, ambiguous=answer.out.endswith(b" ambiguous\n"))
    return Revision(ref, found[1].decode("ascii"))


def merge_base(git: Git, ref: str) -> Revision:
    """Return the last commit that ``HEAD`` and ``ref`` share. Raises as ``revisions.open_merge_base`` does."""
    other, head = resolve(git, ref), resolve(git, "HEAD")
    answer = git.run("merge-base", other.commit, head.commit)
    commit = answer.out.decode("ascii", "replace").strip()
    if answer.code > 1:
        raise failed(answer)
    if not commit:
        hint = _SHALLOW if _is_shallow(git) else "Compare with the revision itself."
        raise UsageError(f"HEAD and {shorten(ref)} have no common commit in this clone", hint=hint)
    return Revision(f"merge base of {other.name} and HEAD", commit)


def _unknown(git: Git, ref: str, *, ambiguous: bool) -> UsageError:
    if ambiguous:
        return UsageError(f"{ref} is the start of more than one commit", hint="Give more digits of the hash.")
    listing = git.run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
    names = [name for name in listing.out.decode("utf-8", "replace").splitlines() if name != ref]
    last = ref.rpartition("/")[2].casefold()
    near = [name for name in names if name.rpartition("/")[2].casefold() == last] or difflib.get_close_matches(
        ref, names, n=1
    )
    hint = f"Did you mean {near[0]}?" if near else "See `git branch -a` and `git tag` for what this clone has."
    return UsageError(
        f"no revision {shorten(ref)} in this repository", hint=f"{hint} {_SHALLOW}" if _is_shallow(git) else hint
    )


def _is_shallow(git: Git) -> bool:
    return git.run("rev-parse", "--is-shallow-repository").out.strip() == b"true"


def failed(answer: Answer) -> RetailctlError:
    """Return the error for a command that git could not carry out."""
    if "not a git repository" in answer.error:
        return UsageError("the workspace is not in a git repository", hint="Compare with a file or folder instead.")
    if "dubious ownership" in answer.error or "unsafe repository" in answer.error:
        return ConfigError(
            "git does not trust the repository: it belongs to another user",
            hint="Run as its owner, or `git config --global --add safe.directory <folder of the repository>`.",
        )
    lines = answer.error.splitlines() or [f"exit code {answer.code}"]
    return IncompleteError(f"git failed: {lines[0][:200]}", hint="Run `git fsck` on the repository.")
