"""Expressions of the catalogue: CEL behind one module, so that no other file knows the library.

An expression is written over declared names (`findings.critical`, `trait.high_risk`), is checked when the
catalogue loads and gives a bool. Loops, `has()` and `dyn()` are refused: a check reads stated values, it does
not search. What cannot be worked out is undecided, never true.

Language: Common Expression Language, https://github.com/google/cel-spec.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

_TYPES: Mapping[str, Any] = {
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "bool": cel.Type.BOOL,
    "string": cel.Type.STRING,
}

# has() over a dotted name compiles to a number, loops can exhaust the evaluator, dyn() ends type checks.
_REFUSED_CALLS = frozenset({"has", "dyn", "all", "exists", "exists_one", "existsOne", "map", "filter",
                            "transformList", "transformMap", "transformMapEntry", "bind"})

_WORD = r"[A-Za-z_]\w*"
_TOKEN = re.compile(
    rf"""
      (?P<comment> //[^\n]* )
    | (?P<string> [rRbB]{{0,2}}
        (?: \"\"\"(?:\\.|.)*?\"\"\" | '''(?:\\.|.)*?''' | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' ) )
    | (?P<number> (?: 0[xX][0-9a-fA-F]+ | \d+(?:\.\d+)?(?:[eE][+-]?\d+)? | \.\d+(?:[eE][+-]?\d+)? ) [uU]? )
    | (?P<name> {_WORD}(?:\s*\.\s*{_WORD})* ) (?P<call> \s*\( )?
    | (?P<dot> \. )
    | (?P<space> \s+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_LITERALS = frozenset({"true", "false", "null", "in"})
_PLACE = re.compile(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")


class ExpressionRefused(ValueError):
    """An expression cannot be used; the text says what is wrong and where in the expression."""


@dataclass(frozen=True)
class Decided:
    """What an expression gives.

    `outcome` is None when it could not be decided; `missing` names, sorted, what it uses that the values do
    not state.
    """

    outcome: bool | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Compiled:
    """A checked expression, with the names that it uses and their types."""

    program: Any  # the library's Expression; it ships no types
    used: tuple[tuple[str, str], ...]


def check_expression(expression: str, declared: Mapping[str, str]) -> frozenset[str]:
    """Parse and type-check an expression over `declared` (name → int, double, bool or string).

    Returns the names that it uses. Raises ExpressionRefused for a syntax or type error, a name that is not
    declared, a result that is no bool, `has()`, `dyn()` and loops.
    """
    return frozenset(name for name, _ in _compiled(expression, tuple(declared.items())).used)


def decide(
    expression: str, declared: tuple[tuple[str, str], ...], values: Mapping[str, int | float | bool | str]
) -> Decided:
    """Decide an expression over stated values.

    Undecided (`outcome` None) when a name that it uses is not stated, even where the rest would decide, when
    a value is not of its declared type (a whole number counts as a double: 0.0 is 0 in canonical JSON), or
    when the evaluation ends in an error. Raises ExpressionRefused for an expression that `check_expression`
    refuses, and nothing else.
    """
    compiled = _compiled(expression, declared)
    missing = tuple(sorted(name for name, _ in compiled.used if values.get(name) is None))
    if missing:
        return Decided(None, missing)
    data: dict[str, int | float | bool | str] = {}
    for name, kind in compiled.used:
        fitted = _fitted(values[name], kind)
        if fitted is None:
            return Decided(None, ())
        data[name] = fitted
    return Decided(_run(compiled.program, data), ())


def trait_declarations(traits: Iterable[str]) -> dict[str, str]:
    """What a condition may speak of: `high-risk` becomes the bool `trait.high_risk`."""
    return {_named("trait", trait): "bool" for trait in traits}


def tolerance_declarations(tolerances: Iterable[str]) -> dict[str, str]:
    """What a condition may say of risk tolerance: `cautious` becomes the bool `tolerance.cautious`."""
    return {_named("tolerance", one): "bool" for one in tolerances}


def limit_declarations(limits: Mapping[str, str]) -> dict[str, str]:
    """What a check may compare with: `attack-success` of type double becomes `limit.attack_success`."""
    return {limit_name(name): type_ for name, type_ in limits.items()}


def limit_name(limit: str) -> str:
    """The name of a limit in expressions."""
    return _named("limit", limit)


@dataclass(frozen=True)
class Vocables:
    """All ids that a condition may name: traits, and degrees of risk tolerance."""

    traits: tuple[str, ...]
    tolerances: tuple[str, ...] = ()


@lru_cache(maxsize=16384)
def traits_hold(expression: str, known: Vocables, traits: frozenset[str], tolerance: str = "") -> bool:
    """Whether a condition holds for a system that has `traits`, of all that are `known`, under a tolerance.

    Raises ExpressionRefused for an expression that `check_expression` refuses.
    """
    declared = {**trait_declarations(known.traits), **tolerance_declarations(known.tolerances)}
    values: dict[str, int | float | bool | str] = {
        **{_named("trait", trait): trait in traits for trait in known.traits},
        **{_named("tolerance", one): one == tolerance for one in known.tolerances}}
    return decide(expression, tuple(declared.items()), values).outcome is True


def _named(sort: str, id_: str) -> str:
    return f"{sort}.{id_.replace('-', '_')}"


def _fitted(value: object, kind: str) -> int | float | bool | str | None:
    """The value as its declared type, or None when it is of another (a bool is no int here)."""
    if kind == "bool":
        return value if isinstance(value, bool) else None
    if kind == "string":
        return value if isinstance(value, str) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind == "int":
        return value if isinstance(value, int) else None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _run(program: Any, data: dict[str, int | float | bool | str]) -> bool | None:
    """One evaluation; CEL's errors come back as values with a truthy plain form, so look at the type."""
    try:
        value = program.eval(data=data)
    except Exception:  # the library documents no exceptions; none of them may become an answer
        return None
    return bool(value.value()) if value.type() == cel.Type.BOOL else None


@lru_cache(maxsize=4096)
def _compiled(expression: str, declared: tuple[tuple[str, str], ...]) -> _Compiled:
    """Compile over the names used alone, so that what the words of the expression say and CEL agree."""
    types = dict(declared)
    used, unknown = _names(expression, types)
    try:
        environment = cel.NewEnv(variables={name: _cel_type(types[name]) for name in used})
        program = environment.compile(expression)
    except RuntimeError as problem:
        raise ExpressionRefused(_told(str(problem), expression, unknown, types)) from None
    if program.return_type() != cel.Type.BOOL:
        given = program.return_type().name().lower()
        raise ExpressionRefused(f"The expression '{expression}' gives {given}; it must give true or false.")
    return _Compiled(program, tuple((name, types[name]) for name in used))


def _cel_type(name: str) -> Any:
    if name not in _TYPES:
        raise ExpressionRefused(f"'{name}' is no type of a value; the types are {', '.join(_TYPES)}.")
    return _TYPES[name]


def _names(expression: str, declared: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Declared names that an expression uses, and names that are not declared, each sorted.

    Raises ExpressionRefused for a call that is not allowed.
    """
    used: set[str] = set()
    unknown: set[str] = set()
    for name, is_call, column in _words(expression):
        parts = name.split(".")
        if is_call and parts[-1] in _REFUSED_CALLS:
            raise ExpressionRefused(f"Column {column} of '{expression}': {parts[-1]}() is not allowed here.")
        prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        found = next((prefix for prefix in prefixes if prefix in declared), None)
        if found is not None:
            used.add(found)
        elif not is_call and name not in _LITERALS:
            unknown.add(name)
    return sorted(used), sorted(unknown)


def _words(expression: str) -> Iterator[tuple[str, bool, int]]:
    """Each dotted name outside strings, numbers and comments: its text, is it called, its place from 1.

    A name after a lone dot (`(x).matches(`) is a member of what stands before: given only where called.
    """
    after_dot = False
    for token in _TOKEN.finditer(expression):
        if token["name"] is not None:
            is_call = token["call"] is not None
            name = re.sub(r"\s", "", token["name"])
            if not after_dot:
                yield name, is_call, token.start() + 1
            elif is_call:
                yield name.rpartition(".")[2], True, token.start() + 1
        if token["space"] is None:
            after_dot = token["dot"] is not None


def _told(problem: str, expression: str, unknown: list[str], declared: Mapping[str, str]) -> str:
    """CEL's message in our words: the place, what is wrong, and the nearest name where one is misspelt."""
    if "undeclared reference" in problem and unknown:
        near = get_close_matches(unknown[0], declared, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        return f"'{unknown[0]}' in '{expression}' is not declared.{hint}"
    place = _PLACE.search(problem)
    if place is None:
        return f"'{expression}' is refused: {problem}"
    line, column, text = place.groups()
    where = f"Column {column}" if line == "1" else f"Line {line}, column {column}"
    hint = " Compare integers with integers, doubles with doubles (0.05, 1.0)." if "overload" in text else ""
    return f"{where} of '{expression}': {text.removesuffix(' [INVALID_ARGUMENT]')}.{hint}"
