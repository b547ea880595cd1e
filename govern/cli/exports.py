"""`govern export workbook` and `govern export report`."""

from __future__ import annotations

from pathlib import Path

import click

from govern.actions.office import OPERATOR
from govern.cli.place import here, reading
from govern.door.pictures import picture_of, pictures_of
from govern.errors import NotFound
from govern.records.systems import system_by_slug, systems

_AT = click.option("--at", default=None, help="A ledger position or a day such as 2026-01-31.")


@click.group("export")
def export() -> None:
    """Exports for auditors; each carries the moment, the ledger's size and its root."""


@export.command("workbook")
@click.option("--system", "slugs", multiple=True, help="Short name of a system; several may be named. Default: all.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("govern.xlsx"), show_default=True)
@_AT
def workbook(slugs: tuple[str, ...], out: Path, at: str | None) -> None:
    """Write the control matrix and the evidence register as XLSX.

    Example: govern export workbook --system support-agent --at 2026-06-30
    """
    from govern.reports.workbook import write_workbook

    house = here()
    with reading(house, at) as (connection, reader):
        lines = [line.system for line in systems(connection, reader) if not slugs or line.system.slug in slugs]
        missing = set(slugs) - {system.slug for system in lines}
        if missing:
            raise NotFound(f"There is no system {', '.join(sorted(missing))}.", mend="govern system list shows them.")
        with out.open("wb") as target:
            write_workbook(pictures_of(house, connection, reader, lines), target)
    click.echo(f"{out}: {len(lines)} systems.")


@export.command("report")
@click.option("--system", "slug", required=True, help="Short name of the system.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("summary.pdf"), show_default=True)
@_AT
def report(slug: str, out: Path, at: str | None) -> None:
    """Write the one-page assurance summary of a system as PDF.

    Example: govern export report --system support-agent
    """
    from govern.reports.summary_pdf import write_summary
    from govern.reports.typeface import fonts

    house = here()
    with reading(house, at) as (connection, reader):
        system = system_by_slug(connection, reader, slug)
        if system is None:
            raise NotFound(f"There is no system {slug}.", mend="govern system list shows them.")
        with out.open("wb") as target:
            write_summary(picture_of(house, connection, reader, system), target, fonts(house.settings.data / "cache"))
    click.echo(f"{out}: {system.name}, as {OPERATOR.name} sees it.")


COMMANDS = (export,)
