"""How long the command takes on a large product, against what Python needs to import networkx and yaml.

Process time (user and system) of whole processes, the least of several runs; run on an idle machine.
"""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NODES = 2000
RUNS = 5


def product(nodes: int) -> str:
    """Write a product of so many tree nodes: opportunities with three solutions, each with assumption and test."""
    rows = ["pmkit: 1", "name: Large", "tree:", "- {id: o, kind: outcome, title: Increase weekly minutes watched}"]
    for place in range((nodes - 1) // 10):
        rows.append(f"- {{id: p{place}, kind: opportunity, parent: o, title: I can't find episode {place} again}}")
        for kind in "abc":
            name = f"p{place}{kind}"
            rows.append(f"- {{id: {name}, kind: solution, parent: p{place}, title: A row of picks {name}}}")
            rows.append(f"- {{id: {name}x, kind: assumption, parent: {name}, title: Viewers look at row {name}}}")
            rows.append(f"- {{id: {name}t, kind: test, parent: {name}x, title: Prototype {name} with 12 viewers}}")
    return "\n".join(rows) + "\n"


def process_time(*arguments: str) -> float:
    """Return the least user and system time of a Python process, in seconds."""
    best = float("inf")
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def main() -> None:
    """Print the table of times and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "product.yaml")
        path.write_text(product(NODES))
        bare = process_time("-c", "pass")
        graph = process_time("-c", "import networkx")
        imports = process_time("-c", "import networkx, yaml")
        parse = process_time("-c", f"from pmkit.formats._yaml import read_yaml; read_yaml(open({str(path)!r}).read())")
        peer = imports + parse - bare
        rows = [
            ("pmkit --help, over bare Python", process_time("-m", "pmkit", "--help") - bare, graph - bare, 0.5),
            (f"pmkit check, {NODES} nodes", process_time("-m", "pmkit", "check", str(path)), peer, 1.5),
        ]
    day = time.strftime("%Y-%m-%d")
    print(f"Python {platform.python_version()}, {day}; peers: import networkx; import networkx, yaml + parse")
    for name, own, other, target in rows:
        print(f"{name:<34} {own:7.3f} s   peer {other:7.3f} s   ratio {own / other:5.2f}   target {target}")


if __name__ == "__main__":
    main()
