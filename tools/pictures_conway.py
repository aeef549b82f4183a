"""Draw the pictures of the documentation's pages on Conway's law.

Usage: python tools/pictures_conway.py DATA [OUT], DATA with components.csv, dependencies.csv and commits.csv.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import attrs

from pmkit import conway


def organization_from(folder: Path) -> conway.Organization:
    with (folder / "components.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    owners = {row["component"]: row["codeowners"].split() for row in rows}
    parts = [conway.Component(id=row["component"], load=float(row["files"])) for row in rows]
    with (folder / "dependencies.csv").open(encoding="utf-8", newline="") as file:
        edges = [conway.Dependency(**row) for row in csv.DictReader(file)]
    made = conway.from_owners(owners, edges, components=parts)
    made = conway.select_dependencies(made, kinds=["dependencies", "peerDependencies"], once=True)
    with (folder / "commits.csv").open(encoding="utf-8", newline="") as file:
        changes = [
            conway.Change(commit=row["commit"], author=row["author"], component=row["component"])
            for row in csv.DictReader(file)
        ]
    return attrs.evolve(made, communication=conway.cross_authoring(made, changes))


def main(data: str, out: str = "docs/images") -> None:
    made = organization_from(Path(data))
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    scenes = {
        "conway-matrix": conway.draw_matrix(made),
        "conway-matrix-teams": conway.draw_matrix(made, level="teams"),
        "conway-teams": conway.draw_teams(made),
        "conway-moves": conway.draw_moves(conway.suggest_moves(made, 5)),
        "conway-loads": conway.draw_loads(made, loads=conway.cognitive_load(made, capacity=400)),
    }
    for name, scene in scenes.items():
        (folder / f"{name}.svg").write_text(scene.to_svg(), encoding="utf-8")
        print(folder / f"{name}.svg")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
