"""The log of git: every shape it comes in, streamed, and people who stay unknown."""

from __future__ import annotations

import os
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit.errors import FileError, InvalidValueError, ParseError
from pmkit.formats import git_log

HASH = "0123456789abcdef0123456789abcdef01234567"
NUL = "-z", "--format=%x00@%H%x00%P%x00%aE%x00"


def medium(*files: str, author: str = "A B <a@example.org>", extra: str = "") -> str:
    lines = "".join(f"{line}\n" for line in files)
    return f"commit {HASH}\n{extra}Author: {author}\nDate:   Fri Aug 21 2026\n\n    1\t1\tnot/a/file\n\n{lines}\n"


def git(folder: Path, *arguments: str, who: str = "p07") -> str:
    name = ("-c", f"user.name={who}", "-c", f"user.email={who}@example.org", "-c", "init.defaultBranch=main")
    made = subprocess.run(["git", *name, *arguments], cwd=folder, capture_output=True, check=True)
    return made.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("1\t2\ta/b.py", "a/b.py"),
        ("-\t-\tlogo.png", "logo.png"),
        ("0\t0\told.py => new.py", "new.py"),
        ("0\t0\ta/{b => c}/d.py", "a/c/d.py"),
        ("0\t0\ta/{ => c}/d.py", "a/c/d.py"),
        ("0\t0\ta/{b => }/d.py", "a/d.py"),
        ("0\t0\t{b => }/d.py", "/d.py"),
        ("0\t0\t{a => b}/d.py", "b/d.py"),
        ('1\t0\t"caf\\303\\251.md"', "café.md"),
        ('1\t0\t"a\\tb\\n\\"c\\"\\\\d"', 'a\\x09b\\x0a"c"\\d'),
        ('1\t0\t"bad\\377"', "bad\\xff"),
        ('0\t0\t"a\\303\\251" => "b\\303\\251"', "bé"),
        ("1\t0\twith space and => arrow", "arrow"),
        ("1\t0\tcafé", "café"),
    ],
)
def test_names(line: str, path: str) -> None:
    assert [change.component for change in git_log.loads(medium(line))] == [path]


def test_git_s_own_shape_and_one_line_heads() -> None:
    log = medium("1\t0\ta", "2\t0\tb/c", "3\t0\tb/d") + medium("1\t0\ta", author="<c@example.org>")
    changes = git_log.loads(log, component=lambda path: path.partition("/")[0])
    assert [(c.author, c.component, c.files) for c in changes] == [
        ("p0001", "a", 1),
        ("p0001", "b", 2),
        ("p0002", "a", 1),
    ]
    short = git_log.loads("\ufeff--e5aa5c5--2026-08-20--A--B\r\n1\t1\ta\r\n\r\n--e5aa5c6--2026-08-20--C\n1\t1\ta\n")
    assert [(c.commit, c.author) for c in short] == [("e5aa5c5", "p0001"), ("e5aa5c6", "p0002")]
    assert git_log.loads("") == ()
    assert git_log.loads(log, component=lambda _: None) == ()


def test_merges_are_left_out_unless_asked_for() -> None:
    log = medium("1\t0\ta", extra="Merge: 1234567 89abcde\n")
    assert git_log.loads(log) == ()
    assert len(list(git_log.stream(log.encode().splitlines(), merges=True))) == 1


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("hello\n", "'hello' is no line of git log", 1),
        ("1\t1\ta\n", "expected 'commit", 1),
        (f"commit {HASH}\nhello\n", "is no line of git log --numstat", 2),
        ("\0@abc\0\0a@x\0\nhello\0", "-z --numstat", 0),
        ("\0\n1\t0\ta\0", "-z --numstat", 0),
        ("commit message without hash\n", "is no line", 1),
    ],
)
def test_what_is_no_log_is_refused(text: str, says: str, line: int) -> None:
    with pytest.raises(ParseError, match="git log") as caught:
        git_log.loads(text)
    assert says in str(caught.value)
    assert caught.value.line == line


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for log in (data, b"\0" + data, f"commit {HASH}\n".encode() + data, b"\0@" + data):
        try:
            git_log.loads(log)
        except ParseError as error:
            assert "\x00" not in str(error)


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name))
def test_names_become_ids(name: bytes) -> None:
    log = b"\0@abcd\0\0a@x\0\0\n1\t0\t" + name + b"\0"
    (change,) = git_log.loads(log)
    assert change.component.isprintable() or not change.component.isascii()


def test_both_streams_of_a_real_repository_agree(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / 'q"uote.txt').write_text("one\ntwo\nthree\nfour\n")
    (tmp_path / "line\nbreak").write_text("x")
    Path(os.fsdecode(bytes(tmp_path) + b"/bad\xff")).write_bytes(b"x")
    (tmp_path / "logo").write_bytes(b"\0\1\2")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "1\t1\tnot a file")
    git(tmp_path, "mv", "a b", "c")
    git(tmp_path, "commit", "-qm", "move", who="p11")
    git(tmp_path, "commit", "-qm", "empty", "--allow-empty")
    text = git_log.loads(git(tmp_path, "log", "--numstat", "-M"))
    nul = git_log.loads(git(tmp_path, "log", "--numstat", "-M", *NUL))
    assert text == nul
    assert sorted(change.component for change in nul) == sorted(
        ['c/q"uote.txt', 'a b/q"uote.txt', "bad\\xff", "line\\x0abreak", "logo"]
    )
    assert len({change.author for change in nul}) == 2
    file = tmp_path / "log.txt"
    file.write_bytes(git(tmp_path, "log", "--numstat", "-M").encode("utf-8", "surrogateescape"))
    assert tuple(git_log.load(file)) == text
    with pytest.raises(FileError, match="cannot read"):
        list(git_log.load(tmp_path / "none"))


def test_the_nul_stream_knows_renames_from_names_with_arrows() -> None:
    log = b"\0@abcd\0\0a@x\0\0\n0\t0\t\0old\0new => er\0" + b"1\t0\tx => y\0"
    assert [change.component for change in git_log.loads(log)] == ["new => er", "x => y"]
    pieces = [log[at : at + 3] for at in range(0, len(log), 3)]
    assert [change.component for change in git_log.stream(pieces)] == ["new => er", "x => y"]


def test_people_are_pseudonyms() -> None:
    hashed = git_log.People("hashed", salt="pepper")
    assert hashed.id_of("a@example.org") == git_log.People("hashed", salt="pepper").id_of("A@example.org ")
    assert hashed.id_of("a@example.org") != git_log.People("hashed", salt="salt").id_of("a@example.org")
    assert git_log.People("named").id_of(" a@example.org") == "a@example.org"
    assert git_log.People().id_of("") == "p0001"
    assert git_log.People("named").id_of("") == "?"
    with pytest.raises(InvalidValueError, match="needs a salt"):
        git_log.People("hashed")
    with pytest.raises(InvalidValueError, match="did you mean 'hashed'"):
        git_log.People("hash")  # type: ignore[arg-type]
    text = repr(git_log.loads(medium("1\t0\ta")))
    assert "example" not in text
    assert "A B" not in text


def made_lines(commits: int) -> Iterator[bytes]:
    for number in range(commits):
        yield f"commit {number:040x}\n".encode()
        yield f"Author: x <p{number % 50}@example.org>\n".encode()
        yield b"\n"
        yield f"1\t1\tsrc/{number % 100}/a.py\n".encode()


def test_a_long_log_needs_no_memory() -> None:
    tracemalloc.start()
    count = sum(1 for _ in git_log.stream(made_lines(10_000)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_000
    assert peak < 2_000_000, "the whole log would need several times as much"
