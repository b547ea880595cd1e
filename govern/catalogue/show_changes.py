"""The difference of two catalogues as plain lines of text, for the command line."""

from __future__ import annotations

from textwrap import wrap

from govern.catalogue.difference import Change, Changes, Difference

_WIDTH = 100


def show_changes(found: Difference, most: int = 25) -> list[str]:
    """What changes, part by part; of each sort at most `most` are named, the rest counted."""
    if found.before == found.after:
        return ["Nothing changes."]
    lines = [f"From {found.before}", f"to   {found.after}", ""]
    if not found.parts:
        return [*lines, "Only words of the vocabulary change."]
    for part in found.parts:
        lines += _part(part, most)
    return lines


def _part(part: Changes, most: int) -> list[str]:
    lines = [f"{part.part}: {len(part.new)} new, {len(part.changed)} changed, {len(part.gone)} gone"]
    for sign, changes in (("+", part.new), ("~", part.changed), ("-", part.gone)):
        lines += [line for one in changes[:most] for line in _change(sign, one)]
        if len(changes) > most:
            lines.append(f"  {sign} and {len(changes) - most} more")
    return lines


def _change(sign: str, one: Change) -> list[str]:
    parts = f" ({', '.join(one.parts)})" if one.parts else ""
    return wrap(f"{one.id}  {one.title}{parts}", _WIDTH, initial_indent=f"  {sign} ", subsequent_indent="      ",
                break_long_words=False)
