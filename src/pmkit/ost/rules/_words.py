"""The words that the title rules go by; the lists themselves stand in ``title_words.txt``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = [
    "ABSENCES",
    "ARTIFACTS",
    "BUILD_VERBS",
    "BUSINESS_TERMS",
    "CHANGE_VERBS",
    "COMPANY_ON_PEOPLE",
    "COMPANY_VERBS",
    "CUSTOMERS",
    "DEFECTS",
    "EVENTS",
    "FUNNEL_STEPS",
    "FUNNEL_VERBS",
    "GENERIC",
    "GOODS",
    "HANDLED",
    "IDLE",
    "INTENSIFIERS",
    "MEANS",
    "MEASURES",
    "MOODS",
    "MOOD_NOUNS",
    "NEED_HEADS",
    "NO_TOOLS",
    "NUMBER_WORDS",
    "OFFERS",
    "OPERATIONS",
    "OPERATION_OBJECTS",
    "OPERATION_VERBS",
    "OUTPUT_NOUNS",
    "PEOPLE",
    "READY_MADE",
    "REQUESTS",
    "SAGGING",
    "SHIPPED",
    "SPENDING_VERBS",
    "STATE_TERMS",
    "TECHNICAL",
    "TOOL_VERBS",
    "UNITS",
    "UNSHIPPED",
    "VERDICTS",
    "WARES",
    "WORK_VERBS",
    "Phrases",
    "words",
]


def words(text: str) -> frozenset[str]:
    """Give the words of a text as a set."""
    return frozenset(text.split())


def _sections() -> Mapping[str, str]:
    text = (Path(__file__).parent / "title_words.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            current = found.setdefault(line[1 : line.index("]")], [])
        elif not line.startswith("#"):
            current.append(line)
    return {name: " ".join(lines) for name, lines in found.items()}


Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""Phrases by their first word, the longest first."""


def _phrases(text: str) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in text.split(","):
        phrase = tuple(entry.split())
        if phrase:
            found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in found.items()}


_SECTIONS = _sections()

ABSENCES = _phrases(_SECTIONS["absences"])
"""What stands before the thing that is missing."""
ARTIFACTS = words(_SECTIONS["artifacts"])
"""Heads of things that are built: a title that only asks for one of them names a solution."""
BUILD_VERBS = words(_SECTIONS["build_verbs"])
"""Verbs that, opening a title, tell someone to make something."""
BUSINESS_TERMS = _phrases(_SECTIONS["business_terms"])
"""What a company counts; a goal about one of them is the company's, not the customer's."""
CHANGE_VERBS = _phrases(_SECTIONS["change_verbs"])
COMPANY_ON_PEOPLE = words(_SECTIONS["company_on_people"])
COMPANY_VERBS = words(_SECTIONS["company_verbs"])
"""What only a company does to its customers."""
CUSTOMERS = words(_SECTIONS["customers"])
"""People as a company counts them."""
DEFECTS = words(_SECTIONS["defects"])
"""Said of a thing that exists: a complaint, not a request."""
EVENTS = words(_SECTIONS["events"])
"""What is held or run; so many of them are an output."""
FUNNEL_STEPS = words(_SECTIONS["funnel_steps"])
FUNNEL_VERBS = words(_SECTIONS["funnel_verbs"])
GENERIC = words(_SECTIONS["generic"])
"""Words that name no moment and nothing in particular."""
MEANS = words(_SECTIONS["means"])
"""What a thing is done with, when a title picks a technology."""
IDLE = words(_SECTIONS["idle"])
"""How a company sees what is not sold or not used."""
GOODS = words(_SECTIONS["goods"])
"""What a company sells on top."""
HANDLED = words(_SECTIONS["handled"])
"""Build verbs that are nouns too, or that people do for themselves: they need an article or an artifact after them."""
INTENSIFIERS = words(_SECTIONS["intensifiers"])
MEASURES = words(_SECTIONS["measures"])
"""Words that name something countable; an outcome that has one carries a metric."""
MOODS = words(_SECTIONS["moods"])
MOOD_NOUNS = words(_SECTIONS["mood_nouns"])
NEED_HEADS = words(_SECTIONS["need_heads"])
"""What people need for its own sake, however it is provided."""
NO_TOOLS = words(_SECTIONS["no_tools"])
"""Nouns that are made as names of tools are, and name none."""
NUMBER_WORDS = words(_SECTIONS["number_words"])
OFFERS = words(_SECTIONS["offers"])
"""Services: a title that only names one asks for it."""
OPERATIONS = words(_SECTIONS["operations"])
"""What only a device or a program can be told to do."""
OPERATION_OBJECTS = words(_SECTIONS["operation_objects"])
OPERATION_VERBS = words(_SECTIONS["operation_verbs"])
"""Operations on one of the OPERATION_OBJECTS, or on an artifact."""
OUTPUT_NOUNS = words(_SECTIONS["output_nouns"])
PEOPLE = words(_SECTIONS["people"])
READY_MADE = _phrases(_SECTIONS["ready_made"])
"""Ways of getting something done that stand for the need behind them: eating out, for having no time to cook."""
REQUESTS = _phrases(_SECTIONS["requests"])
"""What stands before the thing that is wished for."""
SAGGING = words(_SECTIONS["sagging"])
"""How a company's number stands when it complains about it."""
SHIPPED = words(_SECTIONS["shipped"])
SPENDING_VERBS = words(_SECTIONS["spending_verbs"])
STATE_TERMS = _phrases(_SECTIONS["state_terms"])
"""Numbers that only the company complains about."""
TECHNICAL = words(_SECTIONS["technical"])
"""What makes any noun after it a thing to build."""
TOOL_VERBS = words(_SECTIONS["tool_verbs"])
"""What a tool can do: with -er or -or the verb names the tool."""
UNITS = words(_SECTIONS["units"])
"""What a company divides its costs and sales by."""
UNSHIPPED = words(_SECTIONS["unshipped"])
"""What can be built or added that is nobody's output: trust, habits, people, hours."""
WARES = words(_SECTIONS["wares"])
"""First words of a product: "digital schedule"."""
VERDICTS = words(_SECTIONS["verdicts"])
WORK_VERBS = words(_SECTIONS["work_verbs"])
"""Verbs of working on something that exists; on an artifact, without a number, they name an output."""
