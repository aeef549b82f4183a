"""Jobs and needs: who meets which need, and how they were rated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from pmkit.ost import Opportunity
from pmkit.report._page import Section
from pmkit.report._parts import figure, folded, heading, paragraph, table
from pmkit.report._words import listing, plural, share, tenths
from pmkit.workspace import Survey, Workspace, counted_surveys, need_scores

if TYPE_CHECKING:
    from pmkit.jtbd import OpportunityScores

__all__ = ["needs_section"]

_TOP = 15
_TRIM = 20.0


def needs_section(workspace: Workspace, scores: OpportunityScores | None) -> Iterator[Section]:
    """Yield what people want to get done, and which needs are met worst by the product's surveys or by given scores."""
    if not workspace.needs and not workspace.jobs and not workspace.surveys and scores is None:
        return
    served: dict[str, list[str]] = {}
    for node in workspace.tree or ():
        if isinstance(node, Opportunity):
            for need in node.outcomes:
                served.setdefault(need, []).append(node.title)
    body = "".join(paragraph(f"Job: {job.text}") for job in workspace.jobs)
    found = scores if scores is not None else need_scores(workspace)
    if found is not None:
        body += _measured(workspace, found, served)
    if scores is None and found is not None:
        waves = counted_surveys(workspace)
        body += paragraph(f"Counted: {listing((_named(survey) for survey in waves), 4)}.", style="note")
        apart = need_scores(workspace, by_segment=True)
        if apart is not None and len(apart.segments) > 1:
            body += folded(f"{plural(len(apart.segments), 'segment')} apart", _measured(workspace, apart, served))
    if workspace.needs:
        rows = [(need.text, need.step, listing(served.get(need.id, ()), 2) or "none yet") for need in workspace.needs]
        caption = f"{plural(len(rows), 'need')}, and the opportunities that name them"
        shown = table(("Need", "Step", "Opportunity"), rows, caption=caption)
        body += folded(caption, shown) if found is not None else shown
    yield Section(anchor="needs", title="Jobs and needs", body=body)


def _named(survey: Survey) -> str:
    day = f" of {survey.date.isoformat()}" if survey.date else ""
    return f"{survey.title or survey.id}{day}"


def _measured(workspace: Workspace, scores: OpportunityScores, served: dict[str, list[str]]) -> str:
    from pmkit.jtbd import draw_landscape

    texts = {need.id: need.text for need in workspace.needs}
    named = attrs.evolve(scores, outcomes=tuple(texts.get(name, name) for name in scores.outcomes))
    body = ""
    for segment in scores.segments:
        ranked = [score for score in scores if score.segment == segment]
        head = heading(f"Segment: {segment}") if len(scores.segments) > 1 else ""
        picture = draw_landscape(named, segment=segment, most=_TOP, title="")
        rows = [
            (
                f"{place}. {texts.get(score.outcome, score.outcome)}",
                tenths(score.score),
                f"{tenths(score.interval.lower)} to {tenths(score.interval.upper)}",
                f"{score.n:,}",
                f"{score.zone}, {share(score.zone_probability.get(str(score.zone)))}",
                listing(served.get(score.outcome, ()), 1) or "none yet",
            )
            for place, score in enumerate(ranked[:_TOP], start=1)
        ]
        caption = f"{plural(len(ranked), 'need')}: the more important and the less satisfied, the worse it is served."
        body += head + figure(picture.svg, caption, trim=_TRIM)
        body += table(
            ("Need", "Score", f"{scores.confidence:.0%} interval", "Answers", "Zone, how likely", "Opportunity"),
            rows,
            caption=f"The {len(rows)} needs that are served worst, of {len(ranked)}",
        )
    return body
