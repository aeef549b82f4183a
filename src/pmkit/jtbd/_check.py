"""Checking statements, alone and together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from pmkit.errors import Finding
from pmkit.jtbd._format import format_parts
from pmkit.jtbd._map import JobMap
from pmkit.jtbd._read import read
from pmkit.jtbd._reading import Reading
from pmkit.jtbd._statements import DesiredOutcome, EmotionalJob, Job, JobStory, Kind, Statement, to_kind
from pmkit.jtbd.rules import RULES, Corpus
from pmkit.language import ENGLISH, Lexicon
from pmkit.model import Settings, quoted, run_rules

__all__ = ["Checkable", "check", "not_checkable", "reading_of", "structural_findings"]

Checkable: TypeAlias = str | Statement | JobMap | Iterable[str | Statement] | Mapping[str, str | Statement]

_KIND_OF: dict[type, Kind] = {Job: "job", DesiredOutcome: "outcome", JobStory: "job_story", EmotionalJob: "emotional"}
_STRUCTURAL = (
    "JTBD101",
    "JTBD102",
    "JTBD201",
    "JTBD203",
    "JTBD204",
    "JTBD206",
    "JTBD301",
    "JTBD302",
    "JTBD303",
    "JTBD401",
)


def reading_of(value: object, *, kind: Kind | None = None, lexicon: Lexicon = ENGLISH, name: str = "") -> Reading:
    """Read a text or a statement; a statement without text is read as it is formatted."""
    if isinstance(value, (Job, DesiredOutcome, JobStory, EmotionalJob)):
        own = _KIND_OF[type(value)]
        return read(
            value.text or format_parts(value, lexicon=lexicon), own, lexicon=lexicon, name=name, ignore=value.ignore
        )
    text = value if isinstance(value, str) else quoted(value)
    return read(text, kind, lexicon=lexicon, name=name)


def structural_findings(reading: Reading) -> tuple[Finding, ...]:
    """Return the findings that say which parts a reading lacks."""
    codes = tuple(rule.code for rule in RULES if rule.code in _STRUCTURAL)
    return run_rules(RULES, Corpus(readings=(reading,)), select=codes)


def _corpus(value: object, kind: Kind | None, lexicon: Lexicon) -> Corpus:
    if isinstance(value, JobMap):
        readings = tuple(
            reading_of(outcome, lexicon=lexicon, name=f"{step} {number}")
            for step, outcomes in value.steps.items()
            for number, outcome in enumerate(outcomes, 1)
        )
        return Corpus(readings=readings, together=True, steps={step: len(found) for step, found in value.steps.items()})
    if isinstance(value, (str, Job, DesiredOutcome, JobStory, EmotionalJob)):
        return Corpus(readings=(reading_of(value, kind=kind, lexicon=lexicon),))
    if isinstance(value, Mapping):
        named = [(str(name), statement) for name, statement in value.items()]
    elif isinstance(value, Iterable):
        named = [(str(number), statement) for number, statement in enumerate(value, 1)]
    else:
        return Corpus(readings=(reading_of(value, kind=kind, lexicon=lexicon),))
    readings = tuple(reading_of(statement, kind=kind, lexicon=lexicon, name=name) for name, statement in named)
    return Corpus(readings=readings, together=True)


def check(
    value: Checkable,
    *,
    kind: Kind | None = None,
    profile: str = "default",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    limits: Mapping[str, float] | None = None,
    lexicon: Lexicon = ENGLISH,
) -> tuple[Finding, ...]:
    """Say what is wrong with a statement, or with a set of them, and why.

    Never raises on content: text that is no statement gives the findings that `parse` would raise.

    Parameters
    ----------
    value : str, statement, iterable, mapping of str to statement, or JobMap
        One statement, or several that belong together; then rules about sets apply too. Subjects of
        findings are the mapping's keys, or "1", "2", … for a list, or ``step n`` for a job map.
    kind : Kind or None
        What texts are meant to be; told from each text when None.
    profile : str
        ``"default"``, ``"odi"`` (strict), ``"kalbach"``, ``"job-story"`` or ``"consumption"``.
    select, ignore : collection of str
        Codes, or beginnings of codes, to run alone or to leave out.
    limits : mapping of str to float
        ``words`` (30), ``outcomes_per_step`` (3), ``fewest_outcomes`` (50), ``most_outcomes`` (150).
    lexicon : Lexicon
        The words to go by.

    Returns
    -------
    tuple of Finding
        Gravest first; spans are places in the statement's text.

    Raises
    ------
    InvalidValueError
        For an unknown profile, kind or code; never for the text.

    Examples
    --------
    >>> for finding in check("Quickly prune the roses"):
    ...     print(finding.code, finding.span)
    JTBD101 (0, 7)
    JTBD103 (0, 7)
    >>> [finding.code for finding in check("Reduce the time it takes to thaw a pipe", profile="odi")]
    ['JTBD202']
    """
    corpus = _corpus(value, to_kind(kind), lexicon)
    settings = Settings(profile=profile, limits=limits or {})
    spared = {reading.id: reading.ignore for reading in corpus.readings if reading.ignore}
    waived = (lambda name: spared.get(name, ())) if spared else None
    return run_rules(RULES, corpus, settings=settings, select=select, ignore=ignore, waived=waived)


def not_checkable() -> tuple[str, ...]:
    """List what no program judges about a statement, as questions for the reader.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> len(not_checkable()) > 5
    True
    """
    return (
        "Is the altitude right: neither a single step of a bigger job nor an aspiration?",
        "Is it the customer's point of view, or the company's?",
        "Did real people describe this situation, or was it made up at a desk?",
        "Is this the job, or only what people do today to get it done?",
        "Would people who get the job done in another way put it like this too?",
        "Will the statement still hold in ten years?",
        "Does each outcome influence the job, or only describe a product?",
        "Is a step of the job, or a circumstance, missing from the set?",
        "Does the metric measure what people care about?",
    )
