"""The shared vocabulary: values that stay frozen, text made safe, rules run one way."""

from __future__ import annotations

import copy
import datetime as dt
import html
import pickle
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import model, testing
from pmkit.errors import InvalidValueError, MissingDependencyError, UnknownIdError
from pmkit.model import Hit, Interval, Rule, Settings, Table, Undefined, Value, _fields


@attrs.frozen(kw_only=True)
class Box(Value):
    weights: Mapping[str, float] = attrs.field(factory=dict, converter=model.frozen_mapping)
    name: str = attrs.field(default="x", validator=_fields.title)


@given(st.dictionaries(st.text(), st.floats(allow_nan=False)), testing.texts(min_size=1).filter(str.strip))
def test_values_with_mappings_survive_copies_and_stay_frozen(weights: dict[str, float], name: str) -> None:
    box = Box(weights=weights, name=name)
    for twin in (pickle.loads(pickle.dumps(box)), copy.deepcopy(box), copy.copy(box)):
        assert twin == box
        with pytest.raises(TypeError):
            twin.weights["new"] = 1.0
    weights["later"] = 1.0
    assert "later" not in box.weights or box.weights != weights or len(weights) == len(box.weights)


def test_pickles_are_validated_again() -> None:
    good = pickle.dumps(Box(name="good"))
    with pytest.raises(InvalidValueError, match="not blank"):
        pickle.loads(good.replace(b"good", b"    "))


@given(st.text())
def test_quoted_text_is_one_safe_line(text: str) -> None:
    shown = model.quoted(text)
    assert len(shown) <= 203
    assert not any(unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} for character in shown)


def test_a_value_without_a_repr_can_still_be_quoted() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert model.quoted(Broken()) == "<Broken>"


@given(testing.texts())
def test_escaped_text_comes_back(text: str) -> None:
    assert "<" not in model.escape_html(text)
    if not any(ord(character) < 32 or character in "\ufffe\uffff" for character in text):
        assert html.unescape(model.escape_html(text)) == text
        assert (ET.fromstring(f"<t>{model.escape_xml(text)}</t>").text or "") == text
        assert ET.fromstring(f'<t a="{model.escape_xml(text)}"/>').get("a") == text


@given(st.text())
def test_any_text_makes_well_formed_xml(text: str) -> None:
    assert ET.fromstring(f"<t>{model.escape_xml(text)}</t>").tag == "t"


@given(testing.identifiers())
def test_ids_are_compared_after_nfkc(identifier: str) -> None:
    assert model.id_fault(identifier) == ""
    twin = unicodedata.normalize("NFKC", identifier)
    assert model.normalized_id(identifier) == twin
    assert len(model.id_clashes([identifier, twin])) == 1


@pytest.mark.parametrize("bad", ["", "  ", "a\nb", "a\x00", 5, None, "\u2028", "\ud800"])
def test_what_may_not_be_an_id(bad: object) -> None:
    assert model.id_fault(bad)


def test_unknown_ids_suggest_the_closest() -> None:
    error = model.unknown_id("team", "platfrom", ["search", "platform"])
    assert isinstance(error, UnknownIdError)
    assert str(error) == "no team 'platfrom'; did you mean 'platform'?"
    assert str(model.unknown_id("team", 5, ["a"])) == "no team 5"
    assert model.did_you_mean("x" * 100, ["x" * 99]) == ""


@pytest.mark.parametrize(
    ("validator", "good", "bad"),
    [
        (_fields.text, ["", "a"], [5, None]),
        (_fields.title, ["a"], ["", " \n", 5]),
        (_fields.identifier, ["a"], ["", "a\n", 5]),
        (_fields.flag, [True], [1, "true"]),
        (_fields.number(), [0, -1.5], [float("nan"), float("inf"), True, "1"]),
        (_fields.number(0), [0, 5], [-1]),
        (_fields.number(upper=3), [3], [4]),
        (_fields.number(above=0, below=1), [0.5], [0, 1]),
        (_fields.probability, [0, 1, 0.5], [-0.1, 1.1, "x"]),
        (_fields.whole(1), [1], [0, 1.0, True]),
        (_fields.whole(1, 3), [3], [4]),
        (_fields.one_of(("yes", "no")), ["yes"], ["yess", 5]),
        (_fields.of_type(dt.date, "a date"), [dt.date(2026, 1, 1)], ["x"]),
        (_fields.optional(_fields.text), [None, "a"], [5]),
        (_fields.tuple_of(_fields.text), [(), ("a",)], [["a"], (5,)]),
        (_fields.optional_date, [None, dt.date(2026, 1, 1)], ["2026", dt.datetime(2026, 1, 1)]),  # noqa: DTZ001
    ],
)
def test_validators(validator: _fields.Validator, good: list[object], bad: list[object]) -> None:
    attribute = attrs.fields(Box).name
    for value in good:
        validator(Box(), attribute, value)
    for value in bad:
        with pytest.raises(InvalidValueError, match=r"Box\.name"):
            validator(Box(), attribute, value)


