"""The styles of the page: the paints of the pictures as variables, light, dark and on paper."""

from __future__ import annotations

from pmkit.drawing import PALETTE

__all__ = ["STYLE", "VARIABLES"]

VARIABLES: dict[str, str] = {
    "ink": "ink",
    "muted": "muted",
    "line": "hairline",
    "paper": "canvas",
    "tint": "shade",
    "accent": "opportunity",
    "error": "bad",
    "warning": "solution",
    "information": "good",
    "outcome": "outcome",
    "outcome-tint": "shade",
    **{
        f"{kind}{part}": f"{kind}{part}"
        for kind in ("opportunity", "solution", "assumption", "test", "good", "bad", "unsure")
        for part in ("", "-tint")
    },
}
"""The variables of the page, each with the paint of `pmkit.drawing.PALETTE` that it takes."""


def _variables(form: int) -> str:
    return "".join(f"--{name}:{PALETTE[paint][form]};" for name, paint in VARIABLES.items())


_PAGE = """
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
h3{font-size:1.08rem;line-height:1.35;margin:1.75rem 0 .35rem}
main>section:first-child h2{margin-top:0;border-top:0;padding-top:0}
p{margin:.5rem 0;max-width:46rem}
.lead,.note,footer{color:var(--muted)}
.whole{white-space:nowrap}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
nav ul{display:flex;flex-wrap:wrap;gap:.1rem 1.25rem;list-style:none;padding:0;margin:1rem 0 0}
nav a{display:inline-block;padding:.25rem 0}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem;z-index:1}
details{margin:.75rem 0}
summary{cursor:pointer;color:var(--accent);padding:.3rem 0}
"""

_PARTS = """
.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:.75rem;margin:1rem 0}
.answers>div{border:1px solid var(--line);border-top:.25rem solid var(--accent);border-radius:.4rem;
padding:.7rem .95rem;background:var(--tint)}
.answers h3{margin:0 0 .3rem;font-size:.92rem;color:var(--muted);font-weight:600}
.answers p{margin:.2rem 0}
.answers ul{margin:.2rem 0;padding-inline-start:1.1rem}
.answers strong{font-size:1.02rem}
.answers .note{font-size:.92rem}
.goals{padding-inline-start:1.2rem;margin:.5rem 0;max-width:46rem}
.facts{display:flex;flex-wrap:wrap;gap:.35rem 1.6rem;padding:0;margin:1rem 0}
.facts div{display:flex;gap:.45rem;align-items:baseline}
.facts dt{order:1;color:var(--muted);font-size:.92rem}
.facts dd{margin:0;white-space:nowrap;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
.facts.large{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.6rem}
.facts.large div{flex-direction:column;align-items:flex-start;gap:0;background:var(--tint);
border-radius:.4rem;padding:.55rem .8rem}
.scroll{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;width:100%;font-size:.94rem;font-variant-numeric:tabular-nums}
caption{text-align:start;color:var(--muted);padding:.25rem 0}
th,td{text-align:start;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line);
overflow-wrap:break-word;min-width:4rem}
th:last-child,td:last-child{padding-inline-end:0}
th{font-weight:600;color:var(--muted)}
thead th{vertical-align:bottom;font-size:.86rem}
tbody th{color:var(--ink);font-weight:400}
td.wide,th.wide{min-width:14rem;overflow-wrap:anywhere}td.short,th.short{white-space:nowrap}
td.number,th.number{text-align:right;white-space:nowrap}
td ul,th ul{list-style:none;margin:0;padding:0}
td li+li,th li+li{margin-top:.25rem}
.mark{font-weight:600;white-space:nowrap}
.error{color:var(--error)}.warning{color:var(--warning)}.information{color:var(--information)}
figure{margin:.9rem 0 1.25rem}
figure .scroll{margin:0}
figure svg{display:block}
figcaption{color:var(--muted);font-size:.9rem;margin-top:.35rem;max-width:46rem}
.verdict{border-inline-start:.3rem solid var(--accent);background:var(--tint);padding:.6rem 1rem;margin:.75rem 0;
border-radius:0 .4rem .4rem 0}
.verdict strong{font-size:1.1rem}
.verdict ul{margin:.4rem 0;padding-inline-start:1.2rem}
ol.actions{list-style:none;counter-reset:step;padding:0;margin:1rem 0}
ol.actions>li{counter-increment:step;position:relative;padding:.1rem 0 .9rem 2.9rem;max-width:56rem}
ol.actions>li::before{content:counter(step);position:absolute;left:0;top:.1rem;min-width:2rem;height:2rem;line-height:2rem;
text-align:center;border-radius:1rem;background:var(--tint);border:1px solid var(--line);font-weight:600}
ol.actions strong{font-size:1.05rem}
ol.actions ul{margin:.3rem 0 0;padding-inline-start:1.1rem;color:var(--muted)}
.chips{display:flex;flex-wrap:wrap;gap:.3rem .5rem;margin:.3rem 0 0;padding:0}
.chip{background:var(--paper);border:1px solid var(--line);border-radius:1rem;padding:.02rem .6rem;color:var(--muted);
font-size:.85rem;font-variant-numeric:tabular-nums}
p>.chip{background:var(--tint);color:var(--ink);font-size:.9rem}
.chip.must{color:var(--unsure);background:var(--unsure-tint);border-color:currentcolor;font-weight:600}
.chip.good{color:var(--good);background:var(--good-tint);border-color:currentcolor;font-weight:600}
.chip.bad{color:var(--bad);background:var(--bad-tint);border-color:currentcolor;font-weight:600}
.chip.unsure{color:var(--unsure);background:var(--unsure-tint);border-color:currentcolor;font-weight:600}
"""

