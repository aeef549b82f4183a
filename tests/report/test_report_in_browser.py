"""The report in a real browser: nothing executes, text is shown as written, the page never scrolls sideways."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import shutil
import subprocess
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import pmkit
from pmkit import ost, report
from pmkit.conway import Component, Dependency, Organization, Ownership, Team
from pmkit.experiments import Plan, proportion
from pmkit.model import Evidence
from pmkit.ost import Assumption, AssumptionTest, Opportunity, Outcome, Solution
from pmkit.workspace import (
    Answers,
    Cell,
    Experiment,
    Feedback,
    Goal,
    Look,
    RecordedDecision,
    RoadmapItem,
    StatedHypothesis,
    StatedJob,
    StatedNeed,
    Survey,
    Waiver,
    Workspace,
)

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "batteries"
TODAY = dt.date(2026, 11, 22)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
)  # fmt: skip

_NAMES = (
    "html head body meta title style a header nav main section footer h1 h2 h3 h4 p ul ol li strong span bdi "
    "div dl dt dd figure figcaption details summary table caption thead tbody tr th td "
    "svg desc g rect path polygon ellipse text tspan"
)
ELEMENTS = set(_NAMES.split())
_ALLOWED = (
    "aria-label aria-labelledby charset class content cx cy d data-id data-label data-role dir fill height href "
    "http-equiv id lang letter-spacing name points role rx ry scope stroke-width tabindex transform "
    "viewbox width x xmlns y"
)
ATTRIBUTES = set(_ALLOWED.split())
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def browse(path: Path, folder: Path, *options: str) -> tuple[str, str]:
    """Open a page and return its document as it stands after loading, and what the browser logged."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", *options, "--dump-dom", path.as_uri()],
        capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


