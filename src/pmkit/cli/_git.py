"""What the command asks of git: a file as it was, and a merge of texts; never through a shell."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from pmkit.errors import FileError, InvalidValueError
from pmkit.formats.workspace import Located, product_files, read_documents
from pmkit.model import quoted, without_controls

__all__ = ["merged_text", "product_at"]

_SECONDS = 30
_MOST_CONFLICTS = 127
_SIDES = ("ours", "base", "theirs")


def product_at(path: str, revision: str) -> Located:
    """Read a product as it was at a git revision.

    Raises
    ------
    InvalidValueError
        For a revision that begins with "-", or that git does not know.
    FileError
        When git is not there, the path is in no repository, or the product did not exist then.
    """
    if revision.startswith("-") or not revision or ":" in revision:
        raise InvalidValueError(f"{quoted(revision)} is not a git revision such as HEAD~1 or main")
    target = Path(path)
    folder = target if target.is_dir() else target.parent
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise InvalidValueError(f"git knows no revision {quoted(revision)} in {quoted(os.fspath(folder))}")
    sha = commit.decode("ascii", "replace").strip()
    if target.is_dir():
        listed = _git(folder, "ls-tree", "--name-only", "-z", sha) or b""
        names = product_files(os.fsdecode(name) for name in listed.split(b"\0") if name)
    else:
        names = [target.name]
    texts = {}
    for name in names:
        data = _git(folder, "cat-file", "blob", f"{sha}:./{name}")
        if data is None:
            raise FileError(f"{quoted(name)} did not exist at {quoted(revision)}")
        texts[f"{revision}:{name}"] = data
    if not texts:
        raise FileError(f"{quoted(path)} held no product at {quoted(revision)}")
    return read_documents(texts)


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Run git in a folder; None when it says no."""
    command = ["git", "-C", os.fspath(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise FileError("git is not installed, or not on the path") from None
    except subprocess.TimeoutExpired:
        raise FileError(f"git did not answer in {_SECONDS} seconds") from None
    except (OSError, ValueError) as error:
        raise FileError(f"git cannot be run: {error}") from None
    if done.returncode == 0:
        return done.stdout
    words = done.stderr.decode("utf-8", "replace")
    if "not a git repository" in words or "cannot change to" in words:
        raise FileError(f"{quoted(os.fspath(folder))} is in no git repository")
    if "dubious ownership" in words:
        raise FileError(without_controls(words.strip().splitlines()[0]))
    return None


def merged_text(base: str, ours: str, theirs: str) -> tuple[str, bool] | None:
    """Merge three texts line by line; the text, and whether it is free of conflicts. None when git cannot do it."""
    command = ["git", "merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", *_SIDES]
    try:
        with tempfile.TemporaryDirectory(prefix="pmkit-merge-") as folder:
            for name, text in zip(_SIDES, (ours, base, theirs), strict=True):
                Path(folder, name).write_bytes(text.encode())
            done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
                command, capture_output=True, timeout=_SECONDS, check=False, cwd=folder, stdin=subprocess.DEVNULL
            )
    except (OSError, subprocess.TimeoutExpired):  # no git, no room: the merge by id needs neither
        return None
    if not 0 <= done.returncode <= _MOST_CONFLICTS:
        return None
    return done.stdout.decode("utf-8", "replace"), done.returncode == 0
