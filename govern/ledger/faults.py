"""What verification says of something that is not as it was recorded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: `code` for programs, `where` names it, `text` says what is wrong."""

    code: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"
