"""The file that uploads are written to: read once, kept once, and gone when nobody finishes it."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import cast

import pytest
from werkzeug.formparser import parse_form_data
from werkzeug.test import EnvironBuilder

from govern.errors import (
    TooLarge,
)
from govern.evidence.incoming import Incoming
from govern.evidence.vault import FileVault, stream_factory

MIB = 1024 * 1024
HOUR = 3_600_000


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(vault: FileVault, data: bytes) -> str:
    return vault.receive(io.BytesIO(data), MIB).sha256


def file_of(vault: FileVault, sha256: str) -> Path:
    return vault.root / "sha256" / sha256[:2] / sha256[2:4] / sha256


def left_over(vault: FileVault) -> list[str]:
    return [file.name for file in (vault.root / "incoming").iterdir()]


def sound(vault: FileVault) -> bool:
    """No name stands over other bytes than its own."""
    return all(digest(file_of(vault, name).read_bytes()) == name for name in vault.names())


def test_incoming_is_a_file(vault: FileVault) -> None:
    target = vault.incoming(100)
    assert target.write(b"abc") == 3
    assert target.write(bytearray(b"def")) == 3
    assert target.size == 6
    assert target.seek(0) == 0
    assert target.read(2) == b"ab"
    assert target.tell() == 2
    assert target.read() == b"cdef"
    with pytest.raises(io.UnsupportedOperation):
        target.write(b"more")
    blob = target.finish()
    assert blob.sha256 == digest(b"abcdef")
    assert target.finish() is blob
    target.close()
    assert vault.has(blob.sha256)


def test_incoming_that_is_not_finished_leaves_nothing(vault: FileVault) -> None:
    closed, dropped, discarded = (vault.incoming(100) for _ in range(3))
    for one in (closed, dropped, discarded):
        one.write(b"x")
    closed.close()
    discarded.discard()
    discarded.discard()
    del dropped
    assert left_over(vault) == []
    with pytest.raises(ValueError, match="discarded"):
        discarded.finish()
    with pytest.raises(io.UnsupportedOperation):
        discarded.write(b"x")


def upload(vault: FileVault, limit: int, **files: bytes) -> dict[str, Incoming]:
    body = (
        b"".join(
            b'--b\r\nContent-Disposition: form-data; name="%b"; filename="%b.json"\r\n\r\n%b\r\n'
            % (name.encode(), name.encode(), data)
            for name, data in files.items()
        )
        + b"--b--\r\n"
    )
    environ = EnvironBuilder(
        method="POST",
        input_stream=io.BytesIO(body),
        content_length=len(body),
        content_type="multipart/form-data; boundary=b",
    ).get_environ()
    _, _, found = parse_form_data(environ, stream_factory=stream_factory(vault, limit), silent=False)
    return {name: cast(Incoming, file.stream) for name, file in found.items()}


def test_uploads_stream_straight_into_the_vault(vault: FileVault) -> None:
    data = os.urandom(3 * MIB)
    streams = upload(vault, 4 * MIB, file=data, other=b"never finished")
    assert streams["file"].read(10) == data[:10]
    blob = streams["file"].finish()
    assert (blob.sha256, blob.size) == (digest(data), len(data))
    for stream in streams.values():
        stream.close()
    assert list(vault.names()) == [blob.sha256]
    assert left_over(vault) == []


def test_uploads_over_the_limit_leave_nothing(vault: FileVault) -> None:
    with pytest.raises(TooLarge):
        upload(vault, 1000, small=b"x", large=b"x" * 2000)
    assert left_over(vault) == []
    assert list(vault.names()) == []
