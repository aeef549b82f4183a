"""Errors are standard exceptions too, travel through pickle, and say where."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given

from pmkit import errors, testing
from pmkit.errors import Finding, Location, ParseError


@pytest.mark.parametrize(
    ("error", "parent"),
    [
        (errors.UnknownIdError, LookupError),
        (errors.InvalidValueError, ValueError),
        (errors.InvalidTreeError, ValueError),
        (errors.ParseError, ValueError),
        (errors.FileError, OSError),
        (errors.SaveConflictError, OSError),
        (errors.MissingDependencyError, ImportError),
    ],
)
def test_each_error_is_its_standard_counterpart(error: type[Exception], parent: type[Exception]) -> None:
    assert issubclass(error, parent)
    assert issubclass(error, errors.PmkitError)


@given(testing.findings())
def test_parse_errors_survive_pickling(finding: Finding) -> None:
    error = ParseError("broken", findings=(finding,), source="a.yaml", line=3, column=4)
    copied = pickle.loads(pickle.dumps(error))
    assert str(copied) == str(error) == "a.yaml:3:4: broken"
    assert copied.findings == (finding,)


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (Location(), "<text>"),
        (Location("a.yaml"), "a.yaml"),
        (Location("a.yaml", 3), "a.yaml:3"),
        (Location("", 3, 4, "$.tree[0]"), "<text>:3:4 ($.tree[0])"),
    ],
)
def test_locations_show_what_is_known(location: Location, shown: str) -> None:
    assert str(location) == shown


def test_findings_show_all_their_parts() -> None:
    finding = Finding("OST106", "warning", "find", "one solution", "add two", None, Location("a.yaml", 2, 1))
    assert str(finding) == "a.yaml:2:1: OST106 warning find: one solution (add two)"
    assert str(Finding("OST106", "warning", "", "one solution")) == "OST106 warning: one solution"
    assert str(ParseError("empty")) == "empty"
