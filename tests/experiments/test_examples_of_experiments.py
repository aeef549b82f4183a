"""The room shows itself: every public name has an example that runs."""

from __future__ import annotations

import inspect

import pytest

from pmkit import experiments as ex

SHOWN = [name for name in ex.__all__ if callable(getattr(ex, name))]


def test_most_of_the_room_is_shown():
    assert len(SHOWN) >= len(ex.__all__) - 1  # RULES is data


@pytest.mark.parametrize("name", SHOWN)
def test_every_public_name_has_an_example(name):
    documented = inspect.getdoc(getattr(ex, name)) or ""
    _, found, example = documented.partition("Examples\n--------\n")
    assert found, name
    assert ">>> " in example
