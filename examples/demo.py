"""The main job on real input, run by ``make demo``: a product's report, and an organization's map.

    python examples/demo.py [FOLDER]

Reads examples/cookie-cats (a real experiment by its published counts), examples/dockline (a larger, made-up product
with a survey, three experiments and eight teams) and examples/metamask (the real teams, packages and dependencies of a
public repository), prints what a person needs to know, and writes pages to FOLDER.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pmkit
from pmkit import conway, report, workspace
from pmkit.formats import organization_csv

HERE = Path(__file__).parent
TODAY = dt.date(2026, 11, 22)


def cookie_cats(folder: Path) -> None:
    """Check the product, read its experiment, and write its report."""
    product = pmkit.load(HERE / "cookie-cats" / "product.yaml")
    print(f"{product.name}: {len(product.tree)} nodes, {len(product.organization.teams)} teams")
    for experiment in product.experiments:
        *_, reading = workspace.readings(experiment)
        print(f"  verdict on '{experiment.title}': {reading.decision.summary()}".replace("\n", "\n    "))
    findings = workspace.check(product, today=TODAY)
    print(f"  {len(findings)} findings; the first: {findings[0]}")
    page = folder / "cookie-cats.html"
    page.write_text(report.render(product, today=TODAY), encoding="utf-8")
    print(f"  report: {page}")


def dockline(folder: Path) -> None:
    """Say what to do next, which needs are served worst and what was decided, and write the report."""
    product = pmkit.load(HERE / "dockline" / "product.yaml")
    needs = {need.id: need.text for need in product.needs}
    worst = workspace.measured_needs(product)[0]
    print(f"{product.name}: {len(product.tree)} nodes, {len(needs)} needs, {len(product.organization.teams)} teams")
    for experiment in product.experiments:
        *_, reading = workspace.readings(experiment)
        print(f"  '{experiment.title}': {reading.decision.verdict}")
    print(f"  served worst: {needs[worst.need]}")
    print(f"    {worst.summary()}")
    print("  next:")
    for number, action in enumerate(workspace.next_actions(product).actions[:3], start=1):
        worth = f" (worth {action.value:,.0f} after its cost)" if isinstance(action.value, float) else ""
        print(f"    {number}. {action.title}{worth}")
    page = folder / "dockline.html"
    page.write_text(report.render(product, today=TODAY), encoding="utf-8")
    print(f"  report: {page}")


def metamask(folder: Path) -> None:
    """Map teams to components on runtime dependencies, and write the page."""
    organization = organization_csv.load(HERE / "metamask", kinds=("dependencies", "peerDependencies"))
    coupling = conway.cross_team_coupling(organization)
    spread = conway.propagation_cost(organization)
    agreement = conway.congruence(organization, channels="cross-authoring")
    missing = conway.gaps(organization, channels="cross-authoring")
    print(f"MetaMask/core: {len(organization.teams)} teams, {len(organization.components)} components")
    print(f"  {coupling.crossing} of {coupling.edges} runtime dependencies cross teams")
    print(f"  a change can reach {spread.value:.1%} of all component pairs (propagation cost {spread.value:.4f})")
    print(f"  {agreement.met} of {agreement.required} team pairs that must talk do (congruence {agreement.value:.3f})")
    print(f"  the heaviest pair that does not: {missing[0].a} and {missing[0].b}")
    page = folder / "metamask.html"
    page.write_text(report.render_organization(organization, title="MetaMask/core"), encoding="utf-8")
    print(f"  page: {page}")


def main() -> None:
    """Run all three."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo")
    folder.mkdir(parents=True, exist_ok=True)
    cookie_cats(folder)
    dockline(folder)
    metamask(folder)


if __name__ == "__main__":
    main()
