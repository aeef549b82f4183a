"""The week, the plan and the picture of a product, as a person calls for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pmkit.cli import main
from pmkit.formats.workspace import load

Run = Callable[..., tuple[int, str, str]]
EXAMPLES = Path(__file__).parents[2] / "examples"
COOKIE, DOCKLINE = (EXAMPLES / name / "product.yaml" for name in ("cookie-cats", "dockline"))


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        status = caught.value.code
        return (status if isinstance(status, int) else 0), out.decode(), err.decode()

    return call


@pytest.mark.parametrize("product", [COOKIE, DOCKLINE])
def test_the_week_names_open_experiments_and_tests(run: Run, product: Path) -> None:
    status, out, _ = run("week", product, "--today", "2026-11-22")
    assert status == 0
    workspace = load(product)
    for experiment in workspace.experiments:
        assert (f"  {experiment.id}: its data are in" in out) is (
            experiment.decision is None and bool(experiment.looks)
        )
    for title in ("What changed", "Decisions waiting", "Tests due", "Interviews due"):
        assert title in out


def test_since_widens_what_changed(run: Run) -> None:
    short, long = (
        run("week", DOCKLINE, "--today", "2026-11-22", "--since", day)[1] for day in ("2026-11-20", "2026-09-01")
    )
    assert "exp-delay: read on 2026-11-20" in short
    assert "exp-copy: decided" not in short
    assert "exp-copy: decided (keep running) on 2026-11-17" in long


def test_the_week_as_data(run: Run) -> None:
    status, out, _ = run("week", COOKIE, "--today", "2026-11-22", "--json")
    assert status == 0
    assert '"gate-experiment"' in out
    json.loads(out)


@pytest.mark.parametrize(("product", "names"), [(COOKIE, ()), (DOCKLINE, ("exp-copy",))])
def test_a_plan_is_printed_with_its_digest(run: Run, product: Path, names: tuple[str, ...]) -> None:
    experiments = {experiment.id: experiment for experiment in load(product).experiments}
    chosen = experiments[names[0]] if names else next(iter(experiments.values()))
    status, out, _ = run("plan", product, *names)
    assert status in {0, 1}
    assert chosen.plan.digest in out
    assert run("plan", product, *names, "--register")[1].strip() == chosen.plan.digest


def test_several_plans_want_a_name(run: Run) -> None:
    status, _, err = run("plan", DOCKLINE)
    assert status == 2
    assert "has exp-surcharges, exp-copy, exp-delay" in err


@pytest.mark.parametrize("product", [COOKIE, DOCKLINE])
def test_no_color_means_no_escape_codes(run: Run, product: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    status, out, err = run("show", product)
    assert status == 0
    assert out.strip()
    assert "\x1b" not in out + err
