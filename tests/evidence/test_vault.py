"""The vault keeps what it was given, under its digest and under nothing else."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.errors import (
    Altered,
    BlobMissing,
    FileRefused,
    SettingsError,
    TooLarge,
    answer_of,
)
from govern.evidence.vault import FileVault, vault_at

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


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(min_size=1, max_size=5000))
def test_gives_back_what_it_was_given(vault: FileVault, data: bytes) -> None:
    blob = vault.receive(io.BytesIO(data), MIB)
    assert (blob.sha256, blob.size, blob.head) == (digest(data), len(data), data)
    with vault.open(blob.sha256) as file, vault.local(blob.sha256) as path:
        assert file.read() == path.read_bytes() == data
    assert vault.has(blob.sha256)
    assert vault.size(blob.sha256) == len(data)
    assert vault.verify(blob.sha256) is None
    assert blob.sha256 in set(vault.names())
    assert left_over(vault) == []


def test_blob_is_read_only_and_private(vault: FileVault) -> None:
    path = file_of(vault, keep(vault, b"x"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.stat().st_nlink == 1
    assert stat.S_IMODE(vault.root.stat().st_mode) == 0o700


def test_head_is_the_first_64_kib(vault: FileVault) -> None:
    data = os.urandom(200_000)
    target = vault.incoming(MIB)
    for start in range(0, len(data), 999):
        target.write(data[start : start + 999])
    assert target.finish().head == data[:65_536]


class Chunks(io.RawIOBase):
    """A long stream that costs no memory."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.largest = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= MIB
        take = min(size, self.left)
        self.left -= take
        return bytes(take)


def test_long_stream_takes_flat_memory(vault: FileVault) -> None:
    tracemalloc.start()
    try:
        blob = vault.receive(cast(BinaryIO, Chunks(64 * MIB)), 64 * MIB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert blob.size == 64 * MIB
    assert peak < 5 * MIB


@pytest.mark.parametrize(("size", "taken"), [(99, True), (100, True), (101, False), (5000, False)])
def test_limit(vault: FileVault, size: int, taken: bool) -> None:
    if taken:
        assert vault.receive(io.BytesIO(b"x" * size), 100).size == size
    else:
        stream = Chunks(size)
        with pytest.raises(TooLarge) as caught:
            vault.receive(cast(BinaryIO, stream), 100)
        assert answer_of(caught.value).status == 413
        assert list(vault.names()) == []
    assert left_over(vault) == []


def test_limit_stops_while_streaming(vault: FileVault) -> None:
    stream = Chunks(50 * MIB)
    with pytest.raises(TooLarge):
        vault.receive(cast(BinaryIO, stream), 2 * MIB)
    assert stream.left >= 46 * MIB


def test_empty_file_is_refused(vault: FileVault) -> None:
    with pytest.raises(FileRefused, match="empty"):
        vault.receive(io.BytesIO(b""), 100)
    assert left_over(vault) == []


def test_sender_that_breaks_off_leaves_nothing(vault: FileVault) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            if self.tell_reads:
                raise ConnectionResetError
            self.tell_reads += 1
            return b"half"

        tell_reads = 0

    with pytest.raises(ConnectionResetError):
        vault.receive(cast(BinaryIO, Broken()), 100)
    assert left_over(vault) == []
    assert list(vault.names()) == []


def test_same_bytes_again_are_the_same_blob(vault: FileVault) -> None:
    first = keep(vault, b"same")
    inode = file_of(vault, first).stat().st_ino
    assert keep(vault, b"same") == first
    assert file_of(vault, first).stat().st_ino == inode
    assert left_over(vault) == []
    assert list(vault.names()) == [first]


def test_wrong_bytes_under_the_digest_are_never_acknowledged(vault: FileVault) -> None:
    name = digest(b"right")
    path = file_of(vault, name)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"wrong")
    with pytest.raises(Altered):
        keep(vault, b"right")
    assert path.read_bytes() == b"wrong"


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"other"),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.unlink(),
    ],
)
def test_verify_finds_changes(vault: FileVault, change: Callable[[Path], object]) -> None:
    name = keep(vault, b"evidence")
    path = file_of(vault, name)
    path.chmod(0o600)
    change(path)
    assert name in (vault.verify(name) or "")


