"""Asking git: an argument list, no shell, a time-out, and no setting of the repository that runs programs."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from pmkit.errors import FileError, InvalidValueError, MissingDependencyError
from pmkit.model import quoted, without_controls

__all__ = ["Git", "want_ref"]

_PIECE = 1 << 16
_SAFE = (
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false",
    "-c", "core.quotePath=false", "-c", "protocol.allow=never",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_UNWANTED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF", "GIT_TRACE")
_FRESH = ("does not have any commits yet", "bad default revision", "unknown revision", "ambiguous argument")


def want_ref(ref: str) -> str:
    """Return a ref that cannot be taken for an option.

    Raises
    ------
    InvalidValueError
        When it begins with ``-``, is empty, or holds a control character.
    """
    if not ref or ref.startswith("-") or not ref.isprintable():
        raise InvalidValueError(f"a ref is the name of a branch, tag or commit, not {quoted(ref)}")
    return ref


class Git:
    """One repository, asked by its own ``git``.

    Parameters
    ----------
    folder : path
        Anywhere inside of the checkout.
    timeout : float
        Seconds that one question may take.
    """

    def __init__(self, folder: str | os.PathLike[str], *, timeout: float) -> None:
        self.folder = Path(folder)
        self.timeout = timeout
        if not self.folder.is_dir():
            raise FileError(f"{quoted(os.fspath(folder))} is no folder; name a checkout")

    def ask(self, *arguments: str) -> bytes:
        """Return all that git answers."""
        return b"".join(self.stream(*arguments))

    def stream(self, *arguments: str) -> Iterator[bytes]:
        """Yield what git answers, piece by piece.

        Raises
        ------
        FileError
            When git fails or takes too long.
        MissingDependencyError
            When there is no git.
        """
        process = self._started(arguments)
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.timeout, stop)
        timer.start()
        trouble: list[bytes] = []
        listener = threading.Thread(target=lambda: trouble.append(_first(process)))
        listener.start()
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            while piece := process.stdout.read1(_PIECE):  # type: ignore[attr-defined]  # a buffered pipe
                yield piece
            process.wait()
        finally:
            timer.cancel()
            process.kill()
            process.wait()
            listener.join()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        if late.is_set():
            raise FileError(
                f"git {arguments[0]} took longer than {self.timeout:g} s; give it more time, or less history"
            )
        if process.returncode:
            raise FileError(f"git {arguments[0]}: {_told(b''.join(trouble))}")

    def _started(self, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
        environment: Mapping[str, str] = {
            name: value for name, value in os.environ.items() if name not in _UNWANTED
        } | _ENVIRONMENT
        try:
            return subprocess.Popen(  # noqa: S603 - an argument list, no shell
                ["git", "--no-pager", *_SAFE, *arguments],  # noqa: S607 - the user's own git
                cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
        except FileNotFoundError:
            raise MissingDependencyError("reading a repository needs git: install it first", name="git") from None
        except (OSError, ValueError) as error:
            raise FileError(f"git cannot be started in {quoted(os.fspath(self.folder))}: {error}") from None


def _first(process: subprocess.Popen[bytes]) -> bytes:
    """Read all that git complains about, and keep the beginning."""
    kept = b""
    if process.stderr is not None:
        while piece := process.stderr.read(_PIECE):
            kept = kept or piece
    return kept


def _told(trouble: bytes) -> str:
    text = without_controls(trouble.decode("utf-8", "replace").strip().split("\n")[0]) or "it failed"
    if any(words in text for words in _FRESH):
        return f"{text[:200]}; name a branch, tag or commit of this repository"
    return text.removeprefix("fatal: ")[:200]
