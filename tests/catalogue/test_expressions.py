"""Expressions of the catalogue: what is refused, what is undecided, and what is true."""

from __future__ import annotations

import math
from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import given
from hypothesis import strategies as st

from govern.catalogue.expressions import (
    Decided,
    ExpressionRefused,
    Vocables,
    check_expression,
    decide,
    trait_declarations,
    traits_hold,
)

DECLARED = {"cases": "int", "failed": "int", "rate.pass": "double", "complete": "bool", "tool": "string",
            "findings.critical": "int"}
PAIRS = tuple(DECLARED.items())


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("complete", {"complete"}),
        ("findings.critical == 0 && cases > 0", {"findings.critical", "cases"}),
        ("rate.pass>=0.05||complete", {"rate.pass", "complete"}),
        ("tool.matches('(?i)^cases')", {"tool"}),
        ("tool == 'rate.pass' // complete", {"tool"}),
        ("tool == \"it's cases\" || tool == 'a \\' cases'", {"tool"}),
        ("tool == r'\\d' || tool == '''cases ' '''", {"tool"}),
        ("size(tool) > 0 && double(cases) * 1.5e3 > rate.pass", {"tool", "cases", "rate.pass"}),
        ("cases in [1, 2, 3]", {"cases"}),
        ("cases > 0 ? complete : false", {"cases", "complete"}),
        ("rate . pass > 0.5", {"rate.pass"}),
        ("type(cases) == int", {"cases"}),
        ("(tool + 'x').startsWith('y')", {"tool"}),
        ("true", set()),
    ],
)
def test_the_names_an_expression_uses(expression: str, names: set[str]) -> None:
    assert check_expression(expression, DECLARED) == names


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("findings.critcal == 0", "'findings.critcal' in 'findings.critcal == 0' is not declared. "
                                  "Did you mean 'findings.critical'?"),
        ("zebra", "not declared"),
        ("cases", "gives int; it must give true or false"),
        ("dyn(complete)", "dyn() is not allowed"),
        ("dyn(cases) == 'x'", "Column 1 of 'dyn(cases) == 'x'': dyn() is not allowed here."),
        ("has(findings.critical)", "has() is not allowed"),
        ("has(findings.critical) == 1", "has() is not allowed"),
        ("cases > 0 && [1, 2].all(x, x > 0)", "all() is not allowed"),
        ("[cases].exists(x, x > 0)", "exists() is not allowed"),
        ("[cases].filter(x, x > 0).size() > 0", "filter() is not allowed"),
        ("[1].map(x, x)[0] == 1", "map() is not allowed"),
        ("[cases] . exists_one (x, x > 0)", "exists_one() is not allowed"),
        ("cases > 0.5", "Column 7 of 'cases > 0.5': found no matching overload"),
        ("rate.pass > 1", "doubles with doubles"),
        ("tool == 1", "overload"),
        ("cases ==", "Syntax error"),
        ("cases == 1 &&\n(", "Line 2, column 2"),
        ("", "Syntax error"),
        (".rate.pass > 0.5", "undeclared"),
    ],
)
def test_what_is_refused_says_what_and_where(expression: str, said: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        check_expression(expression, DECLARED)
    assert said in str(refused.value)


def test_a_type_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ExpressionRefused, match="'number' is no type"):
        check_expression("cases > 0", {"cases": "number"})


@pytest.mark.parametrize(
    ("expression", "values", "decided"),
    [
        ("complete", {"complete": True}, Decided(True, ())),
        ("complete", {"complete": False}, Decided(False, ())),
        ("complete", {}, Decided(None, ("complete",))),
        ("complete", {"complete": 1}, Decided(None, ())),
        ("complete", {"complete": "true"}, Decided(None, ())),
        ("cases > 0 && complete", {}, Decided(None, ("cases", "complete"))),
        ("complete || cases > 0", {"complete": True}, Decided(None, ("cases",))),  # true alone would do
        ("cases > 0", {"cases": 3, "other": object()}, Decided(True, ())),
        ("cases > 0", {"cases": None}, Decided(None, ("cases",))),
        ("cases > 0", {"cases": True}, Decided(None, ())),
        ("cases > 0", {"cases": 3.0}, Decided(None, ())),
        ("cases > 0", {"cases": "3"}, Decided(None, ())),
        ("cases > 0", {"cases": [1]}, Decided(None, ())),
        ("cases > 0", {"cases": 2**70}, Decided(None, ())),
        ("rate.pass <= 0.05", {"rate.pass": 0}, Decided(True, ())),
        ("rate.pass <= 0.05", {"rate.pass": 1}, Decided(False, ())),
        ("rate.pass <= 0.05", {"rate.pass": 10**400}, Decided(None, ())),
        ("rate.pass <= 0.05", {"rate.pass": math.nan}, Decided(None, ())),
        ("rate.pass <= 0.05", {"rate.pass": -math.inf}, Decided(None, ())),
        ("rate.pass <= 0.05", {"rate.pass": False}, Decided(None, ())),
        ("tool == 'x'", {"tool": 0}, Decided(None, ())),
        ("failed / cases == 0", {"failed": 1, "cases": 0}, Decided(None, ())),  # an error of CEL, not false
        ("cases + 1 > 0", {"cases": 2**63 - 1}, Decided(None, ())),
    ],
)
def test_what_is_decided(expression: str, values: dict[str, Any], decided: Decided) -> None:
    assert decide(expression, PAIRS, values) == decided


