"""Rank 5,000 tests on 1,000 solutions, and compare with a plain loop over the same formulas."""

from __future__ import annotations

import math
import platform
import random
import time

from pmkit import experiments as ex


def records(solutions: int, siblings: int) -> list[dict[str, object]]:
    generator = random.Random(20261122)
    found: list[dict[str, object]] = []
    criterion = {"successes": 8, "trials": 12, "rate_if_true": 0.75, "rate_if_false": 0.5}
    for place in range(solutions):
        opportunity = f"o{place // siblings}"
        if place % siblings == 0:
            found.append({"id": opportunity, "kind": "opportunity", "parent": None})
        worth = {"value": generator.uniform(50, 150), "cost": generator.uniform(5, 40)}
        found.append({"id": f"s{place}", "kind": "solution", "parent": opportunity, **worth})
        for j in range(5):
            name = f"{place}_{j}"
            chance = generator.uniform(0.5, 0.99)
            found.append({"id": f"a{name}", "kind": "assumption", "parent": f"s{place}", "probability": chance})
            test = {"cost": generator.uniform(0, 5), "days": 3, "criterion": criterion}
            found.append({"id": f"t{name}", "kind": "test", "parent": f"a{name}", **test})
    return found


def plain_loop(portfolio: ex.Portfolio) -> list[float]:
    """Every sibling of every touched opportunity, for every test: what the formulas say word for word."""
    values = []
    for test in portfolio.tests:
        s, t = test.sensitivity or 1.0, test.specificity or 1.0
        p = math.prod(portfolio.beliefs[name] for name in test.assumptions)
        q = s * p + (1 - t) * (1 - p)
        touched = {one.opportunity for one in portfolio.candidates if set(one.assumptions) & set(test.assumptions)}
        total = 0.0
        for opportunity in touched:
            highs, lows, nows = [0.0], [0.0], [0.0]
            for one in portfolio.candidates:
                if one.opportunity == opportunity:
                    held = math.prod(portfolio.beliefs[name] for name in one.assumptions)
                    joint = math.prod(portfolio.beliefs[name] for name in {*one.assumptions, *test.assumptions})
                    value, cost = one.value or 0.0, one.cost or 0.0
                    highs.append(value * (s * joint + (1 - t) * (held - joint)) - cost * q)
                    lows.append(value * ((1 - s) * joint + t * (held - joint)) - cost * (1 - q))
                    nows.append(value * held - cost)
            total += max(highs) + max(lows) - max(nows)
        values.append(total)
    return values


def best_of(times: int, run: object) -> float:
    seconds = []
    for _ in range(times):
        start = time.process_time()
        run()  # type: ignore[operator]
        seconds.append(time.process_time() - start)
    return min(seconds)


def main() -> None:
    print(f"2026-11-22, Python {platform.python_version()}, processor time, best of 5; target 0.2 s\n")
    print("| siblings per opportunity | rank_tests, s | plain loop over 1/50 of the tests x 50, s | ratio |")
    print("|---|---|---|---|")
    for siblings in (1, 5, 50, 1000):
        rows = records(1000, siblings)
        seconds = best_of(5, lambda rows=rows: ex.rank_tests(rows))
        portfolio = ex.portfolio_from_records(rows)
        few = ex.Portfolio(candidates=portfolio.candidates, beliefs=portfolio.beliefs, tests=portfolio.tests[::50])
        loop = 50 * best_of(1, lambda few=few: plain_loop(few))
        print(f"| {siblings} | {seconds:.3f} | {loop:.2f} | {loop / seconds:.0f} |")


if __name__ == "__main__":
    main()
