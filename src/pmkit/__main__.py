"""``python -m pmkit`` is the ``pmkit`` command."""

from __future__ import annotations

from pmkit.cli import main

if __name__ == "__main__":
    main()