def test_converters_turn_what_they_know_and_leave_the_rest() -> None:
    assert _fields.to_date("2026-11-22") == dt.date(2026, 11, 22)
    assert _fields.to_date("soon") == "soon"
    assert _fields.to_date(dt.datetime(2026, 11, 22, 5, 0)) == dt.date(2026, 11, 22)  # noqa: DTZ001
    assert _fields.to_tuple(["a"]) == ("a",)
    assert _fields.to_tuple("ab") == "ab"
    assert _fields.to_tuple(5) == 5
    assert _fields.to_texts("ab") == ("ab",)
    assert _fields.to_texts(None) == ()
    assert _fields.to_texts(["a", "b"]) == ("a", "b")


def _long(text: str, settings: Settings) -> list[Hit]:
    return [Hit("text", "too long", span=(0, len(text)))] if len(text) > settings.limit("words", 5) else []


LONG = Rule(
    code="DEM001", name="short", severity="warning", summary="texts are short", rationale="read", source="us",
    profiles=("default", "strict"), severities={"strict": "error"}, hint="cut", check=_long,
)  # fmt: skip
EMPTY = Rule(
    code="DEM101", name="some", severity="error", summary="texts are there", rationale="read", source="us",
    profiles=("strict",), check=lambda text, _: [] if text else [Hit("text", "empty")],
)  # fmt: skip


def test_rules_run_by_profile_select_ignore_limits_and_waivers() -> None:
    rules = (LONG, EMPTY)
    (finding,) = model.run_rules(rules, "a long text")
    assert (finding.code, finding.severity, finding.hint, finding.span) == ("DEM001", "warning", "cut", (0, 11))
    assert model.run_rules(rules, "a long text", settings=Settings(profile="strict"))[0].severity == "error"
    assert model.run_rules(rules, "a long text", settings=Settings(limits={"words": 50})) == ()
    assert model.run_rules(rules, "a long text", ignore=("DEM0",)) == ()
    assert model.run_rules(rules, "a long text", waived=lambda _: ("DEM001",)) == ()
    assert model.run_rules(rules, "", select="DEM1")[0].code == "DEM101"
    with pytest.raises(InvalidValueError, match=r"unknown profile 'strickt'.*did you mean 'strict'"):
        model.run_rules(rules, "", settings=Settings(profile="strickt"))
    with pytest.raises(InvalidValueError, match="no rule has the code 'DEM9'"):
        model.run_rules(rules, "", select=("DEM9",))


@given(st.lists(testing.findings()))
def test_findings_are_sorted_gravest_first(findings: list[model.Hit]) -> None:
    ranks = [("error", "warning", "information").index(finding.severity) for finding in model.sorted_findings(findings)]
    assert ranks == sorted(ranks)


class Rows(Table):
    def __init__(self, rows: list[dict[str, object]]) -> None:
        self.rows = rows

    def to_dicts(self) -> list[dict[str, object]]:
        return self.rows


def test_tables_take_every_form() -> None:
    table = Rows([{"id": "a|b", "score": 1 / 3, "gap": Undefined("no data"), "tags": ("x", "y"), "none": None}])
    assert table.to_pandas()["score"][0] == 1 / 3
    assert table.to_polars()["gap"].to_list() == [None]
    assert table.to_markdown().splitlines()[2] == r"| a\|b | 0.333333 | undefined: no data | x, y |  |"
    assert "<td>a|b</td>" in table._repr_html_()
    assert Rows([]).to_markdown() == ""
    assert "empty" in Rows([])._repr_html_()
    with pytest.raises(NotImplementedError):
        Table().to_dicts()


def test_intervals_unpack_contain_and_compare() -> None:
    interval = Interval(0.1, 0.3)
    assert tuple(interval) == (interval[0], interval[1]) == (0.1, 0.3)
    assert len(interval) == 2
    assert 0.2 in interval
    assert 0.4 not in interval
    assert interval == Interval(0.1, 0.3)
    assert interval != (0.1, 0.3)
    assert hash(interval) == hash(Interval(0.1, 0.3))
    assert Interval(np.array([1.0, np.nan]), np.array([2.0, 3.0])) == Interval(
        np.array([1.0, np.nan]), np.array([2.0, 3.0])
    )
    assert Interval(np.array([1.0]), np.array([2.0])) != Interval(np.array([1.0]), np.array([5.0]))


def test_undefined_is_false_and_says_why() -> None:
    assert not Undefined("no data")
    assert str(Undefined("no data")) == "undefined: no data"
    assert model.REASONS[model.reason_code("no data")] == "no data"


def test_missing_libraries_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(MissingDependencyError, match=r'charts needs nothing_here: pip install "pmkit-core\[charts\]"'):
        model.require("nothing_here.figure", extra="charts", purpose="charts")
    (tmp_path / "halfway.py").write_text("import not_there_either\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError) as caught:
        model.require("halfway", extra="charts", purpose="charts")
    assert not isinstance(caught.value, MissingDependencyError)


def test_unknown_strategies_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="treees"):
        _ = testing.treees