@pytest.mark.parametrize(
    "name", ["", "a", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63, "a" * 64 + "\n", "a" * 64]
)
def test_unknown_and_odd_names(vault: FileVault, name: str) -> None:
    keep(vault, b"x")
    assert not vault.has(name)
    assert vault.forget(name) is False
    assert vault.verify(name)
    for ask in (vault.open, vault.size, vault.local):
        with pytest.raises(BlobMissing):
            ask(name)


def test_forget_removes_for_good(vault: FileVault) -> None:
    name, other = keep(vault, b"x"), keep(vault, b"y")
    assert vault.forget(name) is True
    assert not vault.has(name)
    assert list(vault.names()) == [other]


def test_names_pass_over_what_is_no_blob(vault: FileVault) -> None:
    name = keep(vault, b"x")
    file_of(vault, name).with_name("notes.txt").write_text("x")
    (vault.root / "sha256" / "stray").write_text("x")
    (vault.root / "sha256" / "ff" / "ff").mkdir(parents=True, exist_ok=True)
    (vault.root / "sha256" / "ff" / "ff" / name).write_text("misplaced")
    assert list(vault.names()) == [name]


# -- the sweep ---------------------------------------------------------------


def age(path: Path, hours: float) -> None:
    path.chmod(0o600)
    os.utime(path, (1_000_000 - hours * 3600, 1_000_000 - hours * 3600))


NOW = 1_000_000_000


def test_sweep_removes_old_orphans_only(vault: FileVault) -> None:
    kept, old, young = (keep(vault, data) for data in (b"kept", b"old", b"young"))
    for name, hours in ((kept, 50), (old, 50), (young, 23)):
        age(file_of(vault, name), hours)
    stale, fresh = (vault.root / "incoming" / name for name in ("stale.part", "fresh.part"))
    for path, hours in ((stale, 25), (fresh, 1)):
        path.write_bytes(b"half")
        age(path, hours)
    asked: list[str] = []
    removed = vault.sweep(lambda name: asked.append(name) or name == kept, 24 * HOUR, NOW)  # type: ignore[func-returns-value]
    assert removed == ["incoming/stale.part", old]
    assert set(vault.names()) == {kept, young}
    assert left_over(vault) == ["fresh.part"]
    assert set(asked) == {kept, old}


def test_sweep_spares_what_is_received_again_while_it_asks(vault: FileVault) -> None:
    name = keep(vault, b"twice")
    age(file_of(vault, name), 50)

    def asked(sha256: str) -> bool:
        assert keep(vault, b"twice") == sha256
        return False

    assert vault.sweep(asked, 24 * HOUR, NOW) == []
    assert vault.has(name)


def test_receiving_again_starts_the_grace_again(vault: FileVault) -> None:
    name = keep(vault, b"again")
    age(file_of(vault, name), 50)
    keep(vault, b"again")
    assert vault.sweep(lambda _: False, 24 * HOUR, NOW) == []


# -- where it is ---------------------------------------------------------------


def test_vault_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url, root in (
        (f"file://{tmp_path}/a b", tmp_path / "a b"),
        (f"file:{tmp_path}/c%20d", tmp_path / "c d"),
        (f"file://localhost{tmp_path}/e", tmp_path / "e"),
        ("file:var/vault", Path("var/vault")),
    ):
        vault = vault_at(url)
        assert isinstance(vault, FileVault)
        assert vault.root == root
        assert vault.receive(io.BytesIO(b"x"), 9).size == 1


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("s3://bucket/prefix", "not available yet"),
        ("s3:", "not available yet"),
        ("", "no vault"),
        ("file:", "no vault"),
        ("file://host/x", "no vault"),
        ("/var/vault", "no vault"),
        ("http://x/y", "no vault"),
    ],
)
def test_vault_at_refuses(url: str, word: str) -> None:
    with pytest.raises(SettingsError, match=word) as caught:
        vault_at(url)
    assert "file:" in caught.value.mend


def test_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    with pytest.raises(SettingsError, match="cannot be used"):
        FileVault(tmp_path / "plain" / "vault")
