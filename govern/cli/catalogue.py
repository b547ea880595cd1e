"""`govern catalogue check`, `show`, `upgrade`, `import`, `additions` and `remove`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govern.actions.catalogue import (
    Origin,
    Proposal,
    bring_addition,
    propose_addition,
    propose_removal,
    propose_upgrade,
    remove_addition,
    take_upgrade,
)
from govern.actions.office import OPERATOR
from govern.catalogue.difference import difference
from govern.catalogue.loader import load
from govern.catalogue.show import check_figures, check_report
from govern.catalogue.show import show as words_of
from govern.catalogue.show_changes import show_changes
from govern.cli.place import here, reading
from govern.facts.moments import iso_date
from govern.folders import folder
from govern.records.consequences import touched_by
from govern.records.tailoring import brought

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from govern.access.actor import Reader
    from govern.door.visit import House

_FOLDER = click.option("--folder", "path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
                       help="The folder to read; default: the one beside the package.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
_YES = click.option("--yes", is_flag=True, help="Do it without asking, for scripts.")


@click.group("catalogue")
def catalogue() -> None:
    """The catalogue of controls."""


@catalogue.command("check")
@_FOLDER
@_JSON
def check(path: Path | None, as_json: bool) -> None:
    """Read the whole catalogue: every mistake with file, line and mend, or counts and what stays unreached.

    Example: govern catalogue check --folder controls --json
    """
    loaded = load(path or folder("controls"))
    if as_json:
        click.echo(json.dumps(check_figures(loaded), indent=2, ensure_ascii=False))
        return
    for line in check_report(loaded):
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


@catalogue.command("upgrade")
@_YES
def upgrade(yes: bool) -> None:
    """Show what the catalogue of this version changes, and put it in force.

    Additions stay beside it.

    Example: govern catalogue upgrade
    """
    house = here()
    with reading(house) as (connection, reader):
        proposal = propose_upgrade(connection)
        if not _changes(house, connection, reader, proposal):
            return
    if yes or click.confirm("Put it in force?"):
        entry = take_upgrade(house.office, OPERATOR, proposal, house.clock()).entry
        click.echo(f"In force since entry {entry}.")


@catalogue.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default=None, help="For an OSCAL mapping or profile: the framework it is from; “controls” are ours.")
@click.option("--target", default=None, help="For an OSCAL mapping: the framework that it maps to; “controls” are ours.")
@_YES
def import_(files: tuple[Path, ...], source: str | None, target: str | None, yes: bool) -> None:
    """Bring frameworks, controls or mappings: our YAML, a workbook, or an OSCAL catalog, profile or mapping.

    Shows what changes before anything does; nothing is taken in part.

    Example: govern catalogue import own.yaml
    """
    from govern.catalogue.incoming.documents import MOST_BYTES, read_document

    house = here()
    for path in files:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)  # one more than is read says that there is more
        with reading(house) as (connection, reader):
            known = house.office.catalogues.at(connection, None)
            incoming = read_document(path.name, data, known, source=source, target=target)
            for warning in incoming.warnings:
                click.echo(f"Left out: {warning}", err=True)
            proposal = propose_addition(connection, incoming.addition)
            if not _changes(house, connection, reader, proposal):
                continue
        if yes or click.confirm(f"Bring “{incoming.addition.title}” beside the catalogue?"):
            entry = bring_addition(house.office, OPERATOR, incoming.addition, Origin(incoming.format, path.name),
                                   proposal, house.clock()).entry
            click.echo(f"{incoming.addition.id} is in force since entry {entry}.")


@catalogue.command("additions")
@_JSON
def additions(as_json: bool) -> None:
    """List what was brought beside the shipped catalogue.

    Example: govern catalogue additions
    """
    with reading(here()) as (connection, _):
        there = brought(connection)
    if as_json:
        click.echo(json.dumps([{"id": one.name, "title": one.title, "format": one.format, "file": one.filename,
                                "brought": iso_date(one.brought)} for one in there], ensure_ascii=False))
        return
    for one in there:
        click.echo(f"{one.name}  {one.title}  ({one.format}, {one.filename}, {iso_date(one.brought)})")
    if not there:
        click.echo("Nothing was brought beside the shipped catalogue.")


@catalogue.command("remove")
@click.argument("name")
@_YES
def remove(name: str, yes: bool) -> None:
    """Take an addition out of the catalogue; what it proved at past moments stays readable.

    Example: govern catalogue remove own-controls
    """
    house = here()
    with reading(house) as (connection, reader):
        proposal = propose_removal(connection, name)
        _changes(house, connection, reader, proposal)
    if yes or click.confirm(f"Take {name} out?"):
        entry = remove_addition(house.office, OPERATOR, name, proposal, house.clock()).entry
        click.echo(f"Taken out by entry {entry}.")


def _changes(house: House, connection: Connection, reader: Reader, proposal: Proposal) -> bool:
    """Print what a proposal changes, for the catalogue and for systems; whether it changes anything."""
    now = house.office.catalogues.at(connection, None)
    found = difference(now, proposal.catalogue)
    for line in show_changes(found):
        click.echo(line)
    if found.before == found.after:
        return False
    touched = touched_by(connection, reader, now, proposal.catalogue)
    click.echo(f"\n{len(touched.systems)} of {touched.looked_at} systems are touched"
               + ("." if touched.whole else f" (of {touched.all_} in all)."))
    for one in touched.systems:
        many = len(one.consequence.switched)
        click.echo(f"  {one.system.slug}: {many} {'control differs' if many == 1 else 'controls differ'}")
    return True


COMMANDS = (catalogue,)
