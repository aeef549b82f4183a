"""Make the pictures of opportunity solution trees in docs/images, from example trees of our own.

Run: python tools/pictures_ost.py [folder]      with --png: PNGs too, light and dark, in every style
"""

from __future__ import annotations

import sys
from pathlib import Path

from pmkit import ost
from pmkit.drawing import Picture
from pmkit.ost import Assumption, AssumptionTest, Evidence, Opportunity, Outcome, Solution

IMAGES = Path(__file__).parents[1] / "docs" / "images"
Level = tuple[int, ost.OstNode]


def stories(*people: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(kind="story", participant=person) for person in people)


def grown(*levels: Level) -> ost.OstTree:
    """Build a tree of nodes with their depth, in reading order."""
    tree = ost.new(levels[0][1])
    above = {0: levels[0][1].id}
    with ost.edit(tree) as draft:
        for depth, node in levels[1:]:
            draft.add(node, parent=above[depth - 1])
            above[depth] = node.id
    return draft.tree


def garden() -> ost.OstTree:
    return grown(
        (
            0,
            Outcome(
                id="harvest",
                title="More first-season gardeners bring in a harvest",
                metric="first-season harvest rate",
                baseline=34,
                target=45,
                unit="%",
                by="2027-09-30",
            ),
        ),
        (
            1,
            Opportunity(id="start", title="I don't know when to start my seeds", evidence=stories("p02", "p05", "p09")),
        ),
        (2, Opportunity(id="frost", title="I lost everything to a late frost", evidence=stories("p02", "p09"))),
        (2, Opportunity(id="window", title="My window sill is too dark for seedlings", evidence=stories("p05"))),
        (
            1,
            Opportunity(
                id="water",
                title="My plants dry out while I am away",
                evidence=stories("p01", "p03", "p04", "p07", "p11"),
            ),
        ),
        (
            2,
            Opportunity(
                id="forget",
                title="I forget to water when my week gets busy",
                target=True,
                evidence=stories("p01", "p03", "p07", "p11"),
            ),
        ),
        (3, Solution(id="nudge", title="A reminder that knows the weather forecast", status="testing")),
        (
            4,
            Assumption(
                id="heed",
                title="Gardeners act on a reminder within the same day",
                category="desirability",
                probability=0.6,
                evidence=stories("p01", "p07"),
            ),
        ),
        (
            5,
            AssumptionTest(
                id="sms",
                title="Send ten gardeners a message by hand for two weeks",
                method="concierge",
                status="done",
                verdict="supported",
                result="8 of 10 watered on the day",
            ),
        ),
        (
            4,
            Assumption(
                id="rain",
                title="The forecast is right often enough to be trusted",
                category="feasibility",
                probability=0.8,
            ),
        ),
        (
            5,
            AssumptionTest(
                id="logs",
                title="Compare last season's forecasts with rain gauges",
                method="data analysis",
                status="running",
            ),
        ),
        (3, Solution(id="olla", title="Clay pots that water the bed for a week", status="considering")),
        (
            4,
            Assumption(
                id="price", title="They would pay for a set before the season", category="viability", probability=0.35
            ),
        ),
        (
            5,
            AssumptionTest(
                id="preorder",
                title="Offer a pre-order to the newsletter",
                method="pre-order",
                status="done",
                verdict="refuted",
                result="3 orders, 20 needed",
            ),
        ),
        (3, Solution(id="buddy", title="Swap watering with a neighbor", status="idea")),
        (2, Opportunity(id="holiday", title="Nobody waters during our summer holiday", evidence=stories("p04"))),
        (
            1,
            Opportunity(
                id="pests", title="Something eats my plants and I can't tell what", evidence=stories("p06", "p08")
            ),
        ),
        (2, Solution(id="photo", title="Name the pest from a photo", status="dropped")),
    )


def clinic() -> ost.OstTree:
    return grown(
        (
            0,
            Outcome(
                id="kept",
                title="Fewer appointments are missed",
                metric="missed appointments",
                baseline=18,
                target=11,
                unit="%",
            ),
        ),
        (
            1,
            Opportunity(
                id="recall", title="I booked months ago and it slipped my mind", evidence=stories("p01", "p02", "p06")
            ),
        ),
        (2, Solution(id="calendar", title="Put the appointment into the phone's calendar", status="shipped")),
        (
            1,
            Opportunity(
                id="change",
                title="I can't reach anyone to move my appointment",
                target=True,
                evidence=stories("p03", "p04", "p06", "p08"),
            ),
        ),
        (2, Opportunity(id="hours", title="The line is only open while I work", evidence=stories("p03", "p08"))),
        (2, Opportunity(id="wait", title="I hang up after ten minutes of music", evidence=stories("p04"))),
        (2, Solution(id="reply", title="Answer the reminder with a better day", status="testing")),
        (
            3,
            Assumption(
                id="slots", title="There is a free slot within two weeks", category="feasibility", probability=0.7
            ),
        ),
        (
            4,
            AssumptionTest(
                id="count",
                title="Count free slots over the last quarter",
                method="data analysis",
                status="done",
                verdict="inconclusive",
            ),
        ),
        (
            3,
            Assumption(
                id="safe", title="Nobody in need of urgent care is moved back", category="ethical", probability=0.9
            ),
        ),
        (2, Solution(id="list", title="A waiting list that fills the gaps", status="considering")),
        (1, Opportunity(id="fear", title="I am afraid of what they will find", evidence=stories("p05"))),
    )


