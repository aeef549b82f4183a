"""The public signatures are what `signatures.txt` says; ``python tools/signatures.py`` writes it anew."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_public_signatures_change_only_on_purpose() -> None:
    specification = importlib.util.spec_from_file_location("signatures", ROOT / "tools" / "signatures.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    written = (ROOT / "tests" / "house" / "signatures.txt").read_text(encoding="utf-8")
    assert module.signatures() == written
