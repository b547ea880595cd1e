"""`govern init` and `govern demo`."""

from __future__ import annotations

import time

import click

from govern.actions.catalogue import propose_upgrade
from govern.actions.organisation import put_in_force
from govern.catalogue.loader import load
from govern.cli.place import here
from govern.door.visit import House
from govern.folders import folder
from govern.records.catalogues import digest_in_force
from govern.records.migrate import upgrade
from govern.records.moments import head_position
from govern.records.people import count_people


def prepare(house: House, now: int | None = None) -> bool:
    """Bring the database to the newest form; an empty ledger opens with the catalogue beside the package.

    Tells whether the ledger was opened. A catalogue that is in force stays so: a newer one is taken by a person, who
    has seen what it changes.
    """
    upgrade(house.office.store)
    with house.office.store.reading() as connection:
        if head_position(connection):
            return False
    return put_in_force(house.office, load(folder("controls")), house.clock() if now is None else now).value


@click.command("init")
def init() -> None:
    """Prepare the database, the vault and the signing key; an empty ledger opens with the catalogue.

    Safe to run again: it brings the database to the newest form and tells when a newer catalogue waits.

    Example: govern init
    """
    house = here(checked=False)
    renewed = prepare(house)
    click.echo(f"Ready in {house.settings.data.resolve()}.")
    if renewed:
        click.echo("The catalogue beside the package was put in force.")
    else:
        with house.office.store.reading() as connection:
            waiting = propose_upgrade(connection).catalogue.digest != digest_in_force(connection, None)
        click.echo("A newer catalogue waits; see what it changes: govern catalogue upgrade" if waiting
                   else "The catalogue was in force already.")
    with house.office.store.reading() as connection:
        if count_people(connection) == 0:
            click.echo("Next: govern user add --role administrator --name … --email …")


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are accounts already.")
def demo(if_empty: bool) -> None:
    """Load a demo organisation: eight AI systems, people for every role, a year of evidence.

    It is loaded through the same actions that people use. Only for an empty installation.

    Example: GOVERN_DATA=/tmp/demo govern demo
    """
    from govern.jobs.demo.load import ALL_PASSWORD, load_demo, log_ins
    from govern.jobs.summaries import refresh

    house = here(checked=False)
    upgrade(house.office.store)
    with house.office.store.reading() as connection:
        there = count_people(connection)
    if there and not if_empty:
        raise click.ClickException("There are accounts already; the demo is only for an empty installation.")
    if not there:
        with house.office.store.reading() as connection:
            if head_position(connection):
                raise click.ClickException("The ledger is not empty, and the demo tells of a year before now. "
                                           "Name an empty folder with GOVERN_DATA.")
        began = time.monotonic()
        systems, versions = load_demo(house.office, load(folder("controls")), house.clock(), click.echo)
        refresh(house.office, house.clock())
        click.echo(f"{systems} systems and {versions} versions of evidence in {time.monotonic() - began:.1f} s.")
    click.echo(f"\nSign in with any of these; the password of all is: {ALL_PASSWORD}\n")
    for role, email, note in log_ins():
        click.echo(f"  {role:<20} {email:<38} {note}")
    click.echo("")


COMMANDS = (init, demo)
