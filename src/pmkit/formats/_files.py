"""Reading and writing files: UTF-8 or an error that says where; the old file or the new one, never a torn one."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pmkit.errors import FileError, ParseError, SaveConflictError
from pmkit.model import quoted

__all__ = ["alone", "decode", "position", "read_bytes", "read_text", "write_atomically"]


def position(text: str, index: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a character in a text."""
    line = text.count("\n", 0, index) + 1
    return line, index - (text.rfind("\n", 0, index) + 1) + 1


def decode(data: bytes, source: str) -> str:
    """Turn the bytes of a document into text.

    Raises
    ------
    ParseError
        When they are not UTF-8; line and column of the first bad byte.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = position(before, len(before))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ParseError(message, source=source, line=line, column=column) from None


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a whole file.

    Raises
    ------
    FileError
        When it is missing, a directory, or may not be read.
    """
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise FileError(f"cannot read {quoted(os.fspath(path))}: {_why(error)}") from None


def read_text(path: str | os.PathLike[str]) -> str:
    """Read a whole UTF-8 file."""
    return decode(read_bytes(path), os.fspath(path))


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace a file's content so that a reader, or a crash, sees the old or the new one, never a part.

    A temporary file in the same directory is written, flushed to the disk, renamed over
    the target, and the directory is flushed. The target's permissions are kept; a link
    is followed, so that the file it names is replaced and not the link. A device or a
    pipe, such as ``/dev/null``, is written to and stays what it is.

    Raises
    ------
    FileError
        When anything on the way fails; nothing of the target has changed then.
    """
    target = Path(os.path.realpath(path))
    temporary: str | None = None
    try:
        if _is_special(path):
            Path(path).write_bytes(data)
            return
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".tmp", dir=target.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), _mode(target))
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
        temporary = None
        _flush_directory(target.parent)
    except (OSError, ValueError) as error:
        folder = quoted(os.fspath(target.parent))
        why = f"there is no folder {folder}" if isinstance(error, FileNotFoundError) else _why(error)
        raise FileError(f"cannot write {quoted(os.fspath(path))}: {why}") from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _is_special(path: str | os.PathLike[str]) -> bool:
    """Whether the path leads to something that is neither a file nor a directory."""
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _flush_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, IsADirectoryError):
        return "it is a directory; name a file"
    if isinstance(error, FileNotFoundError):
        return "there is no such file or directory"
    if isinstance(error, PermissionError):
        return "permission denied"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


@contextlib.contextmanager
def alone(target: Path) -> Iterator[None]:
    """Hold the folder's lock while writing; the system lets go of it when the process ends, however it ends.

    Raises
    ------
    FileError
        When there is no such folder.
    SaveConflictError
        When another process holds the lock.
    """
    try:
        import fcntl
    except ImportError:  # not on this system: the comparison of fingerprints still guards
        yield
        return
    folder = target if target.is_dir() else target.parent
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        why = f"there is no folder {quoted(os.fspath(folder))}" if missing else _why(error)
        raise FileError(f"cannot write {quoted(os.fspath(target))}: {why}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SaveConflictError(
                f"{quoted(os.fspath(target))} is being written by someone else; try again"
            ) from None
        yield
    finally:
        os.close(descriptor)
