"""OST111, OST112, OST113 and OST303: an outcome that is one, and can be seen to happen."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings
from pmkit.ost._facts import of_kind
from pmkit.ost._nodes import Outcome
from pmkit.ost._schema import OstTree
from pmkit.ost.rules._output import is_measured, output_as_outcome

__all__ = ["NO_COUNTERWEIGHT", "OPEN_ENDED_OUTCOME", "OUTPUT_AS_OUTCOME", "UNMEASURED_OUTCOME"]

_FROM_TO = re.compile(r"\d[\d.,]*\s*[%\w]{0,3}\s*(?:to|->|→|=>)\s*[$€£]?\d", re.IGNORECASE)
_BY_WHEN = re.compile(
    r"\b(?:by|until|before|within|this|next|in)\s+(?:the\s+end\s+of\s+)?(?:\d+\s+)?"
    r"(?:q[1-4]|h[12]|(?:19|20)\d\d|jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|fall|winter|"
    r"(?:day|week|month|quarter|half|year)s?\b)",
    re.IGNORECASE,
)
_LONGEST_READ = 400


def _is_measured(node: Outcome) -> bool:
    return bool(node.metric.strip()) or node.baseline is not None or node.target is not None or is_measured(node.title)


def _output(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Outcome):
        found = output_as_outcome(node.title)
        if found:
            yield Hit(node.id, found[1], span=found[0])


def _unmeasured(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Outcome):
        if not _is_measured(node):
            yield Hit(node.id, "names no metric and no number")


def _one_sided(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Outcome):
        if node.level == "traction" and not node.counterweight.strip():
            yield Hit(node.id, "is a traction metric and names nothing that must not suffer")


def _open_ended(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Outcome):
        title = node.title[:_LONGEST_READ]
        told = _FROM_TO.search(title) is not None
        lacking = [
            name
            for name, given in (
                ("baseline", told or node.baseline is not None),
                ("target", told or node.target is not None),
                ("date", node.by is not None or _BY_WHEN.search(title) is not None),
            )
            if not given
        ]
        if lacking:
            yield Hit(node.id, "has no " + " and no ".join(lacking))


OUTPUT_AS_OUTCOME: Rule[OstTree] = Rule(
    code="OST111",
    name="output-as-outcome",
    severity="warning",
    summary="An outcome says what changes for people or the business, not what is shipped.",
    rationale="Something can be shipped and change nothing. A team that is given an output cannot choose, and does "
    "not learn. The wording is looked "
    "at: orders to build or launch, work on a product without a number, nothing but a product.",
    source="Torres 2021, ch. 3; Seiden 2019, Outcomes Over Output",
    profiles=("default", "torres"),
    check=_output,
    hint="say what people will do differently once it is there, and by how much",
    failing="Launch the boarding app",
    passing="Passengers at the gate on time: 88% to 94%",
)

UNMEASURED_OUTCOME: Rule[OstTree] = Rule(
    code="OST112",
    name="unmeasured-outcome",
    severity="information",
    summary="An outcome carries a metric or a number.",
    rationale="A number shows when it has happened. Dates and version numbers are no measure. Information only: an "
    "outcome need not be a metric on day one.",
    source="Torres 2021, ch. 3",
    profiles=("default", "torres"),
    check=_unmeasured,
    hint="name the metric, and give its baseline and target when they are known",
    failing="Travelers reach their gate without stress",
    passing="Travelers who run to their gate: 12% to 6%",
)

NO_COUNTERWEIGHT: Rule[OstTree] = Rule(
    code="OST113",
    name="no-counterweight",
    severity="warning",
    summary="A traction-metric outcome names the metric that must not suffer.",
    rationale="The use of one feature can be raised by taking it from others, or by annoying people; a counterweight "
    "shows when that happens.",
    source="Torres, producttalk.org glossary: traction metrics only with a counterweight",
    profiles=("default", "torres"),
    check=_one_sided,
    hint="set its counterweight, or choose a product outcome above it",
    failing="level: traction, Boarding passes opened from 40% to 60%",
    passing="the same with counterweight: check-ins completed",
)

OPEN_ENDED_OUTCOME: Rule[OstTree] = Rule(
    code="OST303",
    name="open-ended-outcome",
    severity="information",
    summary="An outcome has baseline, target and date.",
    rationale="From where, to where, by when: without them nobody can say whether it is on its way. A title that "
    "says it, such as: from 18% to 25% by June, is enough.",
    source="Torres 2021, ch. 3; Doerr 2018, Measure What Matters",
    profiles=("default", "torres"),
    check=_open_ended,
    hint="fill in baseline, target and by",
    failing="Increase weekly minutes watched",
    passing="Increase weekly minutes watched from 310 to 360 by June",
)
