"""`govern read`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from govern.evidence.reading import read_bounded


@click.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
def read(files: tuple[Path, ...], as_json: bool) -> None:
    """Recognise local files and show what they say; no server is needed.

    Exit code 65 when a file could not be read.

    Example: govern read garak.report.jsonl --json
    """
    failed = False
    for path in files:
        reading = read_bounded(path, path.name)
        recognised, findings = reading.recognised, reading.findings
        failed = failed or reading.problem is not None
        stated = dict(findings.stated) if findings else {}
        if as_json:
            click.echo(json.dumps({
                "file": str(path), "format": recognised.format, "kind": recognised.kind, "sure": recognised.sure,
                "why": recognised.why, "reader": reading.reader, "stated": stated,
                "notes": list(findings.notes) if findings else [], "problem": reading.problem}))
            continue
        click.echo(f"{path}: {recognised.format or 'not recognised'}"
                   + (f", {recognised.kind} ({recognised.sure} % sure: {recognised.why})" if recognised.kind else ""))
        for name, value in sorted(stated.items()):
            click.echo(f"    {name:<28} {value}")
        for note in findings.notes if findings else ():
            click.echo(f"    note: {note}")
        if reading.problem:
            click.echo(f"    could not be read: {reading.problem}", err=True)
    if failed:
        sys.exit(65)


COMMANDS = (read,)
