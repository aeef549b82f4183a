"""Strategies for statements of jobs and needs, and for the structures around them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pmkit.jtbd import (
    MOMENTS,
    STEPS,
    DesiredOutcome,
    EmotionalJob,
    Force,
    Forces,
    Job,
    JobMap,
    JobStory,
    Moment,
    Statement,
    SwitchTimeline,
)
from pmkit.language import gerund, third_person

__all__ = [
    "desired_outcomes",
    "emotional_jobs",
    "forces",
    "job_maps",
    "job_stories",
    "jobs",
    "statements",
    "switch_timelines",
]

_VERBS = [
    "arrange",
    "assemble",
    "bake",
    "bury",
    "carve",
    "collect",
    "compare",
    "cook",
    "draft",
    "dry",
    "empty",
    "fold",
    "gather",
    "grind",
    "hide",
    "inspect",
    "label",
    "lift",
    "mend",
    "mix",
    "paint",
    "peel",
    "plant",
    "polish",
    "prune",
    "rinse",
    "scrub",
    "sketch",
    "sort",
    "stack",
    "sweep",
    "trim",
    "water",
    "weigh",
    "wrap",
]
_INTRANSITIVE = [
    "collapse",
    "crack",
    "disappear",
    "dry",
    "fade",
    "fail",
    "jam",
    "leak",
    "melt",
    "overheat",
    "rot",
    "rust",
    "shrink",
    "slip",
    "spoil",
    "tear",
    "vanish",
    "wilt",
]
_NOUNS = [
    "apple",
    "barrel",
    "blanket",
    "bolt",
    "bucket",
    "cable",
    "candle",
    "carpet",
    "coat",
    "cup",
    "curtain",
    "feather",
    "fence",
    "hammer",
    "jacket",
    "kettle",
    "ladder",
    "lamp",
    "lantern",
    "leaf",
    "lemon",
    "letter",
    "mirror",
    "needle",
    "onion",
    "pan",
    "parcel",
    "pear",
    "pillow",
    "plum",
    "pot",
    "radiator",
    "ribbon",
    "rope",
    "seed",
    "shirt",
    "sock",
    "spoon",
    "statue",
    "stove",
    "sword",
    "tile",
    "towel",
    "tulip",
    "vase",
    "violin",
    "wheel",
]
_ADJECTIVES = [
    "blue",
    "broken",
    "cracked",
    "fresh",
    "green",
    "heavy",
    "large",
    "old",
    "red",
    "round",
    "rusty",
    "small",
    "torn",
    "wooden",
    "yellow",
]
_TIMES = ["a heat wave", "a power cut", "the afternoon", "the harvest", "the night", "the rehearsal", "the winter"]
_STATES = [
    "admired",
    "at ease",
    "calm",
    "certain",
    "competent",
    "generous",
    "in control",
    "left out",
    "proud",
    "rushed",
    "safe",
    "understood",
]
_PEOPLE = ["a neighbor", "colleagues", "customers", "friends", "parents", "strangers", "the guests"]
_ACTIVITIES = ("time", "effort")
_CHANCES = ("likelihood", "chance", "risk", "probability")
_COUNTS = ("number", "percentage", "frequency", "amount")


def _things() -> st.SearchStrategy[str]:
    articles = st.sampled_from(("a ", "the ", "every ", "two "))
    adjectives = st.one_of(st.just(""), st.sampled_from(_ADJECTIVES).map(lambda word: word + " "))
    nouns = st.sampled_from(_NOUNS)
    return st.builds(lambda article, adjective, noun: article + adjective + noun, articles, adjectives, nouns).map(
        lambda text: text + "s" if text.startswith("two ") else text
    )


def _acts() -> st.SearchStrategy[str]:
    return st.builds(lambda verb, thing: f"{verb} {thing}", st.sampled_from(_VERBS), _things())


def _doing() -> st.SearchStrategy[str]:
    return st.builds(lambda verb, thing: f"{gerund(verb)} {thing}", st.sampled_from(_VERBS), _things())


def _happenings() -> st.SearchStrategy[str]:
    nouns, verbs = st.sampled_from(_NOUNS), st.sampled_from(_INTRANSITIVE)
    return st.builds(lambda noun, verb: f"the {noun} {third_person(verb)}", nouns, verbs)


def _circumstances() -> st.SearchStrategy[str]:
    timed = st.builds(
        lambda opener, time: f"{opener} {time}", st.sampled_from(("during", "before", "after")), st.sampled_from(_TIMES)
    )
    clauses = st.builds(
        lambda opener, happening: f"{opener} {happening}", st.sampled_from(("when", "while", "once")), _happenings()
    )
    gerunds = st.builds(
        lambda opener, doing: f"{opener} {doing}", st.sampled_from(("while", "when", "without", "before")), _doing()
    )
    return st.one_of(st.just(""), timed, clauses, gerunds)


def jobs() -> st.SearchStrategy[Job]:
    """Generate jobs, with and without clarifiers.

    Returns
    -------
    strategy of Job

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(jobs(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> found.verb != ''
    True
    """
    return st.builds(
        lambda verb, thing, clarifier: Job(verb=verb, object=thing, clarifier=clarifier),
        st.sampled_from((*_VERBS, "pick up", "look for", "take care of", "listen to")),
        _things(),
        _circumstances(),
    )


def desired_outcomes() -> st.SearchStrategy[DesiredOutcome]:
    """Generate desired outcomes of every common metric.

    Returns
    -------
    strategy of DesiredOutcome

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(desired_outcomes(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> found.object != ''
    True
    """
    things = _things().map(lambda thing: thing.split(" ", 1)[1] + ("" if thing.startswith("two ") else "s"))
    pairs = st.one_of(
        st.tuples(st.sampled_from(_ACTIVITIES), _acts()),
        st.tuples(st.sampled_from(_CHANCES), st.one_of(_doing(), _happenings())),
        st.tuples(st.sampled_from(_COUNTS), things),
    )
    directions = st.sampled_from(("minimize", "increase", "reduce", "maximize"))
    return st.builds(
        lambda direction, pair, clarifier: DesiredOutcome(
            direction=direction, metric=pair[0], object=pair[1], clarifier=clarifier
        ),
        directions,
        pairs,
        _circumstances(),
    )


def job_stories() -> st.SearchStrategy[JobStory]:
    """Generate job stories.

    Returns
    -------
    strategy of JobStory

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(job_stories(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> found.outcome != ''
    True
    """
    return st.builds(
        lambda situation, motivation, outcome: JobStory(situation=situation, motivation=motivation, outcome=outcome),
        st.one_of(_happenings(), _doing()),
        _acts(),
        st.one_of(_acts(), _happenings()),
    )


def emotional_jobs() -> st.SearchStrategy[EmotionalJob]:
    """Generate emotional and social jobs.

    Returns
    -------
    strategy of EmotionalJob

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(emotional_jobs(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> found.state != ''
    True
    """
    by = st.sampled_from(_PEOPLE).map(lambda people: f"by {people}")
    personal = st.builds(
        lambda form, state, clarifier: EmotionalJob(form=form, state=state, clarifier=clarifier),
        st.sampled_from(("feel", "avoid feeling")),
        st.sampled_from(_STATES),
        _circumstances(),
    )
    social = st.builds(
        lambda form, state, clarifier: EmotionalJob(form=form, state=state, clarifier=clarifier),
        st.sampled_from(("be perceived as", "avoid being perceived as")),
        st.sampled_from(("a generous host", "careless", "an expert", "greedy", "helpful", "a good cook")),
        st.one_of(_circumstances(), by),
    )
    return st.one_of(personal, social)


def statements() -> st.SearchStrategy[Statement]:
    """Generate statements of every kind.

    Returns
    -------
    strategy of Job, DesiredOutcome, JobStory or EmotionalJob

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(statements(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> found.spans
    mappingproxy({})
    """
    return st.one_of(jobs(), desired_outcomes(), job_stories(), emotional_jobs())


def forces() -> st.SearchStrategy[Forces]:
    """Generate forces around a switch.

    Returns
    -------
    strategy of Forces

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(forces(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> len(found.push) < 5
    True
    """
    one = st.builds(Force, st.sampled_from(_ADJECTIVES), st.floats(0, 1e6))
    side = st.lists(one, max_size=4)
    return st.builds(Forces, push=side, pull=side, anxiety=side, habit=side)


def job_maps() -> st.SearchStrategy[JobMap]:
    """Generate job maps with any number of outcomes in any step.

    Returns
    -------
    strategy of JobMap

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(job_maps(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> len(found.steps)
    8
    """
    steps = st.dictionaries(st.sampled_from(STEPS), st.lists(desired_outcomes(), max_size=4), max_size=8)
    return st.builds(lambda job, found: JobMap(job=job, steps=found), jobs(), steps)


def switch_timelines() -> st.SearchStrategy[SwitchTimeline]:
    """Generate timelines of a switch whose dates run forward.

    Returns
    -------
    strategy of SwitchTimeline

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> found = find(switch_timelines(), lambda found: True, settings=settings(phases=[Phase.generate]))
    >>> found.participant
    ''
    """
    days = st.lists(st.one_of(st.none(), st.dates()), min_size=len(MOMENTS), max_size=len(MOMENTS))

    def made(found: list[object], told: list[bool]) -> SwitchTimeline:
        ordered = iter(sorted(day for day in found if day is not None))  # type: ignore[type-var]  # dates
        dated = [None if day is None else next(ordered) for day in found]
        moments: dict[str, Any] = {
            name: Moment(what=name, on=on)  # type: ignore[arg-type]
            for name, on, known in zip(MOMENTS, dated, told, strict=True)
            if known
        }
        return SwitchTimeline(**moments)

    told = st.lists(st.booleans(), min_size=len(MOMENTS), max_size=len(MOMENTS))
    return st.builds(made, days, told)
