"""`make bench`: builds once in var/bench, then prints figures and ratios."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.build import built
from bench.incoming import incoming
from bench.looking import looking
from bench.pages import pages
from bench.rules import rules
from bench.upload import upload


def first_demo() -> None:
    """A first database with the demo organisation."""
    folder = tempfile.mkdtemp(prefix="govern-bench-")
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "govern.cli", "demo"], env={**os.environ, "GOVERN_DATA": folder}, check=True,
                   stdout=subprocess.DEVNULL)
    print(f"first database and demo    {time.monotonic() - began:>8.2f} s")
    shutil.rmtree(folder)


def main() -> None:
    """Build and measure."""
    data = Path(os.environ.get("BENCH_DATA", "var/bench")).resolve()
    began = time.monotonic()
    house = built(data)
    print(f"200 systems, 20,000 versions: ready after {time.monotonic() - began:.0f} s (built once)")
    rules(house)
    pages(house)
    looking(house)
    upload(data)
    incoming()
    first_demo()


main()
