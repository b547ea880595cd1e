"""Whatever breaks on the way into the vault, no name ever stands over wrong bytes, and the sender is told."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from govern.errors import (
    LedgerUnavailable,
    answer_of,
)
from govern.evidence.incoming import VaultUnavailable
from govern.evidence.vault import FileVault

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


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("step", ["open", "write", "fsync", "fchmod", "link"])
def test_failing_disk_is_said_and_leaves_nothing_wrong(
    vault: FileVault, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as broken:
        broken.setattr(os, step, fails)
        with pytest.raises(VaultUnavailable) as caught:
            keep(vault, b"precious")
    assert isinstance(caught.value, LedgerUnavailable)
    assert answer_of(caught.value).status == 503
    assert caught.value.mend
    assert left_over(vault) == []
    assert list(vault.names()) == []
    assert keep(vault, b"precious") == digest(b"precious")


def test_folder_that_cannot_be_made_durable(vault: FileVault, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter([None, OSError(errno.EIO, "bad")])
    real = os.fsync

    def second_fails(descriptor: int) -> None:
        if fault := next(calls, None):
            raise fault
        real(descriptor)

    monkeypatch.setattr(os, "fsync", second_fails)
    with pytest.raises(VaultUnavailable):
        keep(vault, b"precious")
    assert sound(vault)
    assert left_over(vault) == []


def test_short_writes_are_continued(vault: FileVault, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:7]))
    assert keep(vault, b"precious bytes, many of them") == digest(b"precious bytes, many of them")
    assert sound(vault)


KILLED = textwrap.dedent("""
    import io, os, signal, sys
    from pathlib import Path
    from govern.evidence.vault import FileVault
    step, after, root = sys.argv[1], sys.argv[2] == "after", Path(sys.argv[3])
    vault = FileVault(root)
    real = getattr(os, step)
    def kill(*args, **kwargs):
        if not after:
            os.kill(os.getpid(), signal.SIGKILL)
        real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(os, step, kill)
    vault.receive(io.BytesIO(b"evidence " * 100_000), 10_000_000)
""")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["write", "fsync", "fchmod", "link"])
def test_killed_between_steps(tmp_path: Path, step: str, when: str) -> None:
    root = tmp_path / "vault"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, step, when, str(root)],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr
    vault = FileVault(root)
    assert sound(vault)
    assert list(vault.names()) == (
        [digest(b"evidence " * 100_000)] if (step, when) == ("link", "after") else []
    )
    assert len(left_over(vault)) == 1
    far_ahead = 10**15
    assert len(vault.sweep(lambda _: True, HOUR, far_ahead)) == 1
    assert left_over(vault) == []
    assert sound(vault)


def test_many_at_once(vault: FileVault) -> None:
    contents = [b"%d" % (number % 5) * 1000 for number in range(40)]
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda data=data: found.append(keep(vault, data))) for data in contents
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == sorted(map(digest, contents))
    assert set(vault.names()) == set(found)
    assert sound(vault)
    assert left_over(vault) == []
