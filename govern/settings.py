"""Settings: GOVERN_* environment variables, typed and documented here; an unknown one is refused with a suggestion."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from govern.errors import SettingsError

PREFIX = "GOVERN_"
OUTSIDE = frozenset({"GOVERN_SHARED", "GOVERN_TEST_POSTGRESQL", "GOVERN_TOKEN", "GOVERN_URL"})
"""Variables of the tests and of clients, which the server does not read."""


@dataclass(frozen=True)
class Settings:
    """What an operator can set. The docstring of each field is what docs/settings.md says of it."""

    data: Path = Path("var")
    """GOVERN_DATA: folder for the database, the vault, the signing key and caches. Default: var"""
    database_url: str = ""
    """GOVERN_DATABASE_URL: sqlite:///path or postgresql://user@host/name. Default: govern.db in the data folder"""
    vault_url: str = ""
    """GOVERN_VAULT_URL: file:/path of the folder with the evidence bytes. Default: vault in the data folder"""
    organisation: str = "Our organisation"
    """GOVERN_ORGANISATION: the name that pages and exports carry. Default: Our organisation"""
    origin: str = "govern.local"
    """GOVERN_ORIGIN: the ledger's name in checkpoints, a host name you own. Default: govern.local"""
    upload_limit: int = 4 * 1024**3
    """GOVERN_UPLOAD_LIMIT: largest file in bytes. Default: 4294967296 (4 GiB)"""
    session_hours: int = 12
    """GOVERN_SESSION_HOURS: hours after which one signs in again, used or not. Default: 12"""
    idle_minutes: int = 60
    """GOVERN_IDLE_MINUTES: minutes without a request after which one signs in again. Default: 60"""
    behind_tls: bool = False
    """GOVERN_BEHIND_TLS: yes when people reach the server by https; cookies are then Secure and __Host-. Default: no"""
    checkpoint_file: str = ""
    """GOVERN_CHECKPOINT_FILE: a file, best on another machine, to which every signed checkpoint is appended. Default: none"""
    workers: int = 2
    """GOVERN_WORKERS: server processes. Default: 2"""

    @property
    def database(self) -> str:
        """The database URL, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.data / 'govern.db').resolve()}"

    @property
    def vault(self) -> str:
        """The vault URL, with the default filled in."""
        return self.vault_url or f"file:{(self.data / 'vault').resolve()}"


def _typed(name: str, text: str, kind: object) -> object:
    variable = PREFIX + name.upper()
    if kind == "int":
        if not text.isascii() or not text.isdigit() or int(text) == 0:
            raise SettingsError(f"{variable} is “{text}”, which is no whole number above 0.", mend="Write digits only.")
        return int(text)
    if kind == "bool":
        if text.lower() not in ("yes", "no", "true", "false", "1", "0"):
            raise SettingsError(f"{variable} is “{text}”.", mend="Write yes or no.")
        return text.lower() in ("yes", "true", "1")
    return Path(text) if kind == "Path" else text


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; raises SettingsError, naming the variable and the mend."""
    given = os.environ if environment is None else environment
    known = {field.name: field.type for field in fields(Settings)}
    values: dict[str, object] = {}
    for variable, text in given.items():
        if not variable.startswith(PREFIX) or variable in OUTSIDE:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {PREFIX}{near[0].upper()}?" if near else f"Known are: {', '.join(sorted(known))}."
            raise SettingsError(f"{variable} is no setting of Govern.", mend=hint)
        if text != "":
            values[name] = _typed(name, text, known[name])
    return Settings(**values)  # type: ignore[arg-type] # each value was made with its field's own type
