"""What the report says, and what it leaves out."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from pathlib import Path

import attrs
import pytest

import pmkit
from pmkit import jtbd, ost, report
from pmkit.conway import Organization, from_owners
from pmkit.formats import survey_csv
from pmkit.workspace import Cell, Experiment, Goal, StatedJob, Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def dockline() -> Workspace:
    return pmkit.load(EXAMPLES / "dockline" / "product.yaml")


@pytest.fixture(scope="module")
def page(dockline: Workspace) -> str:
    scores = jtbd.opportunity_scores(survey_csv.load(EXAMPLES / "dockline" / "survey.csv"))
    return report.render(dockline, today=TODAY, scores=scores)


def headings(page: str) -> list[str]:
    return re.findall(r"<h2 id=\"[a-z-]+\">(.*?)</h2>", page)


def test_sections_stand_in_the_order_of_use(page: str) -> None:
    assert headings(page) == [
        "At a glance", "What to do next", "Opportunities and solutions", "Jobs and needs", "Experiments and verdicts",
        "Belief and evidence", "Teams and components", "Findings", "From goal to verdict",
    ]  # fmt: skip


def test_every_link_has_its_anchor(page: str) -> None:
    anchors = re.findall(r' id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    assert set(re.findall(r'aria-labelledby="([^" ]+)', page)) <= set(anchors)


def test_every_style_has_its_hash_and_nothing_else_is_allowed(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy.group(1).startswith("default-src 'none'; style-src 'sha256-")
    for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy.group(1)
    assert "<script" not in page
    assert " style=" not in page


def test_tables_and_scrollers_can_be_read_and_reached(page: str) -> None:
    assert page.count("<table>") == page.count("<caption>")
    assert page.count('class="scroll" tabindex="0" role="group" aria-label="') == page.count('class="scroll"')
    assert page.count("<svg") == page.count('role="img"')


def test_actions_say_value_cost_days_and_who(page: str) -> None:
    assert "worth at most 41,600" in page
    assert "40 days" in page
    assert "Quoting and Billing must talk first" in page


def test_the_same_product_gives_the_same_page(dockline: Workspace) -> None:
    assert report.render(dockline, today=TODAY) == report.render(dockline, today=TODAY)


def test_an_empty_product_has_a_page() -> None:
    assert headings(report.render(Workspace())) == ["At a glance", "Findings"]


def test_goals_without_numbers_are_told() -> None:
    told = report.render(Workspace(goals=[Goal(id="a", title="Stay"), Goal(id="b", title="Pay", metric="revenue")]))
    assert ">Stay<" in told
    assert ">Pay (revenue)<" in told


def test_jobs_without_needs_are_told() -> None:
    assert "Job: Unwind" in report.render(Workspace(jobs=[StatedJob(id="j", text="Unwind")]))


def test_an_experiment_without_data_or_that_cannot_be_read(dockline: Workspace) -> None:
    first = dockline.experiments[0]
    half = attrs.evolve(first.looks[0], counts={"total": first.looks[0].counts["total"]})
    strange = attrs.evolve(first.looks[0], counts={"total": {"laughed": Cell(n=5, successes=2)}})
    waiting = Experiment(id="waiting", plan=first.plan)
    alone = Experiment(id="alone", plan=first.plan, looks=[half])
    broken = Experiment(id="broken", plan=first.plan, looks=[strange])
    page = report.render(Workspace(experiments=[waiting, alone, broken]))
    heads = re.findall(r"<h3>(waiting|alone|broken)</h3>(.*?)(?=<h3>|</section>)", page, re.DOTALL)
    told = {name: re.sub(r"<[^>]+>", " ", body) for name, body in heads}
    assert told["waiting"].strip() == "No data yet."
    assert told["alone"].split()[0] == "Invalid"
    assert "&#x27;surcharges&#x27; has no units" in told["alone"]
    assert "not known: no data" in told["alone"]
    assert told["broken"].split("&")[0].strip() == "It cannot be read: experiment"
    assert "&#x27;laughed&#x27;, which its plan does not name" in told["broken"]


def test_a_large_tree_is_shown_in_parts_that_say_so() -> None:
    records: list[dict[str, object]] = [{"id": "root", "kind": "outcome", "title": "Watch more", "parent": None}]
    for number in range(40):
        records.append({"id": f"o{number}", "kind": "opportunity", "title": f"I lose thing {number}", "parent": "root"})
        records += [
            {"id": f"s{number}-{each}", "kind": "solution", "title": f"Mark {number} {each}", "parent": f"o{number}"}
            for each in range(70 if number == 0 else 10)
        ]
    page = report.render(Workspace(tree=ost.from_records(records)))
    assert "28 more opportunities with solutions" in page
    assert ", shortened" in page
    assert ": the first 400 of 501 nodes" in page
    assert len(page) < 1_000_000


def test_many_findings_and_experiments_are_cut_with_a_word(dockline: Workspace) -> None:
    plan = dockline.experiments[0].plan
    page = report.render(Workspace(experiments=[Experiment(id=f"e{number}", plan=plan) for number in range(20)]))
    assert "The first 12 of 20 experiments." in page


def test_an_organization_in_which_nobody_must_talk() -> None:
    page = report.render_organization(from_owners({"page": "web"}), title="Shop")
    assert "No dependency is known, so no pair of teams must talk." in page


def test_an_organization_without_components_has_no_section() -> None:
    assert "Teams and components" not in headings(report.render(Workspace(organization=Organization())))


def test_segments_are_shown_each(dockline: Workspace) -> None:
    counts = survey_csv.load(EXAMPLES / "dockline" / "survey.csv", segments="segment")
    page = report.render(dockline, scores=jtbd.opportunity_scores(counts, repetitions=100))
    assert "Segment: one site" in page
    assert "Segment: several sites" in page