class _Read(HTMLParser):
    """Collects elements, attributes and the text of list items."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.members: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.addresses.update(value or "" for name, value in attrs if name in {"href", "src", "xlink:href"})
        if tag == "li":
            self._inside = True
            self.members.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "li"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.members[-1] += data


@lru_cache(maxsize=1)
def hostile() -> tuple[str, ...]:
    """Return every single-line string of the batteries that may stand as a title."""
    if not SHARED.is_dir():
        pytest.skip("the shared batteries are not present")
    texts = list(json.loads((SHARED / "blns" / "blns.json").read_text(encoding="utf-8")))
    for file in sorted((SHARED / "xss").glob("*.txt")):
        texts += file.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in (SHARED / "xss" / "dompurify-fixtures.jsonl").read_text(encoding="utf-8").split("\n"):
        texts += [value for value in json.loads(line or "{}").values() if isinstance(value, str)]
    kept = []
    for text in dict.fromkeys(texts):
        try:
            kept.append(Goal(id="g", title=text).title)
        except pmkit.errors.PmkitError:
            continue
    return tuple(kept)


def product_of(titles: tuple[str, ...]) -> Workspace:
    """Make a product whose every text is one of the titles: whatever can be written is an attack."""
    few = titles[:: max(1, len(titles) // 60)]
    tree = ost.new(
        Outcome(id="root", title=few[0], description=few[1], metric=few[2], unit=few[3], target=3, baseline=1)
    )
    with ost.edit(tree) as draft:
        for number, text in enumerate(few):
            heard = [Evidence(kind="story", participant=text, quote=text, source=f"javascript:alert({number})//{text}")]
            told = {"title": text, "description": text, "owner": text, "notes": text, "tags": [text]}
            chain = (
                Opportunity(
                    id=f"o{number}", evidence=heard, moment=text, outcomes=[f"need{number}"], target=True, **told
                ),
                Solution(id=f"s{number}", value=9.0, cost=1.0, touches=["page", "index"], **told),
                Assumption(id=f"a{number}", probability=0.5, evidence=heard, **told),
                AssumptionTest(id=f"t{number}", method=text, result=text, criterion=text, cost=1.0, **told),
            )
            above = "root"
            for node in chain:
                draft.add(node, parent=above)
                above = node.id
    attacks = [text for text in titles if len(text) < 80 and ("<" in text or "script" in text)][::17][:12]
    return Workspace(
        name=few[-1],
        goals=[Goal(id=f"goal{number}", title=title) for number, title in enumerate(titles)],
        jobs=[StatedJob(id="job", text=few[1])],
        needs=[StatedNeed(id=f"need{number}", text=text, job="job", step=text) for number, text in enumerate(few)],
        surveys=[surveyed(few)],
        tree=draft.tree,
        hypotheses=[StatedHypothesis(id=f"h{number}", text=text) for number, text in enumerate(attacks)],
        experiments=[experiment(number, text) for number, text in enumerate(attacks)],
        organization=attacked(attacks),
        feedback=[Feedback(id="said", text=few[2], source=few[3], participant=few[4])],
        roadmap=[RoadmapItem(id=f"item{number}", title=text) for number, text in enumerate(few)],
        waivers=[Waiver(code="OST101", because=few[5])],
    )


def surveyed(texts: tuple[str, ...]) -> Survey:
    answers = Answers(high_high=10, high_low=20, low_high=5, low_low=5)
    counts = {texts[4]: {"need0": answers}, texts[5]: {"need0": answers, "need1": answers}}
    return Survey(id="wave", title=texts[6], question=texts[7], source=texts[8], counts=counts)


def experiment(number: int, text: str) -> Experiment:
    metric = proportion("bought", name=text, minimum_effect=0.01)
    plan = Plan(goal=metric, split={"control": 1, text: 1}, title=text, audience=text)
    counts = {name: {metric.name: Cell(n=1000, successes=many)} for name, many in (("control", 100), (text, 150))}
    decision = RecordedDecision(verdict="iterate", by=text, note=text)
    look = Look(date="2026-11-20", counts=counts)
    return Experiment(id=f"e{number}", title=text, hypothesis=f"h{number}", plan=plan, looks=[look], decision=decision)


def attacked(texts: list[str]) -> Organization:
    return Organization(
        teams=[Team(id=f"team{number}", name=text, members=[f"p{number}"]) for number, text in enumerate(texts)],
        components=[Component(id="page"), Component(id="index"), Component(id=texts[0]), Component(id=texts[1])],
        ownership=[
            Ownership(component=name, team=f"team{number}") for number, name in enumerate(("page", "index", *texts[:2]))
        ],
        dependencies=[Dependency(source="page", target="index"), Dependency(source=texts[0], target=texts[1])],
    )


def shown(text: str) -> str:
    """Say how a browser holds a text: line ends are one character, what it cannot hold is replaced."""
    return re.sub(r"\s+", " ", ILLEGAL.sub("\ufffd", text)).strip()


@lru_cache(maxsize=1)
def attacked_page() -> str:
    titles = hostile()
    assert len(titles) > 1000
    return report.render(product_of(titles), today=TODAY)


def test_hostile_texts_are_text_and_nothing_runs(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(attacked_page(), encoding="utf-8")
    document, console = browse(page, tmp_path)
    read = _Read()
    read.feed(document)
    assert read.elements <= ELEMENTS
    assert {"table", "svg", "bdi", "h4"} <= read.elements
    assert read.attributes <= ATTRIBUTES
    assert all(address.startswith("#") for address in read.addresses)
    assert console == ""
    members = {shown(text) for text in read.members}
    missing = [title for title in hostile() if shown(title) not in members]
    assert missing == []


def test_nothing_runs_even_without_the_policy(tmp_path: Path) -> None:
    """The policy is the second wall: escaping alone holds too."""
    written = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", attacked_page())
    assert "Content-Security-Policy" not in written.split("<body>")[0]
    trap = "<script>for(const name of ['alert','prompt','confirm','print','open','eval'])"
    trap += "window[name]=()=>{document.title='ran'};window.onerror=()=>{document.title='ran'}</script>"
    page = tmp_path / "report.html"
    page.write_text(written.replace("</title>", f"</title>{trap}", 1), encoding="utf-8")
    document, console = browse(page, tmp_path, "--virtual-time-budget=2000")
    assert "<title>ran</title>" not in document
    assert document.count("<script") == 1
    assert "Refused" not in console


def test_policy_refuses_what_is_not_the_pages_own(tmp_path: Path) -> None:
    written = report.render(Workspace(name="Plain"))
    page = tmp_path / "report.html"
    page.write_text(written.replace("</body>", "<script>document.title='ran'</script></body>"), encoding="utf-8")
    document, console = browse(page, tmp_path)
    assert "<title>Plain</title>" in document
    assert "Content Security Policy" in console


def test_no_page_scrolls_sideways_at_any_width(tmp_path: Path) -> None:
    long = "Rindfleischetikettierung" * 8
    records = [
        {"id": "r", "kind": "outcome", "title": long, "parent": None},
        {"id": "o", "kind": "opportunity", "title": long, "parent": "r", "target": True},
        {"id": "s", "kind": "solution", "title": long, "parent": "o"},
        {"id": "a", "kind": "assumption", "title": long, "parent": "s"},
    ]
    teams = Organization(
        teams=[Team(id="one", name=long), Team(id="two")],
        components=[Component(id=long), Component(id="b")],
        ownership=[Ownership(component=long, team="one"), Ownership(component="b", team="two")],
        dependencies=[Dependency(source=long, target="b")],
    )
    goals = [Goal(id="g", title=long, metric=long, target=1)]
    pages = [
        report.render(pmkit.load(ROOT / "examples" / "dockline" / "product.yaml"), today=TODAY),
        report.render(Workspace(name=long, goals=goals, tree=ost.from_records(records), organization=teams)),
    ]
    widths = [320, 360, 575, 577, 768, 1024, 1600] * len(pages)
    frames = "".join(
        f'<iframe width="{width}" height="900" frameborder="0" srcdoc="{html.escape(written)}"></iframe>'
        for width, written in zip(widths, [page for page in pages for _ in range(7)], strict=True)
    )
    measure = "[...document.querySelectorAll('iframe')].map(f => f.contentDocument.documentElement.scrollWidth).join()"
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"<!DOCTYPE html><title>waiting</title>{frames.replace('&lt;details&gt;', '&lt;details open&gt;')}"
        f"<script>onload = () => {{ document.title = {measure} }}</script>",
        encoding="utf-8",
    )
    document, _ = browse(frame, tmp_path, "--hide-scrollbars")
    found = re.search(r"<title>(.*?)</title>", document)
    assert found is not None
    assert found.group(1) == ",".join(map(str, widths))


def test_the_page_prints_on_few_pages(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    product = pmkit.load(ROOT / "examples" / "cookie-cats" / "product.yaml")
    page.write_text(report.render(product, today=TODAY), encoding="utf-8")
    paper = tmp_path / "report.pdf"
    browse(page, tmp_path, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    printed = paper.read_bytes()
    assert printed.startswith(b"%PDF-")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 9
