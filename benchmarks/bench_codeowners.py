"""CODEOWNERS and git logs: 10,000 rules on 100,000 paths, hostile patterns, 100,000 commits in bounded memory.

Run: python benchmarks/bench_codeowners.py
"""

from __future__ import annotations

import datetime as dt
import platform
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator

from pmkit._version import __version__
from pmkit.formats import codeowners, git_log

RULES, PATHS, COMMITS = 10_000, 100_000, 100_000


def words(seed: random.Random, count: int) -> list[str]:
    return ["".join(seed.choices("abcdefghij", k=6)) for _ in range(count)]


def made() -> tuple[str, list[str]]:
    """Return a file of ten kinds of patterns, mixed, and paths in 3,000 folders."""
    seed = random.Random(0)
    tops, middles, lows = words(seed, 30), words(seed, 10), words(seed, 10)
    folders = [f"{a}/{b}/{c}" for a in tops for b in middles for c in lows]
    endings = ["py", "js", "ts"]
    paths = [f"{seed.choice(folders)}/{words(seed, 1)[0]}{n}.{seed.choice(endings)}" for n in range(PATHS)]
    lines = []
    for number in range(RULES):
        top, middle, low, name = seed.choice(paths).split("/")
        word = words(seed, 1)[0]
        pattern = (
            f"/{top}/{middle}/", f"{top}/{middle}/{low}/{name}", name, f"*.x{number}", f"/{top}/**/{name}",
            f"**/{low}/*.py", f"{word}_*", f"*{word}*", f"{top}/{middle}/{low}/*", f"{top}/*/{low}/",
        )[number % 10]  # fmt: skip
        lines.append(f"{pattern} @team{number % 500}")
    return "\n".join(lines), paths


def timed(call: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def log() -> Iterator[bytes]:
    for number in range(COMMITS):
        yield f"commit {number:040x}\n".encode()
        yield f"Author: x <p{number % 300}@example.org>\n".encode()
        yield b"Date:   2026-11-22\n"
        yield b"\n"
        yield b"    A message\n"
        yield b"\n"
        for file in range(3):
            yield f"1\t1\tsrc/{number % 100}/{file}.py\n".encode()


def main() -> None:
    today = dt.datetime.now(dt.UTC).date()
    print(f"pmkit {__version__}, Python {platform.python_version()}, {today}; seconds: wall, processor")
    text, paths = made()
    files = codeowners.loads(text)
    rows = {
        f"read {RULES:,} rules": lambda: codeowners.loads(text),
        f"owners of {PATHS:,} paths": lambda: dict(codeowners.owners_of(files, paths)),
        "what each rule matches and decides": lambda: codeowners.rule_facts(files, paths),
    }
    for name, call in rows.items():
        wall, cpu = min(timed(call) for _ in range(3))
        print(f"{name:46} {wall:8.2f} {cpu:8.2f}")
    print("any pattern on any path, milliseconds: wall, processor (target: 10)")
    hostile = {
        "'**/' x 1,000 on 2,000 folders": ("**/" * 1000 + "a", "x/" * 2000 + "b"),
        "'**/a' x 800 on 2,000 folders": ("**/a" * 800 + "/?b", "a/" * 2000 + "a"),
        "'*a' x 2,000 on 4,096 characters": ("*a" * 2000 + "b", "a" * 4096),
        "'*a?' x 1,000 on 4,095 characters": ("*a?" * 1000 + "b", "a" * 4095),
        "'[a-z]*' x 600, GitLab": ("[a-z]*" * 600 + "Q", "a" * 4000),
        "100,000 characters on 100,000": ("a" * 100_000, "a" * 100_000),
    }
    for name, (pattern, path) in hostile.items():
        dialect: codeowners.Dialect = "gitlab" if "GitLab" in name else "github"
        best = min(timed(lambda: codeowners.match(pattern, path, dialect=dialect)) for _ in range(3))  # noqa: B023
        print(f"  {name:44} {best[0] * 1e3:8.2f} {best[1] * 1e3:8.2f}")
    wall, cpu = timed(lambda: sum(1 for _ in git_log.stream(log())))
    print(f"{f'stream a log of {COMMITS:,} commits':46} {wall:8.2f} {cpu:8.2f}")
    tracemalloc.start()
    count = sum(1 for _ in git_log.stream(log()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"  {count:,} changes, peak memory {peak / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