def test_deciding_refuses_what_checking_refuses() -> None:
    with pytest.raises(ExpressionRefused):
        decide("cases", PAIRS, {"cases": 1})


ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3),
                st.lists(st.integers(), max_size=2))


@given(st.dictionaries(st.sampled_from([*DECLARED, "other"]), ODD))
def test_odd_values_never_raise_and_are_never_true(values: dict[str, Any]) -> None:
    """Against the plain reading of the same rule, for every mixture of fitting, odd and missing values."""
    decided = decide("cases > 0 && rate.pass < 0.5 && complete && tool != ''", PAIRS, values)
    stated: Any = values.get
    cases, rate, complete, tool = (stated(name) for name in ("cases", "rate.pass", "complete", "tool"))
    fits = (type(cases) is int and abs(cases) < 2**63 and type(rate) in (int, float) and abs(rate) < 1e300
            and type(complete) is bool and type(tool) is str)
    if fits:
        assert decided.outcome is (cases > 0 and rate < 0.5 and complete and tool != "")
    else:
        assert decided.outcome is not True


ATOMS = st.sampled_from(["cases > 0", "failed == cases", "rate.pass < 0.5", "complete",
                         "tool == 'cases failed'",
                         "tool.contains(\"rate.pass\")", "findings.critical in [0, 1]", "!complete"])


@given(st.lists(st.tuples(ATOMS, st.sampled_from(["&&", "||"])), min_size=1, max_size=5))
def test_the_names_are_those_that_cel_needs(parts: list[tuple[str, str]]) -> None:
    """Taking away any name that is said to be used stops the expression from compiling; the others do not."""
    expression = " ".join(f"{atom} {joint}" for atom, joint in parts) + " true"
    used = check_expression(expression, DECLARED)
    types = {"int": cel.Type.INT, "double": cel.Type.DOUBLE, "bool": cel.Type.BOOL, "string": cel.Type.STRING}
    for name in DECLARED:
        variables = {other: types[kind] for other, kind in DECLARED.items() if other != name}
        try:
            cel.NewEnv(variables=variables).compile(expression)
            compiles = True
        except RuntimeError:
            compiles = False
        assert compiles is (name not in used)


KNOWN = Vocables(("high-risk", "provider", "special-category-data"), ("balanced", "open"))


@pytest.mark.parametrize(
    ("expression", "traits", "holds"),
    [
        ("trait.high_risk", {"high-risk"}, True),
        ("trait.high_risk", set(), False),
        ("!trait.high_risk", set(), True),
        ("trait.high_risk && (trait.provider || trait.special_category_data)", {"high-risk"}, False),
        ("trait.high_risk && (trait.provider || trait.special_category_data)",
         {"high-risk", "special-category-data"}, True),
        ("trait.provider", {"high-risk", "unheard-of"}, False),
        ("tolerance.open && trait.provider", {"provider"}, True),
        ("tolerance.balanced", {"provider"}, False),
    ],
)
def test_conditions_over_traits(expression: str, traits: set[str], holds: bool) -> None:
    assert traits_hold(expression, KNOWN, frozenset(traits), "open") is holds


def test_traits_are_declared_as_bools_with_underscores() -> None:
    assert trait_declarations(KNOWN.traits) == {"trait.high_risk": "bool", "trait.provider": "bool",
                                         "trait.special_category_data": "bool"}


def test_a_misspelt_trait_is_refused() -> None:
    with pytest.raises(ExpressionRefused, match=r"Did you mean 'trait\.high_risk'\?"):
        traits_hold("trait.hi_risk", KNOWN, frozenset())
