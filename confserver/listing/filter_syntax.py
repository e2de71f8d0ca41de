"""Reads the filters of lists, such as `mode eq 'VIDEO' and (capacity gt 9 or contains(subject,'board'))`.

Pure: text in, a tree out. It knows no field and no database (`confserver.listing.conditions`). The language is a small
part of OData's `$filter` (OASIS OData 4.01, part 2, section 5.1.1): comparisons with literals, three functions of text,
`and`, `or`, parentheses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from confserver.errors import ValidateFailed

MOST_CHARACTERS = 1024
MOST_DEPTH = 8
MOST_TERMS = 32

TOKEN = re.compile(
    r"""\s*(?:
        (?P<mark>[(),])
      | '(?P<text>(?:[^']|'')*)'
      | (?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))
      | (?P<number>-?\d{1,15}(?![\w.]))
      | (?P<word>[A-Za-z_]\w*)
    )""",
    re.VERBOSE | re.ASCII,
)

Operator = Literal["eq", "ne", "gt", "ge", "lt", "le"]
Function = Literal["startswith", "endswith", "contains"]
Value = str | int | bool | None

OPERATORS: dict[str, Operator] = {"eq": "eq", "ne": "ne", "gt": "gt", "ge": "ge", "lt": "lt", "le": "le"}
FUNCTIONS: dict[str, Function] = {"startswith": "startswith", "endswith": "endswith", "contains": "contains"}
CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
OTHERS = {"and", "or"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`field operator value`. Times are text here; what they mean is the field's business."""

    field: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class TextMatch:
    """`function(field,'text')`."""

    field: str
    function: Function
    text: str


@dataclass(frozen=True, slots=True)
class All:
    """Terms joined by `and`."""

    terms: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Terms joined by `or`."""

    terms: "tuple[Expression, ...]"


Expression = Comparison | TextMatch | All | AnyOf


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse_filter(text: str) -> Expression:
    """The tree of a filter. Raises ValidateFailed, which tells where it goes wrong but not what stands there."""
    if len(text) > MOST_CHARACTERS:
        raise _wrong(f"has more than {MOST_CHARACTERS} characters")
    return _Parser(tuple(_tokens(text)), len(text)).whole()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _wrong(f"has something that cannot be read at character {at + 1}")
        yield _Token(found.lastgroup, found.group(found.lastgroup), found.start(found.lastgroup) + 1)
        at = found.end()


def _wrong(fact: str) -> ValidateFailed:
    return ValidateFailed(f"filter {fact}", "filter")


class _Parser:
    """Recursive descent; `and` binds closer than `or`."""

    def __init__(self, tokens: tuple[_Token, ...], length: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._terms = 0
        self._end = _Token("end", "", length + 1)

    def whole(self) -> Expression:
        expression = self._any_of(0)
        self._expect("end", None, "the end")
        return expression

    def _any_of(self, depth: int) -> Expression:
        terms = [self._all(depth)]
        while self._take("word", "or"):
            terms.append(self._all(depth))
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _all(self, depth: int) -> Expression:
        terms = [self._term(depth)]
        while self._take("word", "and"):
            terms.append(self._term(depth))
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def _term(self, depth: int) -> Expression:
        if self._take("mark", "("):
            if depth >= MOST_DEPTH:
                raise _wrong(f"has more than {MOST_DEPTH} parentheses in one another")
            inner = self._any_of(depth + 1)
            self._expect("mark", ")", "a closing parenthesis")
            return inner
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise _wrong(f"has more than {MOST_TERMS} conditions")
        word = self._expect("word", None, "the name of a field")
        if word.text in FUNCTIONS and self._take("mark", "("):
            return self._function(FUNCTIONS[word.text])
        if word.text in OTHERS:
            raise _wrong(f"needs the name of a field at character {word.at}")
        return self._comparison(word.text)

    def _function(self, function: Function) -> TextMatch:
        field = self._expect("word", None, "the name of a field").text
        self._expect("mark", ",", "a comma")
        text = self._expect("text", None, "a text in single quotes").text
        self._expect("mark", ")", "a closing parenthesis")
        return TextMatch(field, function, text.replace("''", "'"))

    def _comparison(self, field: str) -> Comparison:
        operator = self._expect("word", None, "one of eq, ne, gt, ge, lt, le")
        if operator.text not in OPERATORS:
            raise _wrong(f"needs one of eq, ne, gt, ge, lt, le at character {operator.at}")
        return Comparison(field, OPERATORS[operator.text], self._value())

    def _value(self) -> Value:
        token = self._pop()
        match token.kind:
            case "text":
                return token.text.replace("''", "'")
            case "time":
                return token.text
            case "number":
                return int(token.text)
            case "word" if token.text in CONSTANTS:
                return CONSTANTS[token.text]
            case "word" if token.text not in OTHERS:
                return token.text  # VIDEO as well as 'VIDEO'
        raise _wrong(f"needs a value at character {token.at}: a number, a text in single quotes, true, false or null")

    def _pop(self) -> _Token:
        token = self._tokens[self._next] if self._next < len(self._tokens) else self._end
        self._next += 1
        return token

    def _take(self, kind: str, text: str) -> bool:
        is_there = self._next < len(self._tokens) and self._tokens[self._next][:2] == (kind, text)
        self._next += is_there
        return is_there

    def _expect(self, kind: str, text: str | None, name: str) -> _Token:
        token = self._pop()
        if token.kind != kind or (text is not None and token.text != text):
            raise _wrong(f"needs {name} at character {token.at}")
        return token
