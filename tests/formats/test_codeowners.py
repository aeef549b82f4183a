"""CODEOWNERS: the published verdicts, hostile lines, and two ways of matching that must agree."""

from __future__ import annotations

import copy
import json
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import conway
from pmkit.errors import FileError, InvalidValueError, ParseError
from pmkit.formats import codeowners
from pmkit.formats._codeowners_pattern import compile_pattern

SHARED = Path(__file__).parents[2].parent / "shared"
SEGMENTS = st.text(alphabet="ab.*?", min_size=1, max_size=4) | st.sampled_from(["**", "*", "a", "b", "ab", "*a", "b*a"])
NAMES = st.text(alphabet="ab.", min_size=1, max_size=3)
# A leading "./" says the same path once more; the reader takes it off, and the oracle here does not know it.
PATHS = st.lists(NAMES, min_size=1, max_size=5).map("/".join).filter(lambda path: not path.startswith("./"))


@st.composite
def patterns(draw: st.DrawFn) -> str:
    middle = "/".join(draw(st.lists(SEGMENTS, min_size=1, max_size=4)))
    return draw(st.sampled_from(["", "/"])) + middle + draw(st.sampled_from(["", "/", "/**", "/*"]))


def battery(name: str) -> list:
    file = SHARED / "batteries" / "codeowners" / name
    if not file.exists():
        pytest.skip("the batteries are not present")
    return json.loads(file.read_text(encoding="utf-8"))


def cases(topic: str) -> list:
    file = SHARED / "cases" / "conway.json"
    if not file.exists():
        pytest.skip("the cases are not present")
    return [case for case in json.loads(file.read_text(encoding="utf-8")) if case["topic"] == topic]


def expression(pattern: str) -> re.Pattern[str]:
    """An independent reading of GitHub's patterns, as a regular expression."""
    parts = pattern.split("/")
    if parts[0] == "":
        parts = parts[1:]
    elif len(parts) == 1 or (len(parts) == 2 and parts[1] == ""):
        parts = ["**", *parts]
    if parts[-1] == "":
        parts[-1] = "**"
    made, slash = "", False
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        if part == "**":
            if last:
                made += "/.*" if slash else ".+"
            else:
                made += ("/" if slash else "") + "(?:.+/)?" if not slash else "(?:/.+)?"
                slash = slash and True
            continue
        made += "/" if slash else ""
        if not part.strip("*"):
            made += "[^/]+"
        else:
            made += re.sub(r"\\\*+", "[^/]*", re.escape(part)).replace(r"\?", "[^/]") + ("(?:/.*)?" if last else "")
        slash = True
    return re.compile(made, re.DOTALL)


def test_the_published_verdicts() -> None:
    verdicts = 0
    for case in battery("hmarr-patterns.json"):
        alone = codeowners.loads(f"{case['pattern']} @x")
        for path, expected in case["paths"].items():
            assert codeowners.match(case["pattern"], path) is expected, (case["pattern"], path)
            assert bool(codeowners.owners(alone, path)) is expected, (case["pattern"], path)
            verdicts += 1
    assert verdicts == 153


def test_the_cases() -> None:
    for case in cases("codeowners.match"):
        for path, expected in case["expected"].items():
            assert codeowners.match(case["inputs"]["pattern"], path) is expected, case["id"]
    for case in cases("codeowners.locate"):
        assert codeowners.locate(case["inputs"]["present"]) == case["expected"], case["id"]
    for case in cases("codeowners.owners"):
        files = codeowners.loads(case["inputs"]["text"])
        found = {path: list(codeowners.owners(files, path)) for path in case["inputs"]["paths"]}
        assert found == case["expected"]
    for case in cases("codeowners.parse"):
        if case["expected"].get("error"):
            with pytest.raises(ParseError, match="is no owner"):
                codeowners.loads(case["inputs"]["text"])
        else:
            entry = codeowners.loads(case["inputs"]["text"]).rules[0]
            found = {"pattern": entry.pattern, "owners": list(entry.owners), "comment": entry.comment}
            assert {name: found[name] for name in case["expected"]} == case["expected"]
    for case in cases("codeowners.gitlab"):
        files = codeowners.loads(case["inputs"]["text"], dialect="gitlab")
        found = codeowners.owners_by_section(files, case["inputs"]["path"])
        expected = case["expected"]["by_section"]
        assert {name.casefold(): list(owners) for name, owners in found.items()} == expected


def test_the_documents_of_gitlab() -> None:
    for case in battery("gitlab-doc-cases.json"):
        files = codeowners.loads(case["file"], dialect=case["dialect"])
        for path, expected in case["expect"].items():
            found = {name: list(owners) for name, owners in codeowners.owners_by_section(files, path).items()}
            assert found == expected, path


