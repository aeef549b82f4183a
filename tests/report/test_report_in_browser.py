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
from pmkit import jtbd, ost, report
from pmkit.conway import from_owners
from pmkit.formats import survey_csv
from pmkit.workspace import Feedback, Goal, StatedJob, StatedNeed, Workspace

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
    "html head body meta title style a header nav main section footer h1 h2 h3 p ul ol li strong span div dl dt dd "
    "figure figcaption details summary table caption thead tbody tr th td "
    "svg desc g rect path polygon ellipse text tspan"
)
ELEMENTS = set(_NAMES.split())
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
    """Collects elements, attributes and the text of paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.paragraphs: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.addresses.update(value or "" for name, value in attrs if name in {"href", "src", "xlink:href"})
        if tag == "p":
            self._inside = True
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.paragraphs[-1] += data


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
    """Make a product whose every text is one of the titles."""
    few = titles[:: max(1, len(titles) // 60)]
    records: list[dict[str, object]] = [{"id": "root", "kind": "outcome", "title": few[0], "parent": None}]
    for number, title in enumerate(few):
        kinds = ("opportunity", "solution", "assumption", "test")
        above = "root"
        for kind in kinds:
            records.append({"id": f"{kind}{number}", "kind": kind, "title": title, "parent": above})
            above = f"{kind}{number}"
    return Workspace(
        name=few[-1],
        goals=[Goal(id=f"goal{number}", title=title) for number, title in enumerate(titles)],
        jobs=[StatedJob(id="job", text=few[1])],
        needs=[StatedNeed(id=f"need{number}", text=title, job="job") for number, title in enumerate(few)],
        tree=ost.from_records(records),
        organization=from_owners({"page": "web", "index": "data"}, [("page", "index")]),
        feedback=[Feedback(id="said", text=few[2])],
    )


def shown(text: str) -> str:
    """Say how a browser holds a text: line ends are one character, what it cannot hold is replaced."""
    return re.sub(r"\s+", " ", ILLEGAL.sub("\ufffd", text)).strip()


def test_hostile_titles_are_text_and_nothing_runs(tmp_path: Path) -> None:
    titles = hostile()
    assert len(titles) > 1000
    page = tmp_path / "report.html"
    page.write_text(report.render(product_of(titles), today=TODAY), encoding="utf-8")
    document, console = browse(page, tmp_path)
    read = _Read()
    read.feed(document)
    assert read.elements <= ELEMENTS
    assert not {name for name in read.attributes if name.startswith("on")}
    assert "style" not in read.attributes
    assert all(address.startswith("#") for address in read.addresses)
    assert console == ""
    paragraphs = {shown(text) for text in read.paragraphs}
    missing = [title for title in titles if shown(f"Goal: {title}") not in paragraphs]
    assert missing == []


def test_policy_refuses_what_is_not_the_pages_own(tmp_path: Path) -> None:
    written = report.render(Workspace(name="Plain"))
    page = tmp_path / "report.html"
    page.write_text(written.replace("</body>", "<script>document.title='ran'</script></body>"), encoding="utf-8")
    document, console = browse(page, tmp_path)
    assert "<title>Plain</title>" in document
    assert "Content Security Policy" in console


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_the_page_does_not_scroll_sideways(width: int, tmp_path: Path) -> None:
    folder = ROOT / "examples" / "dockline"
    scores = jtbd.opportunity_scores(survey_csv.load(folder / "survey.csv"))
    product = pmkit.load(folder / "product.yaml")
    written = report.render(product, today=TODAY, scores=scores).replace("<details>", "<details open>")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<!DOCTYPE html><title>waiting</title><iframe width="{width}" height="900" frameborder="0" '
        f'srcdoc="{html.escape(written)}" onload="document.title = this.contentDocument.documentElement.scrollWidth">'
        "</iframe>",
        encoding="utf-8",
    )
    document, _ = browse(frame, tmp_path, "--hide-scrollbars")
    found = re.search(r"<title>(.*?)</title>", document)
    assert found is not None
    assert found.group(1) == str(width)


def test_the_page_prints(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    product = pmkit.load(ROOT / "examples" / "cookie-cats" / "product.yaml")
    page.write_text(report.render(product, today=TODAY), encoding="utf-8")
    paper = tmp_path / "report.pdf"
    browse(page, tmp_path, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    assert paper.read_bytes().startswith(b"%PDF-")
