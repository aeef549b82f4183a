"""Strategies for the shared vocabulary."""

from __future__ import annotations

from hypothesis import strategies as st

from pmkit.errors import SEVERITIES, Finding
from pmkit.model import id_fault

__all__ = ["findings", "identifiers", "texts"]


def texts(*, min_size: int = 0, max_size: int = 60) -> st.SearchStrategy[str]:
    """Generate any text that UTF-8 can hold, control characters and right-to-left included.

    Parameters
    ----------
    min_size, max_size : int
        Length in characters.

    Returns
    -------
    strategy of str

    Examples
    --------
    >>> from hypothesis import find
    >>> find(texts(), lambda text: True)
    ''
    """
    return st.text(st.characters(codec="utf-8"), min_size=min_size, max_size=max_size)


def identifiers() -> st.SearchStrategy[str]:
    """Generate anything that may be an id.

    Returns
    -------
    strategy of str

    Examples
    --------
    >>> from hypothesis import find
    >>> find(identifiers(), lambda identifier: True)
    '0'
    """
    return texts(min_size=1, max_size=12).filter(lambda text: not id_fault(text))


def findings() -> st.SearchStrategy[Finding]:
    """Generate findings of any code and severity.

    Returns
    -------
    strategy of Finding

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(findings())
    ... def test_findings_say_where(finding):
    ...     assert finding.subject
    >>> test_findings_say_where()
    """
    codes = st.from_regex(r"\A(OST|JTBD|EXP|CON|WSP)[1-9][0-9]{2}\Z")
    return st.builds(Finding, codes, st.sampled_from(SEVERITIES), identifiers(), texts())