@pytest.mark.parametrize("dialect", ["github", "gitlab"])
def test_hostile_lines_give_a_value_or_an_error_with_a_place(dialect: codeowners.Dialect) -> None:
    lines = battery("hostile-lines.json")
    names = json.loads((SHARED / "batteries" / "paths" / "hostile-names.json").read_text(encoding="utf-8"))
    for line in lines:
        try:
            files = codeowners.loads(line, dialect=dialect)
        except ParseError as error:
            assert error.findings
            assert error.line >= 1
            assert "\x00" not in str(error)
            assert len(str(error)) < 1000
        else:
            for name in names:
                assert isinstance(codeowners.owners(files, name), tuple)
        lenient = codeowners.loads(line, dialect=dialect, strict=False)
        assert all(isinstance(owner, str) for entry in lenient.rules for owner in entry.owners)


@given(patterns(), PATHS)
def test_matching_agrees_with_an_independent_reading(pattern: str, path: str) -> None:
    assert codeowners.match(pattern, path) is (expression(pattern).fullmatch(path) is not None)


@given(st.lists(patterns(), max_size=12), st.lists(PATHS, max_size=12), st.sampled_from(["github", "gitlab"]))
def test_many_at_once_is_one_by_one(many: list[str], paths: list[str], dialect: codeowners.Dialect) -> None:
    text = "\n".join(f"{pattern} @o{number}" for number, pattern in enumerate(many))
    files = codeowners.loads(text, dialect=dialect)
    found = list(codeowners.owners_of(files, paths))
    facts = codeowners.rule_facts(files, paths)
    assert [path for path, _ in found] == paths
    decided = [0] * len(many)
    for path, owners in found:
        matching = [n for n, pattern in enumerate(many) if codeowners.match(pattern, path, dialect=dialect)]
        assert owners == ((f"@o{matching[-1]}",) if matching else ())
        for number in matching[-1:]:
            decided[number] += 1
    assert [fact.decides for fact in facts] == decided
    for number, fact in enumerate(facts):
        assert fact.matches == sum(codeowners.match(many[number], path, dialect=dialect) for path in paths)


@given(st.text(max_size=80), st.sampled_from(["github", "gitlab"]))
def test_any_text_is_read_or_refused(text: str, dialect: codeowners.Dialect) -> None:
    try:
        files = codeowners.loads(text, dialect=dialect)
    except ParseError as error:
        assert error.findings
    else:
        assert copy.deepcopy(files) == files
        assert pickle.loads(pickle.dumps(files)) == files


def test_patterns_that_are_too_odd_for_the_tree_are_tried_alone() -> None:
    odd = "**/a" * 6
    files = codeowners.loads(f"* @all\n{odd} @odd\n{'/'.join(['x'] * 80)} @deep")
    assert codeowners.owners(files, "a/" * 6 + "z") == ("@odd",)
    assert codeowners.owners(files, "a/" * 5 + "z") == ("@all",)
    assert codeowners.owners(files, "/".join(["x"] * 80)) == ("@deep",)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("**/" * 1000 + "a", "x/" * 2000 + "b"),
        ("**/a" * 800 + "/b", "a/" * 2000 + "a"),
        ("*a" * 2000 + "b", "a" * 4096),
        ("*a?" * 1000 + "b", "a" * 4095),
        ("a" * 100_000, "a" * 99_999 + "b"),
        ("*" * 2000 + "b", "a" * 4096),
    ],
)
def test_no_pattern_explodes(pattern: str, path: str) -> None:
    """A matcher that goes back would never come back; how long it takes is a benchmark."""
    assert codeowners.match(pattern, path) is False
    assert codeowners.owners(codeowners.loads(f"{pattern} @x"), path) == ()


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("/docs", ["docs"], ["docs/a"]),
        ("docs/", ["docs/a", "x/docs/a/b"], ["docs"]),
        ("/docs/*", ["docs/a"], ["docs/a/b", "x/docs/a"]),
        ("/docs/**", ["docs/a"], ["docs/a/b"]),
        ("/docs/**/*.md", ["docs/a.md", "docs/a/b.md"], ["docs/a.txt"]),
        ("*.[ch]", ["a.c", "x/a.h"], ["a.d"]),
        ("/[!a]x", ["bx"], ["ax", "/x"]),
        ("/[a-c]\\*", ["b*"], ["bx", "d*"]),
        ("/[\\]-_]", ["]", "^"], ["a"]),
        ("/a[b", [], ["a[b", "ab"]),
        ("*", ["a", "a/b"], []),
        ("/", [], ["a"]),
    ],
)
def test_the_patterns_of_gitlab(pattern: str, matching: list[str], other: list[str]) -> None:
    assert [path for path in [*matching, *other] if codeowners.match(pattern, path, dialect="gitlab")] == matching


