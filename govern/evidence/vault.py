"""The vault: evidence as bytes, each set of bytes under its SHA-256, written once and never over.

A file is written to `incoming/`, made durable, made read-only and then linked to `sha256/ab/cd/<digest>`. A
crash between any two steps leaves either nothing under that name or all of it; what is left in `incoming/`,
and blobs that no fact names, a sweep removes after a grace period. The grace has to be longer than an upload
and a backup together.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, BinaryIO, Protocol, cast
from urllib.parse import unquote, urlsplit

from govern.errors import Altered, BlobMissing, SettingsError
from govern.evidence.blob import DIGEST, Blob
from govern.evidence.incoming import CHUNK, Incoming, copy_all, unavailable


class Vault(Protocol):
    """Keeps blobs by digest. Digests are lower-case hex SHA-256 everywhere; anything else raises BlobMissing.
    """

    def incoming(self, limit: int) -> Incoming:
        """A file to write to that takes at most `limit` bytes; its `finish` gives the blob."""
        ...

    def receive(self, stream: BinaryIO, limit: int) -> Blob:
        """Keep a whole stream. Raises TooLarge, FileRefused (empty), VaultUnavailable, Altered."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, for reading. Raises BlobMissing."""
        ...

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """A path on this machine under which the bytes can be read while the context lasts. Raises
        BlobMissing.
        """
        ...

    def size(self, sha256: str) -> int:
        """The size in bytes. Raises BlobMissing."""
        ...

    def has(self, sha256: str) -> bool:
        """True when bytes are kept under the digest (their content is `verify`'s business)."""
        ...

    def verify(self, sha256: str) -> str | None:
        """Hash the bytes again: None when they are what the name says, else what is wrong."""
        ...

    def names(self) -> Iterator[str]:
        """The digests of all blobs, in order within each folder."""
        ...

    def forget(self, sha256: str) -> bool:
        """Remove the bytes for good (redaction); False when they were not there."""
        ...

    def sweep(self, keep: Callable[[str], bool], grace_ms: int, now_ms: int) -> list[str]:
        """Remove what nothing refers to and is older than the grace; names what was removed."""
        ...


