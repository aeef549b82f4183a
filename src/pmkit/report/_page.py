"""One self-contained HTML page: no script, no network, a strict content security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

import attrs

from pmkit.model import escape_html

__all__ = ["Section", "bullets", "facts", "figure", "folded", "page", "paragraph", "table"]

_STYLE = """
:root{color-scheme:light dark;--ink:#1a2330;--muted:#566273;--line:#d8dee6;--paper:#fff;--tint:#f4f6f9;--accent:#0a629e;
--error:#a4262c;--warning:#8a5200;--information:#2c6136}
@media screen and (prefers-color-scheme:dark){:root{--ink:#eaeef3;--muted:#a8b3c0;--line:#37414c;--paper:#14181d;
--tint:#1c2229;--accent:#66b4ee;--error:#ff8f8f;--warning:#f0b150;--information:#8fd19a}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,'Segoe UI',Roboto,'Liberation Sans',sans-serif;
overflow-wrap:anywhere;-webkit-text-size-adjust:100%;text-size-adjust:100%}
header,main,footer{max-width:76rem;margin:0 auto;padding:1rem 1.25rem}
header{padding-top:2rem}
main:focus{outline:none}
h1{font-size:2rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.4rem;line-height:1.25;margin:2.75rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.08rem;margin:1.75rem 0 .25rem}
p{margin:.5rem 0;max-width:46rem}
.lead,.note,footer{color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;list-style:none;padding:0;margin:1rem 0 0}
nav a{display:inline-block;padding:.2rem 0}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.6rem;padding:0;margin:1rem 0}
.facts div{background:var(--tint);border-radius:.5rem;padding:.55rem .8rem}
.facts dt{color:var(--muted);font-size:.85rem}
.facts dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;width:100%;font-size:.94rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line);
overflow-wrap:break-word;min-width:4rem}
th{font-weight:600;color:var(--muted)}
thead th{vertical-align:bottom;font-size:.86rem}
tbody th{color:var(--ink);font-weight:400}
td.wide{min-width:14rem}td.short{white-space:nowrap}
td.number,th.number{text-align:right;white-space:nowrap}
.mark{font-weight:600;white-space:nowrap}
.error{color:var(--error)}.warning{color:var(--warning)}.information{color:var(--information)}
figure{margin:.9rem 0 1.25rem}
figure .scroll{margin:0}
figure svg{display:block}
.pair{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,34rem),1fr));gap:0 1.25rem;align-items:start}
.pair>div{min-width:0}.pair figure{margin:.25rem 0 .75rem}.pair svg{max-width:100%;min-width:32rem;height:auto}
main>section:first-child h2{margin-top:0;border-top:0;padding-top:0}
figcaption{color:var(--muted);font-size:.9rem;margin-top:.35rem}
.verdict{border-left:.3rem solid var(--accent);background:var(--tint);padding:.6rem 1rem;margin:.75rem 0;
border-radius:0 .5rem .5rem 0}
.verdict strong{font-size:1.1rem}
.verdict ul{margin:.4rem 0;padding-left:1.2rem}
ol.actions{list-style:none;counter-reset:step;padding:0;margin:1rem 0}
ol.actions>li{counter-increment:step;position:relative;padding:.1rem 0 .9rem 2.9rem;max-width:56rem}

