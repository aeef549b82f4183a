"""The grammar, one construction at a time: what each test of the boundary is for."""

from __future__ import annotations

import pytest

from pmkit import jtbd

OUTCOMES = {
    "Minimize the time it takes to decide whether a fish is fresh": ("decide whether a fish is fresh", ""),
    "Minimize the time it takes to find out when the shop opens": ("find out when the shop opens", ""),
    "Minimize the time it takes to predict the day when a plum is ripe": ("predict the day when a plum is ripe", ""),
    "Minimize the likelihood of watering a plant more than once a day": ("watering a plant more than once a day", ""),
    "Minimize the likelihood of forgetting to look after a horse": ("forgetting to look after a horse", ""),
    "Minimize the time until the paint dries": ("the paint dries", ""),
    "Minimize the time it takes to tune a harp two hours before a concert": (
        "tune a harp",
        "two hours before a concert",
    ),
    "Increase the percentage of trains that arrive on time": ("trains that arrive on time", ""),
    "Increase the likelihood of finishing on time": ("finishing on time", ""),
    "Minimize the likelihood of skidding on ice": ("skidding", "on ice"),
    "Increase the likelihood of starting at the same time": ("starting at the same time", ""),
    "Minimize the effort required to store wood for a neighbor": ("store wood for a neighbor", ""),
    "Minimize the likelihood of getting tired for hours": ("getting tired", "for hours"),
    "Minimize the time it takes to peel an orange without looking": ("peel an orange", "without looking"),
    "Minimize the time it takes to find a room without windows": ("find a room without windows", ""),
    "Minimize the effort required to dig a hole in half-light": ("dig a hole", "in half-light"),
    "Minimize the effort required to load a van in under an hour": ("load a van", "in under an hour"),
    "Minimize errors in bad weather": ("", "in bad weather"),
    "Minimize the fuel consumption of a mower": ("a mower", ""),
    "Minimize the time it takes to swim across a bay": ("swim across a bay", ""),
    "Minimize the likelihood that a kite stays ahead of the wind": ("a kite stays ahead of the wind", ""),
    "Minimize the likelihood of a vote based upon a rumor": ("a vote based upon a rumor", ""),
    "Minimize the likelihood that a boat leaks as the tide is rising": ("a boat leaks", "as the tide is rising"),
    "Minimize the likelihood of dressing as a clown": ("dressing as a clown", ""),
    "Minimize the effort required to rake leaves under low branches": ("rake leaves under low branches", ""),
    "Minimize the effort required to weld a pipe under water": ("weld a pipe", "under water"),
    "Minimize the likelihood of slipping near a pool": ("slipping", "near a pool"),
    "Minimize the likelihood of an accident around machinery": ("an accident", "around machinery"),
    "Minimize the effort required to speak in front of strangers": ("speak", "in front of strangers"),
    "Minimize the time it takes to fold a map outside the car": ("fold a map", "outside the car"),
    "Minimize the time it takes to bake a cake from scratch": ("bake a cake", "from scratch"),
    "Minimize the effort required to drive with the windows open": ("drive", "with the windows open"),
    "Minimize the time it takes to buy a coat (e.g., a winter coat)": ("buy a coat", "e.g., a winter coat"),
    "Minimize the time it takes to follow a match from a distance": ("follow a match", "from a distance"),
    "Minimize the time it takes to fetch wood from a shed": ("fetch wood from a shed", ""),
    "Minimize the likelihood of missing a bus at the time": ("missing a bus at the time", ""),
    "Increase the likelihood of planting at tea time": ("planting", "at tea time"),
    "Minimize the time it takes to oil a saw three times a year after a storm": (
        "oil a saw three times a year",
        "after a storm",
    ),
    "Minimize the time it takes to rent a bike in Lisbon": ("rent a bike", "in Lisbon"),
}

JOBS = {
    "Rake leaves in order to feed the compost": ("rake", "leaves", "in order to feed the compost"),
    "Get used to a hearing aid": ("get used to", "a hearing aid", ""),
    "Re-pot a fern": ("re-pot", "a fern", ""),
    "Deglaze the pan": ("deglaze", "the pan", ""),
    "Work on a train": ("work", "", "on a train"),
    "Work on a thesis": ("work on", "a thesis", ""),
    "Commute to an island": ("commute to", "an island", ""),
    "Camp in the rain": ("camp", "", "in the rain"),
    "Look for": ("look for", "", ""),
    "Sow, water and harvest beans": ("sow", "beans", ""),
    "Feed ducks and geese": ("feed", "ducks and geese", ""),
    "Find a friend to talk to and eat with": ("find", "a friend", "to talk to and eat with"),
    "Read books online during a flight": ("read", "books", "online during a flight"),
    "Sell honey as a hobby": ("sell", "honey", "as a hobby"),
    "Buy fruit such as plums": ("buy", "fruit such as plums", ""),
    "Inform guests about delays": ("inform", "guests", "about delays"),
    "Read a story about dragons": ("read", "a story about dragons", ""),
    "Find a campsite near a lake": ("find", "a campsite near a lake", ""),
    "Replace a roof instead of patching it": ("replace", "a roof", "instead of patching it"),
    "Locate a passage in a book": ("locate", "a passage in a book", ""),
    "Commit to lead a team": ("commit", "to lead a team", ""),
    "1. Prune the roses": ("prune", "the roses", ""),
    "Cut wood slowly and carefully": ("cut", "wood", ""),
    "Wax skis without an iron": ("wax", "skis", "without an iron"),
    "Rehearse a solo with an accompanist": ("rehearse", "a solo", "with an accompanist"),
    "Measure the depth of a well": ("measure", "the depth of a well", ""),
    "Clean the outside of a window": ("clean", "the outside of a window", ""),
    "Answer questions about a diagnosis": ("answer", "questions about a diagnosis", ""),
    "Resolve a quarrel between tenants": ("resolve", "a quarrel between tenants", ""),
    "Wait until dusk": ("wait", "until dusk", ""),
    "Swim across a lake": ("swim across", "a lake", ""),
    "Decide that a roof is sound": ("decide", "that a roof is sound", ""),
    "Pick a name for a boat": ("pick", "a name for a boat", ""),
}

