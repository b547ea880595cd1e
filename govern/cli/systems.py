"""`govern system list`."""

from __future__ import annotations

import json

import click

from govern.cli.place import here, reading
from govern.records.systems import systems


@click.group("system")
def system() -> None:
    """AI systems."""


@system.command("list")
@click.option("--at", default=None, help="A ledger position or a day such as 2026-01-31.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def system_list(at: str | None, as_json: bool) -> None:
    """List systems: short name, stage, name.

    Example: govern system list --at 2026-06-30
    """
    house = here()
    with reading(house, at) as (connection, reader):
        lines = systems(connection, reader)
    if as_json:
        click.echo(json.dumps([{"system": line.system.slug, "stage": line.stage.value, "name": line.system.name}
                               for line in lines]))
        return
    for line in lines:
        click.echo(f"{line.system.slug:<32} {line.stage.value:<16} {line.system.name}")
    if not lines:
        click.echo("There is no system yet. Register one on the Systems page.")


COMMANDS = (system,)
