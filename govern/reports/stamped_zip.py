"""A ZIP archive whose bytes depend on its contents alone: every entry carries one given time."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from govern.facts.moments import Instant, datetime_of

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # ZIP knows no earlier time


class StampedZip(ZipFile):
    """A ZipFile for writing that dates every entry at `instant`, UTC, and leaves out files' modes."""

    def __init__(self, target: BinaryIO, instant: Instant) -> None:
        super().__init__(target, "w", ZIP_DEFLATED)
        self._date = max(_EARLIEST, _date_of(datetime_of(instant)))

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        """Add `data` (text or bytes) under a name."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(self._info(name), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Add a file from disk under `arcname`, or under its own name."""
        info = self._info(str(arcname or filename))
        info.file_size = os.stat(filename).st_size
        with Path(filename).open("rb") as source, self.open(info, "w") as kept:
            shutil.copyfileobj(source, kept)

    def _info(self, name: str) -> ZipInfo:
        info = ZipInfo(name, self._date)
        info.compress_type = ZIP_DEFLATED
        info.create_system = 0
        return info


def _date_of(when: datetime) -> tuple[int, int, int, int, int, int]:
    return when.year, when.month, when.day, when.hour, when.minute, when.second
