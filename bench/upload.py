"""A large upload beside `cp` and `sha256sum` of the same file, and the memory of a server process meanwhile."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

GIB = 1024**3


def _write(path: Path, size: int) -> None:
    block = os.urandom(1 << 20)
    with path.open("wb") as file:
        for _ in range(size >> 20):
            file.write(block)


def _memory(pid: int) -> int:
    """Largest resident size in MiB of a process and its children."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = status.read_text()
        except OSError:
            continue
        parent = re.search(r"^PPid:\s+(\d+)", words, re.M)
        peak = re.search(r"^VmHWM:\s+(\d+)", words, re.M)
        if parent and peak and int(parent[1]) == pid:
            found = max(found, int(peak[1]) // 1024)
    return found


def start(data: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """Start a server on an installed data folder; gives it and the seconds to the first page."""
    began = time.monotonic()
    server = subprocess.Popen([sys.executable, "-m", "govern.cli", "serve", "--port", str(port)],
                              env={**os.environ, "GOVERN_DATA": str(data)}, stdout=subprocess.DEVNULL)
    while True:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/sign-in").status_code == 200:
                return server, time.monotonic() - began
        except httpx.TransportError:
            time.sleep(0.02)


def upload(data: Path, size: int = GIB) -> None:
    """Print seconds, the ratio, and the peak memory of a worker."""
    server, first = start(data, 8765)
    try:
        idle = _memory(server.pid)
        with tempfile.TemporaryDirectory(dir=data) as folder:
            file = Path(folder) / "large.bin"
            _write(file, size)
            pairs, token = [], _token(data)
            for turn in range(3):
                began = time.monotonic()
                shutil.copyfile(file, Path(folder) / "copy.bin")
                subprocess.run(["sha256sum", str(file)], check=True, stdout=subprocess.DEVNULL)
                subprocess.run(["sync", str(Path(folder) / "copy.bin")], check=True)
                copied = time.monotonic() - began
                with file.open("r+b") as changed:
                    changed.write(turn.to_bytes(8, "big"))
                began = time.monotonic()
                _send(token, file)
                pairs.append((time.monotonic() - began, copied))
            sent, copied = sorted(pairs)[1]
            print(f"\nstart to first page        {first:>8.2f} s")
            print(f"upload of {size >> 20} MiB        {sent:>8.2f} s, cp + sha256sum {copied:.2f} s, "
                  f"ratio {sent / copied:.2f}")
            print(f"worker's peak memory       {_memory(server.pid):>8} MiB, before the upload {idle} MiB")
    finally:
        server.terminate()
        server.wait()


def _token(data: Path) -> str:
    return subprocess.run(
        [sys.executable, "-m", "govern.cli", "token", "create", "--owner", "officer@bench.example", "--name", "bench",
         "--all", "--days", "2"],
        env={**os.environ, "GOVERN_DATA": str(data)}, check=True, capture_output=True, text=True).stdout.split("\n")[0]


def _send(token: str, file: Path) -> None:
    """By curl, whose own time hardly counts, as a pipeline does it."""
    address = f"http://127.0.0.1:8765/api/v1/systems/system-100/evidence?title=Large+{time.time()}&kind=policy&filename=large.bin"
    answer = subprocess.run(
        ["curl", "-sS", "-X", "POST", "-T", str(file), "-H", f"Authorization: Bearer {token}", "-H", "Expect:",
         "-H", "Content-Type: application/octet-stream", "-w", "%{http_code}", address],
        check=True, capture_output=True, text=True).stdout
    if not answer.endswith("201"):
        print(answer[:500])


