"""What is wrong with a form, as its page shows it: a summary above, and one message beside each field."""

from __future__ import annotations

from govern.errors import GovernError, InputRefused


class Errors(dict[str, list[str]]):
    """Messages by field; empty when nothing is wrong."""

    def of(self, name: str) -> str:
        """The first message for a field, or nothing."""
        return (self.get(name) or [""])[0]


def errors_of(error: GovernError | None) -> Errors:
    """The messages of a refusal. One that names no field comes under `form`."""
    if error is None:
        return Errors()
    if isinstance(error, InputRefused) and error.fields:
        return Errors(error.fields)
    return Errors({error.field or "form": [f"{error.text} {error.mend}".strip()]})


def for_the_form(error: GovernError) -> GovernError:
    """The error again if a form can show it, else it is raised for the page of errors."""
    if isinstance(error, InputRefused) or error.field is not None:
        return error
    raise error
