"""What the report says: the answers first, titles for ids, figures in the right unit and order, nothing twice."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path

import attrs
import pytest

import pmkit
from pmkit import conway, ost, report
from pmkit.experiments import Plan, mean, proportion
from pmkit.report._branch import branch
from pmkit.report._names import Names, isolated_quotes
from pmkit.report._parts import facts, figure, table, written
from pmkit.report._words import amount, isolated, share, tenths
from pmkit.workspace import Cell, Experiment, Look, Workspace, check, next_actions

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def dockline() -> Workspace:
    return pmkit.load(EXAMPLES / "dockline" / "product.yaml")


@pytest.fixture(scope="module")
def page(dockline: Workspace) -> str:
    return report.render(dockline, today=TODAY)


def section(page: str, anchor: str) -> str:
    found = re.search(rf'<section aria-labelledby="{anchor}">(.*?)</section>', page, re.DOTALL)
    assert found is not None
    return found.group(1)


def text(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))).strip()


def cards(page: str) -> dict[str, str]:
    found = re.search(r'<div class="answers">(.*?)</div></div>', page, re.DOTALL)
    assert found is not None
    parts = re.findall(r"<h3>(.*?)</h3>(.*?)(?=</div><div>|\Z)", found.group(1), re.DOTALL)
    return {title: text(body) for title, body in parts}


def rows(page: str, caption: str) -> list[list[str]]:
    """Return the cells of the table whose caption begins so, as text."""
    found = re.search(rf"<caption[^>]*>{caption}.*?<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert found is not None, caption
    return [
        [text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", found.group(1), re.DOTALL)
    ]


def grown(*records: tuple[str, str, str | None, dict[str, object]]) -> ost.OstTree:
    kinds = {"r": "outcome", "o": "opportunity", "s": "solution", "a": "assumption", "t": "test"}
    return ost.from_records(
        [
            {"id": name, "kind": kinds[name[0]], "title": title, "parent": above, **more}
            for name, title, above, more in records
        ]
    )


def test_the_first_screen_answers_what_why_and_who(page: str) -> None:
    answers = cards(page)
    assert list(answers) == ["Decide now", "Learn next", "Who must talk to whom"]
    assert answers["Decide now"].startswith("Decide on 'A message as soon as a delay is likely': its data were read")
    assert answers["Learn next"] == (
        "Finish 'Send the message for half of the shipments' worth at most 41,600 costs 6,000 40 days teams: Tracking, "
        "Foundation Tells whether this is true (believed at 60%): 'Shippers who are told call their carrier less'; "
        "'Send a message as soon as a delay is likely' rests on it."
    )
    assert "Quoting and Billing: settlement uses tariff-store" in answers["Who must talk to whom"]
    assert answers["Who must talk to whom"].endswith("and 2 more")
    assert page.index('class="answers"') < page.index('class="goals"') < page.index('id="next"')


def test_what_can_be_built_is_the_answer_when_nothing_is_worth_learning() -> None:
    tree = grown(
        ("r", "Watch more", None, {}),
        ("o", "I lose my place", "r", {}),
        ("s", "Mark the place", "o", {"value": 100, "cost": 10}),
        ("a", "People look", "s", {"probability": 0.9}),
    )
    answers = cards(report.render(Workspace(tree=tree)))
    assert list(answers) == ["Build next"]
    assert answers["Build next"] == "Build 'Mark the place' worth 80 costs 10 For 'I lose my place'."
    tried = ost.add(tree, ost.AssumptionTest(id="t", title="Try it", cost=3), parent="a")
    stopped = ost.replace(tried, "s", value=5)
    assert list(cards(report.render(Workspace(tree=stopped)))) == ["Stop, or look for something else"]


def test_what_is_missing_is_the_answer_when_there_are_no_numbers() -> None:
    tree = grown(("r", "Watch more", None, {}), *((f"o{n}", f"I lose {n}", "r", {}) for n in range(5)))
    answers = cards(report.render(Workspace(tree=tree)))
    assert list(answers) == ["Find out next"]
    count = len(next_actions(Workspace(tree=tree)).actions)
    assert answers["Find out next"].endswith(f"and {count - 3} more")
    assert "'I lose 0'" in answers["Find out next"]


def test_an_empty_product_and_a_bare_outcome_say_how_to_begin() -> None:
    assert cards(report.render(Workspace()))["What to do next"].startswith("There is no tree yet")
    bare = Workspace(tree=grown(("r", "Watch more", None, {})))
    assert cards(report.render(bare))["What to do next"].startswith("The tree has no opportunity yet")


def test_a_bundle_is_explained_once(page: str) -> None:
    told = text(section(page, "next"))
    assert told.count("no single test pays") == 1
    assert "They are what 'Hold a quoted price for seven days' rests on." in told
    assert "'Ask ten carriers with a draft of the terms'" in told
    assert "share-link-ask" not in told


def test_ids_become_titles_only_where_all_of_them_are_known() -> None:
    names = Names({"a": "First thing", "b": "It's second"}, {"web": "Web team"})
    assert names.told("also paying: a, b") == "also paying: 'First thing', 'It's second'"
    assert names.told("also paying: a, c") == "also paying: a, c"
    assert names.told("'a' and 'c' and a") == "'First thing' and 'c' and a"
    assert names.told("'a' waits: b") == "'First thing' waits: 'It's second'"
    assert names.title("web + page") == "Web team and page"
    assert names.title("a") == "First thing"


def test_direction_is_kept_apart_only_where_it_changes() -> None:
    assert isolated("abc é") == "abc é"
    assert isolated("\u05d0\u05d1") == "\u2068\u05d0\u05d1\u2069"
    assert isolated_quotes("Hear 'x' and '\u05d0' é") == "Hear 'x' and \u2068'\u05d0'\u2069 é"


def test_dates_and_percentages_stay_whole() -> None:
    assert written("by 2027-06-30, from 5 % <b>") == (
        'by <span class="whole">2027-06-30</span>, from <span class="whole">5 %</span> &lt;b&gt;'
    )


def test_figures_stand_to_the_right_and_empty_columns_are_left_out() -> None:
    made = table(
        ("Name", "Score", "Note", "Empty"), [("a", "1,000", ("x", "y"), ""), ("b", "-2.5 %", (), "")], caption="c"
    )
    assert '<th scope="col" class="number">Score</th>' in made
    assert made.count('class="number"') == 3
    assert "Empty" not in made
    assert '<td data-label="Note" class="short"><ul><li>x</li><li>y</li></ul></td>' in made
    mixed = table(("Name", "Score"), [("a", "1"), ("b", "two")], caption="c")
    assert "number" not in mixed
    wide = table(("Name",), [("a" * 25,), ("b",)], caption="c", marks={"b": "error"})
    assert wide.count('<th scope="row" class="wide">') == 2
    assert '<span class="mark error">b</span>' in wide


def test_pictures_grow_until_they_can_be_read_and_lose_their_margin() -> None:
    svg = '<svg width="200" height="100" viewBox="0 0 200 100"><style>.t{font-size:8px}.u{font-size:20px}</style></svg>'
    assert 'width="300" height="150" viewBox="0 0 200 100"' in figure(svg, "c")
    assert 'width="270" height="120" viewBox="10 10 180 80"' in figure(svg, "c", trim=10)
    assert 'width="200" height="100"' in figure(svg.replace("8px", "14px"), "c")


def test_no_facts_make_no_list() -> None:
    assert facts([]) == ""


def test_findings_of_one_rule_share_a_row(page: str, dockline: Workspace) -> None:
    found = [finding for finding in check(dockline, today=TODAY) if finding.severity != "information"]
    told = rows(page, f"{len(found)} findings")
    assert [row[3] for row in told] == list(dict.fromkeys(finding.code for finding in found))
    assert len(found) > len(told)
    loads = next(row for row in told if row[3] == "CON104")
    assert loads[1] == (
        "Billing: its load of 8 is above its capacity of 7 Booking: its load of 11 is above its capacity of 10 "
        "Carrier connections: its load of 12 is above its capacity of 9"
    )
    assert loads[2] == "move or retire a component, or raise the capacity if it was set too low"
    assert f"{len(found)} findings to mend" in re.sub(
        r"(findings to mend) (\d+)", r"\2 \1", text(section(page, "overview"))
    )


def test_many_findings_of_one_rule_are_counted() -> None:
    alone = [(f"o{n}", f"I lose thing {n}", "r", {}) for n in range(11)]
    solved = [(f"s{n}", f"Mark thing {n}", f"o{n}", {}) for n in range(11)]
    page = report.render(Workspace(tree=grown(("r", "Watch more", None, {}), *alone, *solved)))
    single = next(row for row in rows(page, "11 findings") if row[3] == "OST106")
    assert single[1].endswith("and 3 more")
    assert single[1].count("the method asks for three") == 8


def test_changes_are_in_the_unit_of_the_metric(page: str) -> None:
    first = rows(page, "Change against total")
    assert [row[3:6] for row in first] == [
        ["+3.31 points", "+2.01 points", "+4.61 points"],
        ["-0.113 points", "-0.66 points", "+0.434 points"],
    ]
    assert "Change against total, 95% intervals" in page
    assert "planned for one look; look 1, 20,000 units" in page
    experiments = text(section(page, "experiments"))
    assert experiments.count("green is a gain, red is a harm, blue is open") == 1
    assert experiments.count("read as above.") == 2


def test_relative_changes_and_means_have_units_of_their_own() -> None:
    share_of = proportion("bought", minimum_effect=0.02, relative=True)
    hours = mean("hours", margin=1.0)
    plan = Plan(goal=share_of, guardrails=[hours], split={"old": 1, "new": 1}, control="old")
    cells = {
        name: {"bought": Cell(n=1000, successes=many), "hours": Cell(n=1000, mean=5.0 + many / 1000, variance=1.0)}
        for name, many in (("old", 100), ("new", 150))
    }
    page = report.render(Workspace(experiments=[Experiment(id="e", plan=plan, looks=[Look(counts=cells)])]))
    told = {row[0]: row[3] for row in rows(page, "Change against old")}
    assert told == {"bought": "+50 %", "hours": "+0.05"}


def test_likely_solutions_come_first_and_unknown_ones_last() -> None:
    tree = grown(
        ("r", "Watch more", None, {}),
        ("o", "I lose my place", "r", {}),
        *((f"s{n}", f"Way {n}", "o", {}) for n in range(4)),
        ("a0", "First", "s0", {"probability": 0.2}),
        ("a1", "Second", "s1", {}),
        ("a2", "Third", "s2", {"probability": 0.8}),
        ("a3", "Fourth", "s3", {"probability": 0.5}),
    )
    page = report.render(Workspace(tree=tree))
    told = [(row[0], row[1]) for row in rows(page, "The chance")]
    assert told == [
        ("Way 2", "80%"),
        ("Way 3", "50%"),
        ("Way 0", "20%"),
        ("Way 1", "not known: a needed number is missing"),
    ]
    assert rows(page, "The chance")[3][3] == "Second"
    assert "Who stands behind each opportunity" not in page
    assert rows(page, "What nobody")[0][:2] == ["opportunity without evidence", "1 of 1"]


def test_each_opportunity_lists_only_its_own_solutions() -> None:
    tree = grown(
        ("r", "Watch more", None, {}),
        ("o1", "I lose my place", "r", {}),
        ("o2", "I forget the episode", "o1", {"target": True}),
        ("s1", "Mark the place", "o1", {"status": "dropped"}),
        ("s2", "Tell the episode", "o2", {"status": "shipped"}),
    )
    page = report.render(Workspace(tree=tree))
    pairs = re.findall(r"<h4>(.*?)</h4>(.*?)(?=<h4>|\Z)", section(page, "tree"), re.DOTALL)
    assert [title for title, _ in pairs] == ["I forget the episode", "I lose my place"]
    assert "Tell the episode" in pairs[0][1].split("<details>")[0]
    assert "Mark the place" not in pairs[0][1]
    assert "Tell the episode" not in pairs[1][1].split("<details>")[0]
    assert '<div class="node solution dropped">' in pairs[1][1]
    assert '<span class="chip good">\u2713 shipped</span>' in pairs[0][1]


def test_scores_have_one_digit_after_the_point(page: str) -> None:
    told = rows(page, "The 15 needs")
    assert len(told) == 15
    for row in told:
        assert re.fullmatch(r"\d+\.\d", row[1])
        assert re.fullmatch(r"\d+\.\d to \d+\.\d", row[2])
    scores = [float(row[1]) for row in told]
    assert scores == sorted(scores, reverse=True)
    assert (
        "Minimize the likelihood that a surcharge is added"
        in section(page, "needs").split("<svg")[1].split("</svg>")[0]
    )


def test_team_figures_say_what_they_count(dockline: Workspace, page: str) -> None:
    organization = dockline.organization
    assert organization is not None
    told = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", section(page, "organization")))
    spread = conway.propagation_cost(organization).value
    agreement = conway.congruence(organization).value
    assert told == {
        "teams own 26 components": "8",
        "dependencies cross teams": "20 of 36",
        "of all components are reached by a change to one, on average (propagation cost)": share(spread),
        "of the pairs of teams that must talk do (congruence)": share(agreement),
    }
    assert rows(page, "5 pairs")[0][0] == "Quoting and Billing"


def test_a_chain_has_one_row_a_link(page: str) -> None:
    told = rows(page, "A message as soon as a delay is likely")
    links = [row[0] for row in told]
    assert len(links) == len(set(links))
    assert told[0] == ["goal", "Shippers stay and send more through us Shippers can promise a delivery day and keep it"]
    assert told[-1] == ["decision", "missing: nothing has been decided yet"]


def test_words_for_numbers() -> None:
    assert [amount(value) for value in (None, 3.0, 12.3456, 12345.6, 0.00123)] == [
        "-",
        "3",
        "12.3",
        "12,346",
        "0.00123",
    ]
    assert [tenths(value) for value in (14, 9.27, None)] == ["14.0", "9.3", "-"]
    assert share(0.583) == "58%"


def test_dropped_evidence_is_counted_by_people_and_sources() -> None:
    heard = [
        ost.Evidence(kind="story", participant="p1"),
        ost.Evidence(kind="story", participant="p1"),
        ost.Evidence(kind="story", participant="p2"),
        ost.Evidence(kind="story", source="dashboard"),
    ]
    tree = grown(("r", "Watch more", None, {}), ("o", "I lose my place", "r", {}), ("s", "Mark it", "o", {}))
    tree = ost.replace(tree, "o", evidence=heard)
    told = text(section(report.render(Workspace(tree=tree)), "tree"))
    assert "2 people, 1 other source" in told
    told = text(section(report.render(Workspace(tree=ost.replace(tree, "o", evidence=heard[3:]))), "tree"))
    assert "1 source" in told


def lines(markup: str) -> list[tuple[int, str]]:
    """Return how deep each line of a list stands, and what it says."""
    found, depth = [], 0
    for opening, closing, words in re.findall(r"<(ul)|</(ul)>|<(?:bdi|p class=\"more\")>(.*?)</", markup):
        depth += bool(opening) - bool(closing)
        if words:
            found.append((depth, words))
    return found


def test_a_branch_shows_what_it_may_and_counts_the_rest() -> None:
    tree = grown(
        ("r", "Root", None, {}),
        ("o1", "One", "r", {}),
        ("s1", "Way", "o1", {}),
        ("a1", "Belief", "s1", {}),
        ("o2", "Two", "r", {}),
        ("o3", "Three", "r", {}),
        ("s3", "Other way", "o3", {}),
    )
    whole = [(1, "Root"), (2, "One"), (3, "Way"), (4, "Belief"), (2, "Two"), (2, "Three"), (3, "Other way")]
    assert lines(branch(tree, ["r"])) == whole
    assert lines(branch(tree, ["o1", "o2"])) == [(1, "One"), (2, "Way"), (3, "Belief"), (1, "Two")]
    assert lines(branch(tree, ["r"], closed=["o1"]))[:3] == [(1, "Root"), (2, "One"), (2, "+ 2 more")]
    assert lines(branch(tree, ["r"], deepest=1)) == [(1, "Root"), (1, "+ 6 more")]
    assert lines(branch(tree, ["o1"], deepest=2)) == [(1, "One"), (2, "Way"), (2, "+ 1 more")]
    shown = lines(branch(tree, ["r"], most=1))
    assert shown == [(1, "Root"), (2, "One"), (3, "Way"), (4, "Belief"), (2, "+ 3 more")]
    assert branch(tree, ["o2"], style="narrow").startswith('<ul class="tree narrow"><li><div class="node opportunity">')


def test_what_chips_say_is_not_said_again(page: str) -> None:
    told = text(section(page, "next"))
    assert "involves" not in told
    assert not re.search(r"worth [\d,]+ net of its cost", told)
    assert "team: Billing" in told


def test_teams_that_talk_are_told_so(dockline: Workspace) -> None:
    organization = dockline.organization
    assert organization is not None
    pairs = [conway.Communication(a=gap.a, b=gap.b, channel="weekly") for gap in conway.gaps(organization)]
    assert len(pairs) == 5
    met = attrs.evolve(organization, communication=[*organization.communication, *pairs])
    page = report.render(attrs.evolve(dockline, organization=met))
    assert cards(page)["Who must talk to whom"] == "Every pair of teams that depends on each other has a channel."
    assert "Every pair of teams that must coordinate has a channel." in text(section(page, "organization"))
    assert "must talk first" not in page
