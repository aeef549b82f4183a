"""The public strategies make values that the room accepts."""

from __future__ import annotations

import copy
import pickle

from hypothesis import given, settings

from pmkit import experiments as ex
from pmkit.testing.experiments import beliefs, hypotheses, plans, portfolios


@given(plans())
@settings(max_examples=60, deadline=None)
def test_plans_copy_and_hash_alike(plan):
    assert pickle.loads(pickle.dumps(plan)) == plan == copy.deepcopy(plan)
    assert copy.deepcopy(plan).digest == plan.digest
    ex.check(plan)


@given(hypotheses())
@settings(max_examples=60, deadline=None)
def test_hypotheses_are_written_and_checked(hypothesis):
    assert ex.format(hypothesis)
    ex.check(hypothesis)


@given(portfolios())
@settings(max_examples=60, deadline=None)
def test_every_portfolio_is_ranked_and_advised(portfolio):
    ranking = ex.rank_tests(portfolio)
    assert len(ranking.tests) == len(portfolio.tests)
    assert {name for advice in ranking.advice for name in advice.opportunities} == {
        candidate.opportunity for candidate in portfolio.candidates
    }
    assert ranking.summary()


@given(beliefs())
def test_beliefs_stay_where_evidence_says_nothing(belief):
    assert abs(ex.update_belief(belief, 1).probability - belief.probability) < 1e-15
