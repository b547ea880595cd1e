"""`govern verify`, `govern checkpoint`, `govern sweep`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from govern.actions.verification import checkpoint, sweep, verify_everything
from govern.cli.place import here
from govern.ledger.note import VerifierKey


@click.command("verify")
@click.option("--no-blobs", is_flag=True, help="Leave the evidence bytes out.")
@click.option("--checkpoint", "notes", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A signed checkpoint kept elsewhere; several may be given.")
@click.option("--key", "keys", multiple=True, help="A verifier key to trust instead of this installation's own.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(no_blobs: bool, notes: tuple[Path, ...], keys: tuple[str, ...], as_json: bool) -> None:
    """Re-derive every fact, ledger row and blob, and name what was altered.

    Exit code 0: all as recorded; 1: something was altered.

    Example: govern verify --checkpoint last-month.txt
    """
    house = here(checked=False)
    trusted = [VerifierKey.decode(one) for one in keys] or [house.key.verifier]
    found = verify_everything(house.office, trusted, blobs=not no_blobs, checkpoints=[path.read_text() for path in notes])
    if as_json:
        click.echo(json.dumps({
            "intact": found.intact, "entries": found.entries, "facts": found.facts, "blobs": found.blobs,
            "checkpoints": found.checkpoints, "root": found.root,
            "faults": [{"code": one.code, "where": one.where, "text": one.text} for one in found.faults]}))
    else:
        click.echo(f"{found.entries} entries, {found.facts} facts, {found.blobs} blobs, {found.checkpoints} checkpoints.")
        for table, row, entry in found.redacted:
            click.echo(f"{table} {row}: redacted by entry {entry}")
        for fault in found.faults:
            click.echo(str(fault))
        click.echo(f"Intact. Root {found.root}" if found.intact else f"{len(found.faults)} faults.")
    sys.exit(0 if found.intact else 1)


@click.command("checkpoint")
def sign() -> None:
    """Sign the present head and print the checkpoint; GOVERN_CHECKPOINT_FILE keeps a copy elsewhere.

    Example: govern checkpoint > checkpoint.txt
    """
    house = here()
    click.echo(checkpoint(house.office, house.key, house.settings.checkpoint_file), nl=False)


@click.command("sweep")
def sweep_vault() -> None:
    """Remove bytes that no evidence names, after a grace of two days.

    Example: govern sweep
    """
    house = here()
    removed = sweep(house.office, house.clock())
    click.echo(f"{len(removed)} removed.")


COMMANDS = (verify, sign, sweep_vault)
