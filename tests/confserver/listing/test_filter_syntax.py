"""The language of filters: what is read, what is refused where, and that nothing else ever happens."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confserver.errors import ValidateFailed
from confserver.listing.filter_syntax import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_TERMS,
    All,
    AnyOf,
    Comparison,
    Expression,
    TextMatch,
    parse_filter,
)

A, B, C = (Comparison(name, "eq", 1) for name in "abc")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a eq 1", A),
        (" a\teq  1 ", A),
        ("a eq -7", Comparison("a", "eq", -7)),
        ("a ne 'it''s'", Comparison("a", "ne", "it's")),
        ("a eq ''", Comparison("a", "eq", "")),
        ("mode eq VIDEO", Comparison("mode", "eq", "VIDEO")),
        ("a eq null", Comparison("a", "eq", None)),
        ("a eq 'null'", Comparison("a", "eq", "null")),
        ("a eq true and b eq 1", All((Comparison("a", "eq", True), B))),
        ("at ge 2027-05-04T09:30:00Z", Comparison("at", "ge", "2027-05-04T09:30:00Z")),
        ("at lt 2027-05-04T09:30:00.5+02:00", Comparison("at", "lt", "2027-05-04T09:30:00.5+02:00")),
        ("a eq 1 or b eq 1 and c eq 1", AnyOf((A, All((B, C))))),
        ("(a eq 1 or b eq 1) and c eq 1", All((AnyOf((A, B)), C))),
        ("((a eq 1))", A),
        ("contains(subject,'x y')", TextMatch("subject", "contains", "x y")),
        ("startswith( subject , 'x' )", TextMatch("subject", "startswith", "x")),
        ("endswith(subject,'')", TextMatch("subject", "endswith", "")),
        ("contains eq 1", Comparison("contains", "eq", 1)),
    ],
)
def test_what_a_filter_means(text: str, tree: Expression) -> None:
    assert parse_filter(text) == tree


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "needs the name of a field at character 1"),
        ("a", "needs one of eq, ne, gt, ge, lt, le at character 2"),
        ("a like 'x'", "needs one of eq, ne, gt, ge, lt, le at character 3"),
        ("a eq", "needs a value at character 5"),
        ("a eq and", "needs a value at character 6"),
        ("a eq 1 b", "needs the end at character 8"),
        ("a eq 1 and", "needs the name of a field at character 11"),
        ("and eq 1", "needs the name of a field at character 1"),
        ("(a eq 1", "needs a closing parenthesis at character 8"),
        ("a eq 1)", "needs the end at character 7"),
        ("contains(a)", "needs a comma at character 11"),
        ("contains(a,1)", "needs a text in single quotes at character 12"),
        ("a eq 'open", "cannot be read at character 5"),
        ("a = 1", "cannot be read at character 2"),
        ("a eq 1.5", "cannot be read at character 5"),
        ("a eq 1; drop table meetings", "cannot be read at character 7"),
        ("a eq 12345678901234567890", "cannot be read at character 5"),
        ("(" * (MOST_DEPTH + 1) + "a eq 1", f"more than {MOST_DEPTH} parentheses"),
        (" or ".join(["a eq 1"] * (MOST_TERMS + 1)), f"more than {MOST_TERMS} conditions"),
        ("a eq '" + "x" * MOST_CHARACTERS + "'", f"more than {MOST_CHARACTERS} characters"),
    ],
)
def test_what_is_no_filter_is_refused_where_it_goes_wrong(text: str, complaint: str) -> None:
    with pytest.raises(ValidateFailed, match=complaint) as refusal:
        parse_filter(text)
    assert refusal.value.detail == "filter"


@given(st.text(alphabet=st.sampled_from("ab'(),= eqandorcontains1-:TZ\0\u2028é"), max_size=60))
def test_whatever_stands_there_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValidateFailed):
        parse_filter(text)


FIELDS = st.sampled_from(["subject", "capacity", "a_1"])
TEXTS = st.text(max_size=8)
LEAVES = st.one_of(
    st.builds(
        Comparison,
        FIELDS,
        st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
        st.one_of(TEXTS, st.integers(-(10**9), 10**9), st.booleans(), st.none()),
    ),
    st.builds(TextMatch, FIELDS, st.sampled_from(["startswith", "endswith", "contains"]), TEXTS),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: All(tuple(terms))),
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: AnyOf(tuple(terms))),
    ),
    max_leaves=6,
)


def written(tree: Expression) -> str:
    """A filter that means the tree: every group in parentheses, and so it is read back as it was."""
    match tree:
        case All(terms):
            return " and ".join(f"({written(term)})" for term in terms)
        case AnyOf(terms):
            return " or ".join(f"({written(term)})" for term in terms)
        case TextMatch(field, function, text):
            return f"{function}({field},{literal(text)})"
        case Comparison(field, operator, value):
            return f"{field} {operator} {literal(value)}"


def literal(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return "'" + value.replace("'", "''") + "'"
    return str(value)


@given(TREES)
def test_what_is_written_is_read_back(tree: Expression) -> None:
    assert parse_filter(written(tree)) == tree
