"""Names of files as senders give them, made inert before anything keeps or shows them."""

from __future__ import annotations

import re
import unicodedata

from govern.errors import FileRefused

MOST = 200
_LONGEST_EXTENSION = 20
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FOR_SHELLS_AND_SYSTEMS = re.compile(r'[<>:"|?*]')


def clean_name(name: str) -> str:
    """The last part of a name, without anything that a path, a terminal or a browser could act on.

    Folders, NUL and other control characters, bidirectional and invisible characters and unpaired surrogates
    go; characters that file systems refuse become underscores; at most 200 characters stay and the extension
    is kept. Raises FileRefused when nothing is left.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    visible = "".join(char for char in last.replace("\t", " ") if unicodedata.category(char) not in _UNSEEN)
    inert = " ".join(_FOR_SHELLS_AND_SYSTEMS.sub("_", visible).split()).strip(" .")
    if _RESERVED.fullmatch(inert):
        inert = f"_{inert}"
    if not inert.strip("_"):
        raise FileRefused("The file has no usable name.", field="file",
                          mend="Give it a name of letters or digits and send it again.")
    return _shortened(inert)


def _shortened(name: str) -> str:
    if len(name) <= MOST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or not extension or len(extension) > _LONGEST_EXTENSION:
        return name[:MOST].rstrip(" .")
    room = MOST - len(extension) - 1
    return f"{stem[:room].rstrip(' .')}.{extension}"
