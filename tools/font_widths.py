"""Write src/pmkit/drawing/_widths.py: advance widths of the common sans fonts, from those that matplotlib carries.

Each character gets the larger of its widths in DejaVu Sans (which Verdana follows) and Helvetica
(whose widths Arial and Liberation Sans share), in thousandths of the font size, rounded up.
Run: python tools/font_widths.py
"""

from __future__ import annotations

import math
import textwrap
from pathlib import Path

import matplotlib as mpl
from matplotlib._afm import AFM
from matplotlib.ft2font import FT2Font, LoadFlags

RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x370, 0x58F),
    (0x5D0, 0x5F4),
    (0x621, 0x64A),
    (0x1E00, 0x1FFE),
    (0x2010, 0x2044),
)
WEIGHTS = {"REGULAR": ("DejaVuSans.ttf", "Helvetica.afm"), "BOLD": ("DejaVuSans-Bold.ttf", "Helvetica-Bold.afm")}
HEAD = '''"""Advance widths of common sans fonts: the larger of DejaVu Sans and Helvetica, in thousandths of the size.

Made by tools/font_widths.py; each run is a first code point and the widths of that character and the next ones,
0 where neither font has the character.
"""

from __future__ import annotations

__all__ = ["BOLD", "REGULAR"]
'''


def widths(truetype: Path, metrics: Path) -> dict[int, int]:
    font = FT2Font(str(truetype))
    with metrics.open("rb") as stream:
        afm = AFM(stream)
    known = font.get_charmap()
    table: dict[int, int] = {}
    for first, last in RANGES:
        for code in range(first, last + 1):
            width = 0.0
            if code in known:
                width = font.load_char(code, flags=LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM
            if chr(code).isascii():
                width = max(width, afm.get_width_char(code) / 1000)
            table[code] = math.ceil(width * 1000)
    return table


def main() -> None:
    fonts = Path(mpl.get_data_path()) / "fonts"
    text = HEAD
    for name, (truetype, metrics) in WEIGHTS.items():
        table = widths(fonts / "ttf" / truetype, fonts / "pdfcorefonts" / metrics)
        text += f'\n{name} = """\\\n'
        for first, last in RANGES:
            run = " ".join(str(table[code]) for code in range(first, last + 1))
            text += "\n".join(textwrap.wrap(f"{first}: {run}", 116)) + "\n"
        text += '"""\n'
    target = Path(__file__).parents[1] / "src" / "pmkit" / "drawing" / "_widths.py"
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