_TREES = """
.pair{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,32rem),1fr));gap:0 1.75rem;align-items:start}
.pair>div{min-width:0}
.pair h4{font-size:1.02rem;line-height:1.35;margin:1.4rem 0 .25rem}
ul.tree,ul.tree ul{list-style:none;margin:0;padding:0}
ul.tree ul{margin-inline-start:.7rem;padding-inline-start:.7rem;border-inline-start:1px solid var(--line)}
ul.tree>li{margin-top:.5rem}
.node{display:flex;gap:.2rem .5rem;align-items:baseline;flex-wrap:wrap;margin-top:.3rem;padding:.2rem .6rem;
border:1px solid var(--kind);border-inline-start-width:.3rem;border-radius:.35rem;background:var(--ground);
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.node .name{flex:1 1 12rem;min-width:0}
.node .chips{margin:0;gap:.2rem .35rem}
.node.outcome{font-weight:600}
.node.target{border-width:2px;border-inline-start-width:.3rem}
.node.dropped{border-style:dashed;color:var(--muted)}.node.dropped .name{text-decoration:line-through}
.more{color:var(--muted);margin-top:.3rem;font-size:.92rem}
.sign{flex:none;width:.68rem;height:.68rem;background:var(--kind);display:inline-block;
print-color-adjust:exact;-webkit-print-color-adjust:exact;forced-color-adjust:none}
.outcome{--kind:var(--outcome);--ground:var(--outcome-tint)}.outcome .sign{border-radius:50%}
.opportunity{--kind:var(--opportunity);--ground:var(--opportunity-tint)}
.opportunity .sign{clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)}
.solution{--kind:var(--solution);--ground:var(--solution-tint)}
.assumption{--kind:var(--assumption);--ground:var(--assumption-tint)}
.assumption .sign{clip-path:polygon(50% 6%,100% 94%,0 94%)}
.test{--kind:var(--test);--ground:var(--test-tint)}
.test .sign{clip-path:polygon(26% 7%,74% 7%,100% 50%,74% 93%,26% 93%,0 50%)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:.75rem 0;padding:0;color:var(--muted);
font-size:.9rem}
.legend .sign{margin-inline-end:.4rem}
.narrow{display:none}
"""

_SMALL = """
@media (max-width:36rem){h1{font-size:1.5rem}h2{font-size:1.25rem}
header,main,footer{padding-left:.9rem;padding-right:.9rem}
ol.actions>li{padding-left:2.6rem}
.roomy{display:none}.narrow{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,caption,tr,th,td{display:block}
tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
tbody th,td,td.wide,td.short,td.number{border:0;padding:.1rem 0;min-width:0;white-space:normal;text-align:start}
tbody th{font-weight:600}
td{display:grid;grid-template-columns:minmax(6rem,32%) minmax(0,1fr);gap:.6rem;overflow-wrap:anywhere}
td::before{content:attr(data-label);color:var(--muted);font-size:.88rem}
td:empty{display:none}}
"""

_PAPER = """
@page{margin:14mm}
@media print{nav,.skip,.unseen{display:none}body{font-size:10pt;line-height:1.4}
header,main,footer{max-width:none;padding:0}
h2,h3,h4,h4+.chips,caption,thead,summary,.legend,section>p{break-after:avoid}h2{margin-top:1.4rem}h3,h4{margin-top:1rem}
figure,tr,.verdict,.actions>li,.facts,.answers>div,.node,figcaption,p,li{break-inside:avoid}
figcaption{break-before:avoid}
.roomy{display:block}.narrow{display:none}
.answers{grid-template-columns:repeat(3,1fr)}
.pair{display:block;columns:2;column-gap:1rem;font-size:9pt}.pair>div{break-inside:avoid}
.pair.chains{columns:1}.pair.chains>div{break-inside:auto}.pair h4{margin-top:.6rem}
.chip,.answers .note{font-size:8pt}
.node .name{flex-basis:9rem}
.scroll{overflow:visible}table{font-size:9pt}th,td{padding-right:.5rem;min-width:0}
td.wide,th.wide{min-width:0}
figure svg{max-width:100%;max-height:225mm;width:auto;height:auto}
details:not([open]){display:none}a{color:inherit}p,.goals,figcaption{max-width:none}}
"""

STYLE: str = "".join(
    (
        f"\n:root{{color-scheme:light dark;{_variables(0)}}}",
        f"\n@media screen and (prefers-color-scheme:dark){{:root{{{_variables(1)}}}}}",
        _PAGE,
        _PARTS,
        _TREES,
        _SMALL,
        _PAPER,
    )
)
"""All rules of the page."""