def bikes() -> ost.OstTree:
    return grown(
        (
            0,
            Outcome(
                id="rides", title="More commuters ride twice a week or more", baseline=2100, target=3000, unit="riders"
            ),
        ),
        (1, Opportunity(id="find", title="There is no bike when I leave home", target=True)),
        (2, Solution(id="reserve", title="Reserve a bike the evening before", status="testing")),
        (3, AssumptionTest(id="paper", title="Hold five bikes by hand at one station", method="Wizard of Oz")),
        (2, Solution(id="rebalance", title="Move bikes at night to where mornings begin", status="building")),
        (2, Solution(id="credit", title="Pay riders who bring a bike back uphill")),
        (1, Opportunity(id="dock", title="The station at work is full when I arrive")),
        (1, Opportunity(id="rain", title="I arrive soaked and have nowhere to change")),
        (1, Opportunity(id="trust", title="The brakes did not feel safe")),
    )


def invoices() -> ost.OstTree:
    return grown(
        (0, Outcome(id="paid", title="Freelancers are paid within thirty days", baseline=47, target=30, unit="days")),
        (1, Opportunity(id="chase", title="I hate asking clients for my money", evidence=stories("p01", "p02", "p05"))),
        (2, Opportunity(id="tone", title="I never find words that are firm and friendly", evidence=stories("p02"))),
        (
            2,
            Opportunity(
                id="forget",
                title="I only notice weeks later that nobody paid",
                target=True,
                evidence=stories("p01", "p05"),
            ),
        ),
        (3, Solution(id="digest", title="A Friday note of what is open", status="building")),
        (3, Solution(id="bank", title="Match bank statements with invoices", status="testing")),
        (
            4,
            Assumption(
                id="access",
                title="Freelancers let us read their bank statements",
                category="desirability",
                probability=0.4,
            ),
        ),
        (3, Solution(id="terms", title="Write the due date larger", status="shipped")),
        (
            1,
            Opportunity(
                id="form", title="Their accounting sends my invoice back for a missing number", evidence=stories("p03")
            ),
        ),
    )


def museum() -> ost.OstTree:
    return grown(
        (0, Outcome(id="stay", title="Visitors stay for a second floor")),
        (1, Opportunity(id="lost", title="I can't tell where I am in the building")),
        (2, Opportunity(id="stairs", title="I did not see that there are stairs")),
        (2, Opportunity(id="map", title="The map shows rooms, not what is in them")),
        (1, Opportunity(id="tired", title="My feet hurt and there is nowhere to sit")),
        (1, Opportunity(id="kids", title="My children are bored after twenty minutes", target=True)),
        (2, Solution(id="hunt", title="A treasure hunt that leads upstairs", status="testing")),
        (
            3,
            AssumptionTest(
                id="paper", title="Hand out a drawn hunt on three Sundays", method="prototype", status="running"
            ),
        ),
        (2, Solution(id="touch", title="One thing to touch in every room")),
        (2, Solution(id="guide", title="An audio guide told by a mouse", status="considering")),
    )


def later() -> ost.OstTree:
    """Show the garden tree three weeks on."""
    with ost.edit(garden()) as draft:
        draft.remove("pests")
        draft.move("buddy", parent="holiday")
        draft.replace("olla", status="dropped")
        draft.replace("rain", probability=0.9)
        draft.replace("window", title="My window sill gets three hours of sun, too little for seedlings")
        draft.add(Solution(id="valve", title="A tap valve that opens at dusk", status="considering"), parent="forget")
        draft.add(
            Assumption(id="tap", title="Most gardeners have a tap within ten meters", category="feasibility"),
            parent="valve",
        )
    return draft.tree


TREES = {"garden": garden, "clinic": clinic, "bikes": bikes, "invoices": invoices, "museum": museum}


def pictures() -> dict[str, Picture]:
    return {
        "ost-down": ost.draw(garden(), "down", title="Bring in a first harvest"),
        "ost-across": ost.draw(clinic(), "across", title="Keep appointments"),
        "ost-outline": ost.draw(garden(), "outline", title="Bring in a first harvest"),
        "ost-diff": ost.draw_diff(garden(), later(), title="Three weeks later"),
    }


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "--png"]
    folder = Path(arguments[0]) if arguments else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures().items():
        (folder / f"{name}.svg").write_text(picture.svg, encoding="utf-8")
    if "--png" in sys.argv:
        for name, build in TREES.items():
            for style in ("across", "down", "outline"):
                for theme in ("light", "dark"):
                    png = ost.draw(build(), style, title=name.title()).to_png(theme=theme)
                    (folder / f"{name}-{style}-{theme}.png").write_bytes(png)


if __name__ == "__main__":
    main()
