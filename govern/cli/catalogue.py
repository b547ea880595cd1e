"""`govern catalogue check` and `govern catalogue show`."""

from __future__ import annotations

from pathlib import Path

import click

from govern.catalogue.loader import load
from govern.catalogue.show import check_report
from govern.catalogue.show import show as words_of
from govern.folders import folder

_FOLDER = click.option("--folder", "path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
                       help="The folder to read; default: the one beside the package.")


@click.group("catalogue")
def catalogue() -> None:
    """The catalogue of controls."""


@catalogue.command("check")
@_FOLDER
def check(path: Path | None) -> None:
    """Read the whole catalogue and tell every mistake with file, line and mend.

    Example: govern catalogue check --folder controls
    """
    for line in check_report(load(path or folder("controls"))):
        click.echo(line)


@catalogue.command("show")
@click.argument("name", required=False)
@_FOLDER
def show(name: str | None, path: Path | None) -> None:
    """Show the catalogue, or a control, ask, framework or kind of evidence, in words.

    Example: govern catalogue show EVA-04
    """
    for line in words_of(load(path or folder("controls")), name):
        click.echo(line)


COMMANDS = (catalogue,)
