"""Finds the folders that lie beside the package: controls, templates, static, migrations, seed."""

from __future__ import annotations

import sys
from pathlib import Path

from govern.errors import SettingsError


def folder(name: str) -> Path:
    """The folder of this name, in a checkout or (share/govern) in an installed wheel; raises SettingsError."""
    for place in (Path(__file__).parent.parent, Path(sys.prefix) / "share" / "govern"):
        if (place / name).is_dir():
            return place / name
    raise SettingsError(f"The folder {name} is neither beside the package nor installed with it.",
                        mend="Install Govern again.")
