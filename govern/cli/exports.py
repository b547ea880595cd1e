"""`govern export workbook`, `report` and `oscal`."""

from __future__ import annotations

from pathlib import Path

import click

from govern.actions.office import OPERATOR
from govern.cli.place import here, reading
from govern.door.pictures import picture_of, pictures_of
from govern.errors import NotFound
from govern.records.catalogues import version_in_force
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


@export.command("oscal")
@click.argument("model", type=click.Choice(["catalog", "profile", "mapping"]))
@click.option("--baseline", default=None, help="For a profile: the baseline, such as starter.")
@click.option("--framework", default=None, help="For a mapping: the framework, such as nist-ai-rmf-1.0.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None,
              help="The file to write; default: govern-MODEL….json, the name by which the documents refer to each other.")
@_AT
def oscal(model: str, baseline: str | None, framework: str | None, out: Path | None, at: str | None) -> None:
    """Write the catalogue in force as OSCAL 1.2.1 JSON: its controls, a baseline, or the mappings to a framework.

    Example: govern export oscal mapping --framework nist-ai-rmf-1.0 --out ai-rmf.json
    """
    from govern.reports.oscal_catalog import catalog_text
    from govern.reports.oscal_mapping import mapping_text
    from govern.reports.oscal_parts import Edition, file_name
    from govern.reports.oscal_profile import profile_text

    named = {"catalog": None, "profile": baseline, "mapping": framework}[model]
    if named is None and model != "catalog":
        option = "--baseline" if model == "profile" else "--framework"
        raise click.UsageError(f"A {model} needs {option}; govern catalogue show lists what there is.")
    house = here()
    with reading(house, at) as (connection, reader):
        catalogue = house.office.catalogues.at(connection, reader.position)
        edition = Edition(house.settings.organisation, version_in_force(connection, reader.position).instant)
    texts = {"profile": profile_text, "mapping": mapping_text}
    text = catalog_text(catalogue, edition) if named is None else texts[model](catalogue, named, edition)
    target = out or Path(file_name(catalogue, model, *([named] if named else [])))
    target.write_text(text, encoding="utf-8")
    click.echo(f"{target}: OSCAL {model} of the catalogue {catalogue.digest[:12]}.")


COMMANDS = (export,)