STORIES = {
    "When I land, I'd like to call, so my family knows I am safe": ("I land", "call", "my family knows I am safe"),
    "Whenever it snows, we would like to dig in order to go out": ("it snows", "dig", "go out"),
    "Every time it rings, I want to hide so that I am able to rest": ("it rings", "hide", "rest"),
    "When I need to bake, I want to check, so I'll buy the rest": ("I need to bake", "check", "buy the rest"),
    "As a baker, when ovens fail, I want to warn you, so you can wait": ("ovens fail", "warn you", "you can wait"),
}

FEELINGS = {
    "Feel at home among strangers": ("at home", "among strangers"),
    "Feel connected with friends": ("connected with friends", ""),
    "Feel shy with strangers": ("shy", "with strangers"),
    "Feel safe walking home": ("safe", "walking home"),
    "Feel proud of a garden": ("proud of a garden", ""),
    "Avoid feeling alone at parties": ("alone", "at parties"),
    "On Mondays, feel rested": ("rested", "On Mondays"),
}


@pytest.mark.parametrize(("text", "parts"), OUTCOMES.items())
def test_outcomes(text: str, parts: tuple[str, str]) -> None:
    reading = jtbd.parse(text) if parts[0] else None
    if reading is None:
        assert {finding.code for finding in jtbd.check(text)} == {"JTBD206"}
    else:
        assert (reading.object, reading.clarifier) == parts  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "parts"), JOBS.items())
def test_jobs(text: str, parts: tuple[str, str, str]) -> None:
    if not parts[1]:
        assert "JTBD102" in {finding.code for finding in jtbd.check(text)}
        return
    job = jtbd.parse(text)
    assert (job.verb, job.object, job.clarifier) == parts  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "parts"), STORIES.items())
def test_stories(text: str, parts: tuple[str, str, str]) -> None:
    story = jtbd.parse(text)
    assert (story.situation, story.motivation, story.outcome) == parts  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "parts"), FEELINGS.items())
def test_feelings(text: str, parts: tuple[str, str]) -> None:
    job = jtbd.parse(text)
    assert (job.state, job.clarifier) == parts  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("To quickly prune roses", ["JTBD101", "JTBD103"]),
        ("To minimize the time it takes to sow", []),
        ("Seriously reduce the time it takes to sow", []),
        ("Set up the new laptop", []),
        ("When I'm a fan of opera, I want to find cheap seats, so I can go often", []),
        ("Minimize the time it takes to cut wood slowly and by hand", ["JTBD207"]),
        ("Accurately pour and mix paint", ["JTBD101", "JTBD103", "JTBD108"]),
        ("Feel", ["JTBD102", "JTBD105"]),
        ("Plan, and cook dinner", ["JTBD108"]),
        ("Plan and quietly cook dinner", ["JTBD103"]),
        ("Cook soup and bake bread", ["JTBD108"]),
        ("Ask people to cook soup and bake bread", []),
        ("Know how cooks chop onions and bake bread", []),
        ("Boil rice and stir", []),
        ("Mix paint and brush strokes", []),
        ("Collect leaves and rake them", ["JTBD108"]),
        ("Wash dishes and then dry them", ["JTBD108"]),
        ("Carry a slowly melting candle", []),
        ("Watch a bird slowly opening a nut", ["JTBD103"]),
    ],
)
def test_codes(text: str, codes: list[str]) -> None:
    assert sorted({finding.code for finding in jtbd.check(text)}) == codes


@pytest.mark.parametrize(
    "statement",
    [
        jtbd.JobStory(situation="a train is late", motivation="know why", outcome="plan ahead"),
        jtbd.JobStory(situation="a train is late", motivation="a refund", outcome="my trip is cheaper"),
        jtbd.DesiredOutcome(direction="minimize", metric="time", object="peel an orange", clarifier="without looking"),
        jtbd.Job(verb="cook", object="soup", clarifier="in winter"),
    ],
)
def test_what_is_formatted_reads_back(statement: jtbd.Statement) -> None:
    assert jtbd.parse(jtbd.format(statement)) == statement


def test_what_cannot_be_read_back_is_written_in_the_first_wording() -> None:
    job = jtbd.Job(verb="cook", object="without salt", clarifier="of course")
    assert jtbd.format(job) == "Cook without salt of course"


@pytest.mark.parametrize(
    ("motivation", "outcome", "text"),
    [
        ("a refund", "my trip is cheaper", "I want a refund, so that my trip is cheaper."),
        ("know why", "plan ahead", "I want to know why, so I can plan ahead."),
        ("quickly find a seat", "rest", "I want to quickly find a seat, so I can rest."),
        ("deglaze the pan", "the sauce is rich", "I want to deglaze the pan, so that the sauce is rich."),
    ],
)
def test_stories_are_written_in_english(motivation: str, outcome: str, text: str) -> None:
    story = jtbd.JobStory(situation="a train is late", motivation=motivation, outcome=outcome)
    assert jtbd.format(story) == f"When a train is late, {text}"
    assert jtbd.parse(jtbd.format(story)) == story
