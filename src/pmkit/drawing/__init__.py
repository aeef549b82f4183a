"""Pictures as data: a scene of boxes, lines and text, laid out, written as SVG or PNG.

A picture is made in three steps, each of which can be used alone:

1. measure and break text: `text_width`, `wrap`, `elide` (`visible` is what of a text is shown);
2. build a `Scene` of `Box`, `Line`, `Text` and `Group`; colors are names of paints in `PALETTE`,
   each with a light and a dark form;
   ready-made: trees of cards (`draw_cards`, over `lay_across`, `lay_down` and `lay_outline`), `draw_matrix`,
   `draw_bars`, `draw_map`; `side_by_side` for before and after;
3. write it: `to_svg`, `to_png` (or the scene's methods of the same names; notebooks show a scene by itself); a room
   hands out a `Picture`.

>>> from pmkit import drawing
>>> label = drawing.wrap("Find something to watch", 100, size=12)
>>> card = drawing.Box(x=8, y=8, width=120, height=20 + 16 * len(label), fill="shade", stroke="line", radius=6)
>>> words = drawing.Text(x=18, y=26, lines=label, size=12, leading=16)
>>> node = drawing.Group(id="find", role="opportunity", title="Find something to watch", items=[card, words])
>>> scene = drawing.Scene(width=136, height=card.bottom + 8, title="One need", items=[node])
>>> svg = scene.to_svg()
"""

from __future__ import annotations

from pmkit.drawing._bars import draw_bars
from pmkit.drawing._cards import Card, CardTone, card_size, draw_card
from pmkit.drawing._chips import Chip, chip_items, chip_rows, chip_width
from pmkit.drawing._colors import CATEGORIES, HEAT, PALETTE, THEMES, contrast, heat_paint
from pmkit.drawing._frame import moved, side_by_side
from pmkit.drawing._icons import ICONS, icon
from pmkit.drawing._layout import Layout, lay_across, lay_down, lay_outline
from pmkit.drawing._map import MapLink, MapNode, draw_map, order_around
from pmkit.drawing._matrix import draw_matrix
from pmkit.drawing._metrics import clusters, reads_leftward, text_width, visible
from pmkit.drawing._picture import Picture
from pmkit.drawing._png import to_png
from pmkit.drawing._scene import Anchor, Box, Group, Item, Line, Scene, Shape, Text, flatten
from pmkit.drawing._svg import FONTS, to_svg
from pmkit.drawing._tree import TREE_STYLES, TreeStyle, draw_cards
from pmkit.drawing._wrap import elide, wrap

__all__ = [
    "CATEGORIES",
    "FONTS",
    "HEAT",
    "ICONS",
    "PALETTE",
    "THEMES",
    "TREE_STYLES",
    "Anchor",
    "Box",
    "Card",
    "CardTone",
    "Chip",
    "Group",
    "Item",
    "Layout",
    "Line",
    "MapLink",
    "MapNode",
    "Picture",
    "Scene",
    "Shape",
    "Text",
    "TreeStyle",
    "card_size",
    "chip_items",
    "chip_rows",
    "chip_width",
    "clusters",
    "contrast",
    "draw_bars",
    "draw_card",
    "draw_cards",
    "draw_map",
    "draw_matrix",
    "elide",
    "flatten",
    "heat_paint",
    "icon",
    "lay_across",
    "lay_down",
    "lay_outline",
    "moved",
    "order_around",
    "reads_leftward",
    "side_by_side",
    "text_width",
    "to_png",
    "to_svg",
    "visible",
    "wrap",
]
