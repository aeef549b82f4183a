"""What ``make demo`` prints is what the README says, to the letter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_readme_shows_what_the_demo_prints(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "demo.py", tmp_path],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    printed = done.stdout.replace(str(tmp_path), "build/demo")
    assert f"```text\n{printed}```\n" in (ROOT / "README.md").read_text()
    assert {file.name for file in tmp_path.iterdir()} == {"cookie-cats.html", "dockline.html", "metamask.html"}
