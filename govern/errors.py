"""Everything that can go wrong, named by cause, and the one place that says what each door answers.

Each error carries a message for people (`text`), what would mend it (`mend`) and, for refused input, the field it is
about.  `answer_of` maps an error to its HTTP status and its exit code; no other module decides that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class GovernError(Exception):
    """Root of all errors that Govern raises on purpose.

    `code` is stable and machine-readable, `text` says what happened and where, `mend` what to do about it.
    """

    code = "error"

    def __init__(self, text: str, *, mend: str = "", field: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.mend = mend
        self.field = field


# -- the caller's input ------------------------------------------------------------------------------------------


class InputRefused(GovernError):
    """What was sent does not fit: one message for each field in `fields`, and nothing was changed."""

    code = "input-refused"

    def __init__(self, text: str, *, mend: str = "", field: str | None = None,
                 fields: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(text, mend=mend, field=field)
        self.fields: dict[str, list[str]] = dict(fields or ({field: [text]} if field else {}))


class FileRefused(InputRefused):
    """A file cannot be taken as evidence (empty, cut short, a name that cannot be kept)."""

    code = "file-refused"


class TooLarge(InputRefused):
    """A file or a body is larger than the limit that the settings state."""

    code = "too-large"


class NotFound(GovernError):
    """The thing does not exist, or lies outside what the caller may see; the two are not told apart."""

    code = "not-found"


# -- who may do what ---------------------------------------------------------------------------------------------


class NotSignedIn(GovernError):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    code = "not-signed-in"


class NotAllowed(GovernError):
    """The caller may not do this here; `text` is the reason that the access rules gave."""

    code = "not-allowed"


# -- somebody else was faster ------------------------------------------------------------------------------------


class Conflict(GovernError):
    """The request does not fit the present state of things (already decided, already taken)."""

    code = "conflict"


class Duplicate(Conflict):
    """The same thing exists already; `existing` is its key, where it may be shown."""

    code = "duplicate"

    def __init__(self, text: str, *, mend: str = "", field: str | None = None, existing: str | None = None) -> None:
        super().__init__(text, mend=mend, field=field)
        self.existing = existing


class MovedMeanwhile(Conflict):
    """Something that the action had read changed before it could be recorded, three times in a row."""

    code = "moved-meanwhile"


class StaleForm(Conflict):
    """The form or the If-Match header speaks of an older state than the present one."""

    code = "stale-form"


# -- what we stand on --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mistake:
    """One mistake in the catalogue: where it stands, what it is and what mends it.

    `line` counts from 1; 0 where lines say nothing (a path or a cell is then part of `file`).
    """

    file: str
    line: int
    text: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}" + (f" {self.mend}" if self.mend else "")


class CatalogueError(GovernError):
    """The catalogue cannot be loaded; `mistakes` lists all of them."""

    code = "catalogue"

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)), mend="Mend the files named and load again.")
        self.mistakes = mistakes


class SettingsError(GovernError):
    """A GOVERN_* variable is unknown or has a value that cannot be used."""

    code = "settings"


class LedgerError(GovernError):
    """The ledger cannot take or give what was asked of it."""

    code = "ledger"


class LedgerUnavailable(LedgerError):
    """The entry could not be written, so nothing was changed (database away, disk full, clock wrong)."""

    code = "ledger-unavailable"


class ProofRefused(LedgerError):
    """A note, checkpoint or proof is malformed or does not verify."""

    code = "proof-refused"


class Altered(LedgerError):
    """Verification found facts, ledger rows or blobs that are not what was recorded."""

    code = "altered"


class BlobMissing(GovernError):
    """The vault does not hold the bytes that a fact names."""

    code = "blob-missing"


class Unreadable(GovernError):
    """A reader could not make sense of a file; the bytes are kept all the same."""

    code = "unreadable"


@dataclass(frozen=True)
class Answer:
    """What the doors say to an error: an HTTP status, a title for it, and the exit code of a command."""

    status: int
    title: str
    exit_code: int


_ANSWERS: dict[type[GovernError], Answer] = {
    GovernError: Answer(500, "Something went wrong here", 70),
    InputRefused: Answer(422, "This cannot be taken as it is", 65),
    TooLarge: Answer(413, "Too large", 65),
    NotFound: Answer(404, "Not found", 66),
    NotSignedIn: Answer(401, "Sign in first", 77),
    NotAllowed: Answer(403, "Not allowed", 77),
    Conflict: Answer(409, "Something is in the way", 75),
    StaleForm: Answer(412, "This has changed since you opened it", 75),
    CatalogueError: Answer(500, "The catalogue has mistakes", 78),
    SettingsError: Answer(500, "A setting cannot be used", 78),
    LedgerError: Answer(500, "The ledger refused", 74),
    LedgerUnavailable: Answer(503, "Nothing was changed", 75),
    ProofRefused: Answer(422, "The proof does not verify", 1),
    Altered: Answer(500, "Records were altered", 1),
    BlobMissing: Answer(500, "The bytes are missing", 74),
    Unreadable: Answer(422, "The file could not be read", 65),
}


def answer_of(error: GovernError) -> Answer:
    """The answer of the nearest named class among the error's own and its parents."""
    for cause in type(error).__mro__:
        if cause in _ANSWERS:
            return _ANSWERS[cause]
    return _ANSWERS[GovernError]


