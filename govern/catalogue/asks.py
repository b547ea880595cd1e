"""What a control asks for, as it stands in a file: kinds, when it is due, on what condition, checks."""

from __future__ import annotations

import re

from govern.catalogue.expressions import ExpressionRefused, check_expression, limit_declarations
from govern.catalogue.fields import Fields, Seen
from govern.catalogue.objects import Ask, Check, Condition, Due
from govern.catalogue.source import Block, Mistakes
from govern.catalogue.vocabulary import SLUG, SLUG_SHAPE, UNKNOWN_TYPE, Vocabulary

ABOUT = ("organisation", "system", "release", "asset")
_KEYS = ("id", "title", "kinds", "about", "basis", "fresh_days", "due", "when", "checks")


def read_ask(block: Block, control: str, words: Vocabulary, mistakes: Mistakes, seen: Seen) -> Ask | None:
    """One ask of a control; None (noted) when its id is missing or there already."""
    one = Fields(block, mistakes, f"an ask of {control or 'this control'}", _KEYS)
    name = one.text("id")
    if name and control and not re.fullmatch(re.escape(control) + r"\.[1-9]\d*", name):
        one.refuse("id", f"'{name}' is no id of an ask of {control}.", f"Write {control}. and a number.")
    kinds = one.known_words("kinds", words.kind_names, "kind of evidence")
    ask = Ask(
        id=name,
        control=control,
        title=one.text("title"),
        kinds=frozenset(kinds),
        about=one.one_of("about", ABOUT, "such subject"),
        basis=one.maybe_one_of("basis", words.basis_names, "basis"),
        fresh_days=one.maybe_days("fresh_days"),
        due=_due(one, words),
        when=read_condition(one, "when", "condition", words),
        checks=_checks(one, frozenset(kinds), words),
    )
    return ask if seen.first(one, "id", name) else None


def read_condition(fields: Fields, key: str, expression_key: str, words: Vocabulary) -> Condition | None:
    """A condition over traits under `key`, or None for null.

    A control keeps its expression under `when`, an ask under `condition`.
    """
    block = fields.inner(key)
    if block is None:
        return None
    one = Fields(block, fields.mistakes, f"'{key}'", [expression_key, "because"])
    condition = Condition(one.text(expression_key), one.text("because"))
    if condition.expression:
        try:
            check_expression(condition.expression, words.trait_types)
        except ExpressionRefused as problem:
            one.refuse(expression_key, str(problem), "Write it over traits, such as trait.agentic.")
    return condition


def _due(ask: Fields, words: Vocabulary) -> Due:
    """From a stage on, or some days after an event."""
    block = ask.inner("due")
    if block is None:
        if "due" in ask.block.values and ask.block.values["due"] is None:
            ask.refuse("due", "'due' is empty.", "Write {stage: …} or {after: …, within_days: …}.")
        return Due()
    if "stage" in block.values:
        one = Fields(block, ask.mistakes, "'due' from a stage", ["stage"])
        return Due(stage=one.one_of("stage", words.stage_names, "stage"))
    one = Fields(block, ask.mistakes, "'due' after an event", ["after", "within_days"])
    return Due(after=one.one_of("after", words.event_names, "event"),
               within_days=one.days("within_days", at_least=0))


def _checks(ask: Fields, kinds: frozenset[str], words: Vocabulary) -> tuple[Check, ...]:
    seen = Seen("check")
    found = []
    for item in ask.blocks("checks"):
        one = Fields(item, ask.mistakes, "a check", ["id", "question"], ["expression", "for"])
        name = one.matching("id", SLUG, SLUG_SHAPE)
        question = one.question("question")
        expression, decided = _computed(one, kinds, words)
        if seen.first(one, "id", name):
            found.append(Check(name, question, expression, decided))
    return tuple(found)


def _computed(check: Fields, kinds: frozenset[str], words: Vocabulary) -> tuple[str | None, frozenset[str]]:
    """The expression of a check and the kinds it decides, type-checked for each of them."""
    expression = check.maybe_text("expression")
    if expression is None:
        if "for" in check.block.values:
            check.refuse("for", "'for' stands here without 'expression'.", "Add it, or take 'for' out.")
        return None, frozenset()
    if "for" not in check.block.values:
        check.refuse("expression", "It does not say for which kinds it decides.", "Add 'for: […]'.")
        return None, frozenset()
    decided = check.known_words("for", sorted(kinds), "kind among those asked for called")
    for kind in decided:
        if kind not in words.kinds:
            continue  # its file could not be read
        declared = {field.name: field.type for field in words.kinds[kind].fields} | limit_declarations(words.limit_types)
        if UNKNOWN_TYPE in declared.values():
            continue
        try:
            check_expression(expression, declared)
        except ExpressionRefused as problem:
            check.refuse("expression", f"For {kind}: {problem}", f"Its fields stand in kinds/{kind}.yaml.")
    return expression, frozenset(decided)
