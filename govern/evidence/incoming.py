"""Bytes on their way into the vault: hashed and counted as they are written, kept under no name that anybody
reads.

The object can be handed to Werkzeug as the target of a multipart upload (`stream_factory`), so that a file
reaches the vault's file system once and is never copied: Werkzeug writes, seeks to the start, and the action
finishes it.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from govern.errors import FileRefused, LedgerUnavailable, TooLarge
from govern.evidence.blob import HEAD, Blob

CHUNK = 1024 * 1024
Settle = Callable[[Path, int, Blob], None]


class VaultUnavailable(LedgerUnavailable):
    """The vault cannot take or give bytes just now (disk full, no permission, disk fault); nothing was
    changed.
    """

    code = "vault-unavailable"


_FULL = "Make room and send the file again."
_ALLOW = "Let the server write to the folder and send the file again."
_CAUSES = {
    errno.ENOSPC: ("The disk that holds the evidence is full", _FULL),
    errno.EDQUOT: ("The quota on the disk that holds the evidence is used up", _FULL),
    errno.EROFS: ("The disk that holds the evidence is read-only", _ALLOW),
    errno.EACCES: ("The server may not write to the folder that holds the evidence", _ALLOW),
    errno.EPERM: ("The server may not write to the folder that holds the evidence", _ALLOW),
    errno.EMFILE: ("The server has too many files open", "Send the file again in a moment."),
}


def unavailable(error: OSError) -> VaultUnavailable:
    """What a failed call of the operating system means to the sender."""
    text, mend = _CAUSES.get(error.errno or 0, (
        f"The disk that holds the evidence failed ({errno.errorcode.get(error.errno or 0, 'unknown')})",
        "Look at the disk, then send the file again."))
    return VaultUnavailable(f"{text}; the file was not kept.", mend=mend)


class Incoming(io.RawIOBase):
    """One file being received. Write it, then `finish`; `discard` or `close` without finishing leaves
    nothing.

    Writing goes on from the end only, so that the digest is that of the file. After the first `seek` it can
    only be read. `settle` is given the temporary file, its open descriptor and the blob, and names it.
    """

    def __init__(self, folder: Path, limit: int, settle: Settle) -> None:
        super().__init__()
        self._limit, self._settle = limit, settle
        self._hash = hashlib.sha256()
        self._size, self._head = 0, bytearray()
        self._sealed = False
        self.blob: Blob | None = None
        self._path = folder / f"{uuid.uuid4().hex}.part"
        self._fd = -1
        try:
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unavailable(error) from error

    # -- the side of the sender: a binary file ---------------------------------------------------------------

    def writable(self) -> bool:
        """True until the first seek."""
        return not self._sealed

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Take the next bytes. Raises TooLarge beyond the limit and VaultUnavailable; either discards the
        file.
        """
        if self._sealed or self._fd < 0:
            raise io.UnsupportedOperation("this file takes no more bytes")
        view = memoryview(data).cast("B")
        for start in range(0, len(view), CHUNK):
            self._take(view[start : start + CHUNK])
        return len(view)

    def _take(self, chunk: memoryview) -> None:
        if self._size + len(chunk) > self._limit:
            self.discard()
            raise TooLarge(f"The file is larger than the {self._limit:,} bytes that are taken.", field="file",
                           mend="Send it in parts, or ask the administrator for a higher limit.")
        rest = chunk
        try:
            while rest:
                rest = rest[os.write(self._fd, rest):]
        except OSError as error:
            self.discard()
            raise unavailable(error) from error
        self._hash.update(chunk)
        self._size += len(chunk)
        if len(self._head) < HEAD:
            self._head += chunk[: HEAD - len(self._head)]

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the present place; 0 at the end."""
        data = os.read(self._open_fd(), len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place for reading; from now on nothing more is taken."""
        self._sealed = True
        return os.lseek(self._open_fd(), offset, whence)

    def tell(self) -> int:
        """The present place in bytes."""
        return os.lseek(self._open_fd(), 0, os.SEEK_CUR)

    def fileno(self) -> int:
        """The descriptor of the temporary file."""
        return self._open_fd()

    def _open_fd(self) -> int:
        if self._fd < 0:
            raise ValueError("I/O operation on closed file")
        return self._fd

    # -- the side of the vault -------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Bytes taken so far."""
        return self._size

    def finish(self) -> Blob:
        """Make the bytes durable and name them by their digest; a second call gives the same blob.

        Raises FileRefused for an empty file, VaultUnavailable when the disk fails, Altered when the vault
        holds other bytes under this digest. Whatever is raised, no name has been given to wrong bytes.
        """
        if self.blob:
            return self.blob
        if self._fd < 0:
            raise ValueError("the file was discarded")
        if not self._size:
            self.discard()
            raise FileRefused("The file is empty.", mend="Send the file with the evidence.", field="file")
        blob = Blob(self._hash.hexdigest(), self._size, bytes(self._head))
        self._sealed = True
        try:
            os.fsync(self._fd)
            os.fchmod(self._fd, 0o444)
            self._settle(self._path, self._fd, blob)
        except OSError as error:
            raise unavailable(error) from error
        finally:
            self.discard()
        self.blob = blob
        return blob

    def discard(self) -> None:
        """Forget the bytes that were not finished; safe to call again and at any time."""
        if self._fd >= 0:
            descriptor, self._fd = self._fd, -1
            with suppress(OSError):  # on a failing disk the sweep removes what stays behind
                os.close(descriptor)
                self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """As `discard`: a request that ends without finishing leaves nothing behind."""
        self.discard()
        super().close()


def copy_all(stream: BinaryIO, target: Incoming) -> None:
    """Move a stream into the vault's file in bounded chunks; what is read failing discards the file."""
    try:
        while chunk := stream.read(CHUNK):
            target.write(chunk)
    except BaseException:
        target.discard()
        raise
