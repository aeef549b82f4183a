"""Build the wheel, install it alone into a clean environment, and use it there.

Run by ``make wheel``. Checks that the wheel holds py.typed and every data file of the
source tree, that every public name imports with no extra installed, that what needs an
extra says how to get it, and that the command answers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "wheel"

IMPORT_EVERYTHING = """
import importlib, pkgutil
import pmkit
names = 0
for module in pkgutil.walk_packages(pmkit.__path__, "pmkit."):
    if module.name.startswith("pmkit.testing.") or module.name == "pmkit.__main__":
        continue
    loaded = importlib.import_module(module.name)
    for name in () if module.name == "pmkit.testing" else getattr(loaded, "__all__", ()):
        getattr(loaded, name)
        names += 1
for name in pmkit.__all__:
    getattr(pmkit, name)
try:
    pmkit.testing.texts
except pmkit.errors.MissingDependencyError as error:
    assert 'pip install "pmkit-core[testing]"' in str(error), error
else:
    raise SystemExit("pmkit.testing works without its extra: the environment is not clean")
print(names, "public names import without extras")
"""


def run(*command: str, environment: dict[str, str] | None = None) -> None:
    """Run a command, and stop here when it fails."""
    subprocess.run(command, check=True, cwd=BUILD, env={**os.environ, **(environment or {})})


def main(uv: str) -> None:
    """Build, inspect, install, use."""
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    uv_path = str((ROOT / uv).resolve()) if os.sep in uv else str(shutil.which(uv))
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(BUILD), str(ROOT))
    (wheel,) = BUILD.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "pmkit"
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    missing = sorted(str(path) for path in files if f"pmkit/{path.relative_to(package).as_posix()}" not in inside)
    if missing or "pmkit/py.typed" not in inside:
        raise SystemExit(f"not in the wheel: {missing or 'py.typed'}")
    environment = BUILD / "clean"
    python = environment / "bin" / "python"
    run(uv_path, "venv", "--quiet", "--python", sys.executable, str(environment))
    into = {"VIRTUAL_ENV": str(environment)}
    pins = ("--require-hashes", "-c", str(ROOT / "constraints.txt"), "-r", str(ROOT / "pyproject.toml"))
    run(uv_path, "pip", "install", "--quiet", *pins, environment=into)
    run(uv_path, "pip", "install", "--quiet", "--no-deps", str(wheel), environment=into)
    run(str(python), "-W", "error", "-c", IMPORT_EVERYTHING)
    run(str(environment / "bin" / "pmkit"), "--version")
    print(f"{wheel.name}: {len(files)} files, all inside; it installs and answers")


if __name__ == "__main__":
    main(sys.argv[1])