def test_sections_are_joined_and_exclusions_win() -> None:
    text = "[Docs][2] @writers\n*.md\n!old.md\nold.md @archive\n^[DOCS][3] @others\n*.rst\n^[Free]\n*.md @x\n"
    files = codeowners.loads(text, dialect="gitlab")
    docs, free = files.sections
    assert (docs.name, docs.approvals, docs.optional, docs.owners) == ("Docs", 3, False, ("@writers",))
    assert free.optional
    assert codeowners.owners_by_section(files, "a.rst") == {"Docs": ("@others",)}
    assert codeowners.owners_by_section(files, "old.md") == {"Free": ("@x",)}
    assert codeowners.owners(files, "a.md") == ("@writers", "@x")


def test_what_is_wrong_is_told_all_at_once() -> None:
    text = "!a @b\n* writer @ok\nc\x01 @c\n\\#x @d\n* @team/sub/sub\n* @@maintainer\n"
    with pytest.raises(ParseError) as caught:
        codeowners.loads(text)
    assert [finding.location.line for finding in caught.value.findings if finding.location] == [1, 2, 3, 5, 6]
    lenient = codeowners.loads(text, strict=False)
    assert [entry.pattern for entry in lenient.rules] == ["\\#x"]
    assert len(lenient.findings) == 6
    gitlab = codeowners.loads("* @a/b/c @@Maintainer x@example.org\n[x\n", dialect="gitlab", strict=False)
    assert gitlab.rules[0].owners == ("@a/b/c", "@@Maintainer", "x@example.org")
    assert "heading cannot be read" in gitlab.findings[0].message
    with pytest.raises(ParseError, match="an exclusion of nothing"):
        codeowners.loads("!", dialect="gitlab")
    with pytest.raises(InvalidValueError, match="did you mean 'gitlab'"):
        codeowners.loads("*", dialect="gitlap")  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="a path is text"):
        codeowners.match("*", 3)  # type: ignore[arg-type]


def test_blanks_comments_and_line_ends() -> None:
    files = codeowners.loads("\ufeff a\\ b.md\t@x # note\r\n# all\r\nc#d @y\n\\  @z\n")
    assert [(entry.pattern, entry.owners, entry.comment) for entry in files.rules] == [
        ("a\\ b.md", ("@x",), "note"), ("c#d", ("@y",), ""), ("\\ ", ("@z",), ""),
    ]  # fmt: skip
    assert codeowners.owners(files, "a b.md") == ("@x",)


def test_files_are_found_and_their_dialect_guessed(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        codeowners.load(tmp_path)
    (tmp_path / ".gitlab").mkdir()
    (tmp_path / ".gitlab" / "CODEOWNERS").write_text("*.md @x\n")
    assert codeowners.load(tmp_path).dialect == "gitlab"
    (tmp_path / "CODEOWNERS").write_bytes(b"caf\xe9 @x\n")
    with pytest.raises(ParseError, match="not UTF-8"):
        codeowners.load(tmp_path)
    assert codeowners.locate(tmp_path, dialect="gitlab") == "CODEOWNERS"
    assert codeowners.guess_dialect("[a-z]*.c @x") == "github"
    assert codeowners.guess_dialect("[x] @y", ".github/CODEOWNERS") == "github"


def test_the_facts_make_the_rule_for_unreachable_lines() -> None:
    files = codeowners.loads("/docs/ @writers\n* @all\n/none @x\n")
    facts = codeowners.rule_facts(files, ["docs/a", "b"])
    organization = conway.from_owners({"docs": ["@all"]})
    found = conway.check(organization, select=("CON113",), ownership_rules=facts)
    assert any("/docs/" in finding.subject + finding.message for finding in found)


def test_the_real_file_of_metamask() -> None:
    folder = SHARED / "data" / "metamask_core"
    if not folder.exists():
        pytest.skip("the data are not present")
    files = codeowners.load(folder / "CODEOWNERS", dialect="github")
    rows = [line.split(",") for line in (folder / "components.csv").read_text().splitlines()[1:]]
    for row in rows:
        owners = codeowners.owners(files, f"packages/{row[0]}/src/index.ts")
        assert sorted(owners) == sorted(row[3].replace(";", " ").split()), row[0]


def test_the_real_file_of_dd_trace_py() -> None:
    folder = SHARED / "data" / "dd_trace_py"
    if not folder.exists():
        pytest.skip("the data are not present")
    files = codeowners.load(folder / "CODEOWNERS", dialect="github", strict=False)
    rows = [line.split(",") for line in (folder / "modules.csv").read_text().splitlines()[1:]]
    found = dict(codeowners.owners_of(files, [row[1] for row in rows]))
    assert [row[1] for row in rows if list(found[row[1]]) != row[2].split()] == []


def test_compiled_patterns_say_what_they_are() -> None:
    assert compile_pattern("a/**/**/b") == compile_pattern("a/**/b")
    assert compile_pattern("").tail == "nothing"
