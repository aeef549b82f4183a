"""OST202 to OST205: what must be true of a solution, and whether it was tested."""

from __future__ import annotations

from collections.abc import Iterable

from pmkit.model import Hit, Rule, Settings, quoted
from pmkit.ost._criterion import Criterion
from pmkit.ost._facts import below, of_kind, risk, trials_of, verdict_on
from pmkit.ost._nodes import Assumption, AssumptionTest, Solution
from pmkit.ost._schema import OstTree

__all__ = ["NO_ASSUMPTIONS", "REFUTED_BUT_ACTIVE", "TEST_WITHOUT_CRITERION", "UNTESTED_RISK", "has_criterion"]


def _none_listed(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, Solution):
        if node.active and not below(tree, node.id, Assumption):
            yield Hit(node.id, f"is in {node.status} and lists nothing that must be true")


def _untested(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    tests = trials_of(tree)
    for node in of_kind(tree, Solution):
        if not node.active or tests.get(node.id):
            continue
        still_open = [each for each in below(tree, node.id, Assumption) if not verdict_on(tests.get(each.id, ()))]
        if not still_open:
            continue
        most = max(map(risk, still_open))
        riskiest = [each for each in still_open if risk(each) >= most]
        if not any(tests.get(each.id) for each in riskiest):
            yield Hit(
                riskiest[0].id,
                f"is the riskiest open assumption of {quoted(node.id, 60)}, which is in {node.status}, and has no test",
            )


def has_criterion(test: AssumptionTest) -> bool:
    """Say whether a test names when it counts as a success."""
    criterion = test.criterion
    if isinstance(criterion, Criterion):
        return criterion.successes is not None or bool(criterion.text.strip())
    return bool(criterion.strip())


def _unnamed(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    for node in of_kind(tree, AssumptionTest):
        if not has_criterion(node):
            yield Hit(node.id, f"is {node.status} and names no success criterion")
        if node.status == "done" and node.verdict is None:
            yield Hit(node.id, "is done and has no verdict", "say supported, refuted or inconclusive")


def _refuted(tree: OstTree, settings: Settings) -> Iterable[Hit]:
    del settings
    tests = trials_of(tree)
    for node in of_kind(tree, Solution):
        if not node.active or node.notes.strip():
            continue
        refuted = [
            each.id
            for each in (node, *below(tree, node.id, Assumption))
            if verdict_on(tests.get(each.id, ())) == "refuted"
        ]
        if refuted:
            what = "as a whole" if refuted[0] == node.id else f"in its assumption {quoted(refuted[0], 60)}"
            yield Hit(node.id, f"was refuted {what} and is still in {node.status}")


NO_ASSUMPTIONS: Rule[OstTree] = Rule(
    code="OST202",
    name="no-assumptions",
    severity="information",
    summary="An active solution lists what must be true.",
    rationale="Assumptions that are not written down count as certain: nobody tests them. Active means in testing or "
    "building.",
    source="Torres 2021, ch. 9: story-map the solution and list its assumptions",
    profiles=("default", "torres"),
    check=_none_listed,
    hint="list what must be true for it to be wanted, usable, feasible, viable and right",
    failing="Search by mood (testing)",
    passing="Search by mood (testing) > Viewers know their mood",
)

UNTESTED_RISK: Rule[OstTree] = Rule(
    code="OST203",
    name="untested-risk",
    severity="warning",
    summary="The riskiest open assumption of an active solution has a test.",
    rationale="Risk is importance times (1 - probability); a missing importance counts as 1 and a missing probability "
    "as one half. Open means that no test has supported or refuted it. A test of the whole solution tests every "
    "assumption; of several equally risky ones a test of one is enough.",
    source="Torres 2021, ch. 9: the assumptions that matter most with the weakest evidence are tested first",
    profiles=("default", "torres"),
    check=_untested,
    hint="plan the smallest test that could show it wrong",
    failing="Search by mood (testing) > Viewers know their mood",
    passing="Search by mood (testing) > Viewers know their mood > Ask 12 viewers at the start screen",
)

TEST_WITHOUT_CRITERION: Rule[OstTree] = Rule(
    code="OST204",
    name="test-without-criterion",
    severity="warning",
    summary="A test names its success criterion before it runs, and a verdict when it is done.",
    rationale="Without a criterion named before, any result can be read as a success.",
    source="Torres 2021, ch. 10: define upfront what success looks like",
    profiles=("default", "torres"),
    check=_unnamed,
    hint="say how many of how many must do what, such as 8 of 12 viewers pick a show",
    failing="Prototype with 12 viewers",
    passing="Prototype with 12 viewers; criterion: at least 8 pick a show within a minute",
)

REFUTED_BUT_ACTIVE: Rule[OstTree] = Rule(
    code="OST205",
    name="refuted-but-active",
    severity="warning",
    summary="A solution whose assumption was refuted is not still active without a note.",
    rationale="Learning that changes nothing was not worth its cost. The last test that told something counts; a "
    "note on the solution says why it goes on.",
    source="Torres 2021, ch. 10: act on what the test showed",
    profiles=("default", "torres"),
    check=_refuted,
    hint="drop or change the solution, or say in its notes why it goes on",
    failing="Search by mood (building) > Viewers know their mood > test: refuted",
    passing="Search by mood (dropped) > Viewers know their mood > test: refuted",
)