class FileVault:
    """A vault in a folder of a local file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._blobs, self._incoming, self._lock = root / "sha256", root / "incoming", root / "lock"
        try:
            for folder in (root, self._blobs, self._incoming):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.touch(mode=0o600)
        except OSError as error:
            raise SettingsError(f"The vault folder {root} cannot be used: {error.strerror}.",
                                mend="Name a folder that the server may write to.") from error

    def incoming(self, limit: int) -> Incoming:
        """A file to write to, on the vault's own file system."""
        return Incoming(self._incoming, limit, self._settle)

    def receive(self, stream: BinaryIO, limit: int) -> Blob:
        """Keep a whole stream, read once in chunks of 1 MiB."""
        target = self.incoming(limit)
        copy_all(stream, target)
        return target.finish()

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, for reading."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise _missing(sha256) from error
        except OSError as error:
            raise unavailable(error) from error

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """The blob's own path; never write to it."""
        if not self.has(sha256):
            raise _missing(sha256)
        return nullcontext(self._path(sha256))

    def size(self, sha256: str) -> int:
        """The size in bytes."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError as error:
            raise _missing(sha256) from error

    def has(self, sha256: str) -> bool:
        """True when a file stands under the digest."""
        return bool(DIGEST.fullmatch(sha256)) and self._path(sha256).is_file()

    def verify(self, sha256: str) -> str | None:
        """Hash the bytes again, in chunks."""
        if not self.has(sha256):
            return f"The vault holds no bytes for {sha256}."
        found = hashlib.sha256()
        try:
            with self._path(sha256).open("rb", buffering=0) as file:
                while chunk := file.read(CHUNK):
                    found.update(chunk)
        except OSError as error:
            return f"The bytes of {sha256} cannot be read ({error.strerror})."
        if found.hexdigest() != sha256:
            return f"The bytes kept for {sha256} hash to {found.hexdigest()}."
        return None

    def names(self) -> Iterator[str]:
        """All digests; files that are no blobs are passed over."""
        for first in sorted(self._blobs.iterdir()):
            for second in sorted(first.iterdir()) if first.is_dir() else ():
                for file in sorted(second.iterdir()) if second.is_dir() else ():
                    if DIGEST.fullmatch(file.name) and file == self._path(file.name):
                        yield file.name

    def forget(self, sha256: str) -> bool:
        """Remove the bytes for good."""
        if not self.has(sha256):
            return False
        try:
            with self._locked(fcntl.LOCK_EX):
                self._path(sha256).unlink(missing_ok=True)
                _sync_folder(self._path(sha256).parent)
        except OSError as error:
            raise unavailable(error) from error
        return True

    def sweep(self, keep: Callable[[str], bool], grace_ms: int, now_ms: int) -> list[str]:
        """Remove old blobs for which `keep` says no, and what was left over in `incoming/`.

        A blob's age counts from when it was last received, so that bytes which somebody is just sending again
        stay.
        """
        removed = []
        for file in sorted(self._incoming.iterdir()):
            if _older(file, now_ms - grace_ms):
                file.unlink(missing_ok=True)
                removed.append(f"incoming/{file.name}")
        for sha256 in list(self.names()):
            path = self._path(sha256)
            if not _older(path, now_ms - grace_ms) or keep(sha256):
                continue
            with self._locked(fcntl.LOCK_EX):
                # Looked at again under the lock: it may have been received once more while `keep` was asked.
                if _older(path, now_ms - grace_ms):
                    path.unlink(missing_ok=True)
                    removed.append(sha256)
        return removed

    def _path(self, sha256: str) -> Path:
        if not DIGEST.fullmatch(sha256):
            raise BlobMissing("This is not the digest of a blob.")
        return self._blobs / sha256[:2] / sha256[2:4] / sha256

    def _settle(self, temporary: Path, descriptor: int, blob: Blob) -> None:
        """Name durable bytes by their digest. Bytes that are there already stay; their age begins again."""
        path = self._path(blob.sha256)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = False
        with self._locked(fcntl.LOCK_SH):
            try:
                os.link(temporary, path)
            except FileExistsError:
                there = True
                os.utime(path)
        # All three levels, always: another process may have made a folder and crashed before it was durable.
        for folder in (path.parent, path.parent.parent, self._blobs):
            _sync_folder(folder)
        fault = self.verify(blob.sha256) if there else None
        if fault:
            raise Altered(fault, mend="Run `govern verify`, and bring the blob back from a backup.")

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Held only around naming and removing: without it a sweep could remove what was just received again.
        """
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, how)
            yield
        finally:
            os.close(descriptor)


def vault_at(url: str) -> Vault:
    """The vault that GOVERN_VAULT_URL names: `file:` and a path. Raises SettingsError for anything else."""
    parts = urlsplit(url)
    if parts.scheme == "s3":
        raise SettingsError("GOVERN_VAULT_URL: object stores (s3:) are not available yet.",
                            mend="Use file: and a folder, such as file:///var/lib/govern/vault.")
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not path or "\0" in path:
        raise SettingsError(f"GOVERN_VAULT_URL: {url!r} names no vault.",
                            mend="Use file: and a folder, such as file:///var/lib/govern/vault.")
    return FileVault(Path(path))


def stream_factory(vault: Vault, limit: int) -> Callable[..., IO[bytes]]:
    """For Werkzeug's form parser: each file of a multipart upload streams straight into the vault.

    The action then takes the uploaded file's `stream`, an Incoming, and calls `finish`; what is not finished
    is discarded when the request closes its files.
    """
    def target(total_content_length: int | None, content_type: str | None, filename: str | None,
               content_length: int | None = None) -> IO[bytes]:
        return cast(IO[bytes], vault.incoming(limit))
    return target


def _missing(sha256: str) -> BlobMissing:
    return BlobMissing(f"The vault holds no bytes for {sha256}.", mend="Bring the blob back from a backup.")


def _older(path: Path, than_ms: int) -> bool:
    try:
        return path.stat().st_mtime_ns // 1_000_000 < than_ms
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