ol.actions>li::before{content:counter(step);position:absolute;left:0;top:.1rem;min-width:2rem;height:2rem;line-height:2rem;
text-align:center;border-radius:1rem;background:var(--tint);border:1px solid var(--line);font-weight:600}
ol.actions strong{font-size:1.05rem}
ol.actions ul{margin:.3rem 0 0;padding-left:1.1rem;color:var(--muted)}
.chips{display:flex;flex-wrap:wrap;gap:.3rem .5rem;margin:.3rem 0 0;padding:0}
.chips span{background:var(--tint);border:1px solid var(--line);border-radius:1rem;padding:.05rem .65rem;
font-size:.9rem;font-variant-numeric:tabular-nums}
details{margin:.75rem 0}
summary{cursor:pointer;color:var(--accent);padding:.3rem 0}
@media (max-width:36rem){h1{font-size:1.5rem}h2{font-size:1.25rem}
header,main,footer{padding-left:.9rem;padding-right:.9rem}
ol.actions>li{padding-left:2.6rem}}
@page{margin:14mm}
@media print{nav,.skip{display:none}body{font-size:10.5pt}header,main,footer{max-width:none;padding:0}
h2,h3,caption,summary{break-after:avoid}h2{margin-top:1.5rem}figure,tr,.verdict,.actions>li,.facts{break-inside:avoid}
.scroll{overflow:visible}table{font-size:9pt}th,td{padding-right:.5rem;min-width:0}td.wide{min-width:0}
figure svg,.pair svg{min-width:0;max-width:100%;max-height:235mm;width:auto;height:auto}
details:not([open]){display:none}a{color:inherit}}
"""

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
    >>> html = page("Cinema", "A product", [Section(anchor="a", title="One", body=paragraph("<b>"))])
    >>> "&lt;b&gt;" in html and "<script" not in html
    True
    """
    links = "".join(f'<li><a href="#{section.anchor}">{escape_html(section.title)}</a></li>' for section in sections)
    body = "".join(
        f'<section aria-labelledby="{section.anchor}"><h2 id="{section.anchor}">{escape_html(section.title)}</h2>'
        f"{section.body}</section>"
        for section in sections
    )
    name = escape_html(title)
    content = (
        f"<title>{name}</title><style>{_STYLE}</style></head><body>"
        f'<a class="skip" href="#content">Skip to the content</a>'
        f'<header><h1>{name}</h1><p class="lead">{escape_html(lead)}</p>'
        f'<nav aria-label="Sections"><ul>{links}</ul></nav></header>'
        f'<main id="content" tabindex="-1">{body}</main><footer><p>{escape_html(footer)}</p></footer></body></html>\n'
    )
    head = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(content)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
    )
    return head + content


def _policy(content: str) -> str:
    hashes = dict.fromkeys(
        base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in _STYLES.findall(content)
    )
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'"


def paragraph(text: str, *, style: str = "") -> str:
    """Return a paragraph of text."""
    return f'<p class="{style}">{escape_html(text)}</p>' if style else f"<p>{escape_html(text)}</p>"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a row of small cards, each a name and a figure."""
    cards = "".join(f"<div><dt>{escape_html(name)}</dt><dd>{escape_html(value)}</dd></div>" for name, value in pairs)
    return f'<dl class="facts">{cards}</dl>'


def figure(svg: str, caption: str) -> str:
    """Return a picture that scrolls sideways when it is wider than the page.

    The picture says in words what it shows; its caption names the frame around it, which the keyboard can scroll.
    """
    label = escape_html(caption)
    return (
        f'<figure><div class="scroll" tabindex="0" role="group" aria-label="{label}">{svg}</div>'
        f"<figcaption>{label}</figcaption></figure>"
    )


def bullets(texts: Iterable[str]) -> str:
    """Return a list of texts; nothing when there are none."""
    members = "".join(f"<li>{escape_html(text)}</li>" for text in texts)
    return f"<ul>{members}</ul>" if members else ""


def folded(summary: str, body: str) -> str:
    """Return content that opens on a click or a key, without script; it is left out on paper."""
    return f"<details><summary>{escape_html(summary)}</summary>{body}</details>"


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str, marks: Mapping[str, str] | None = None
) -> str:
    """Return a table of text; the first cell of a row heads it, columns of figures stand to the right.

    Parameters
    ----------
    columns : sequence of str
        The heads.
    rows : iterable of sequence of str
        The cells of each row.
    caption : str
        What the table shows.
    marks : mapping of str to str or None
        The style class of cells with this text.
    """
    marks = marks or {}
    cells = [tuple(row) for row in rows]
    figures = [bool(cells) and all(_FIGURE.fullmatch(row[place]) for row in cells) for place in range(len(columns))]
    head = "".join(
        f'<th scope="col"{_NUMBER if number else ""}>{escape_html(column)}</th>'
        for column, number in zip(columns, figures, strict=True)
    )
    body = "".join(f"<tr>{_row(row, figures, marks)}</tr>" for row in cells)
    label = escape_html(caption)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{label}"><table><caption>{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


_LONG = 24
_SHORT = 18
_FIGURE = re.compile(r"[-+]?[0-9][0-9,.]*( ?%)?|-|")
_NUMBER = ' class="number"'


def _row(row: Sequence[str], figures: Sequence[bool], marks: Mapping[str, str]) -> str:
    made = []
    for place, (text, number) in enumerate(zip(row, figures, strict=True)):
        style = (
            _NUMBER
            if number
            else ' class="wide"'
            if len(text) > _LONG
            else ' class="short"'
            if len(text) <= _SHORT
            else ""
        )
        shown = escape_html(text)
        if text in marks:
            shown = f'<span class="mark {marks[text]}">{shown}</span>'
        made.append(f'<th scope="row"{style}>{shown}</th>' if place == 0 else f"<td{style}>{shown}</td>")
    return "".join(made)
