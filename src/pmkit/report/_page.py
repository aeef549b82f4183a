"""One self-contained HTML page: no script, no network, a strict content security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import attrs

from pmkit.drawing import reads_leftward
from pmkit.model import escape_html
from pmkit.report._style import STYLE

__all__ = ["Section", "page"]

_PICTURES = re.compile(r'<svg [^>]*\bid="(pmkit-[0-9a-f]+)".*?</svg>', re.DOTALL)
_STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@attrs.frozen(kw_only=True)
class Section:
    """A part of the page with a heading.

    Attributes
    ----------
    anchor : str
        Its name in links; letters and hyphens.
    title : str
        Its heading, as text.
    body : str
        Its content, as HTML that is already safe.
    """

    anchor: str
    title: str
    body: str


def page(title: str, lead: str, sections: Sequence[Section], *, footer: str = "") -> str:
    """Put a page together; its policy allows the page's own styles by their hashes, and nothing else.

    Parameters
    ----------
    title, lead, footer : str
        Text.
    sections : sequence of Section

    Returns
    -------
    str
        A whole HTML document.

    Examples
    --------
    >>> html = page("Cinema", "A product", [Section(anchor="a", title="<One>", body="<p>two</p>")])
    >>> "&lt;One&gt;" in html and "<p>two</p>" in html and "<script" not in html
    True
    """
    links = "".join(f'<li><a href="#{section.anchor}">{escape_html(section.title)}</a></li>' for section in sections)
    body = _apart(
        f'<section aria-labelledby="{section.anchor}"><h2 id="{section.anchor}">{escape_html(section.title)}</h2>'
        f"{section.body}</section>"
        for section in sections
    )
    name = escape_html(title)
    links = f'<nav aria-label="Sections"><ul>{links}</ul></nav>' if len(sections) > 1 else ""
    direction = ' dir="rtl"' if reads_leftward(title) else ""
    content = (
        f"<title>{name}</title><style>{STYLE}</style></head><body>"
        f'<a class="skip" href="#content">Skip to the content</a>'
        f'<header><h1{direction}>{name}</h1><p class="lead">{escape_html(lead)}</p>{links}</header>'
        f'<main id="content" tabindex="-1">{body}</main><footer><p>{escape_html(footer)}</p></footer></body></html>\n'
    )
    head = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(content)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
    )
    return head + content


def _apart(parts: Iterable[str]) -> str:
    """Join parts; a picture that stands on the page twice gets ids of its own each time."""
    seen: Counter[str] = Counter()

    def renamed(match: re.Match[str]) -> str:
        name = match[1]
        seen[name] += 1
        return match[0] if seen[name] == 1 else match[0].replace(name, f"{name}-{seen[name]}")

    return _PICTURES.sub(renamed, "".join(parts))


def _policy(content: str) -> str:
    hashes = dict.fromkeys(
        base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in _STYLES.findall(content)
    )
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'"
