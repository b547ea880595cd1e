"""The `govern` command: its groups, and how errors become messages and exit codes."""

from __future__ import annotations

import sys

import click

from govern import __version__
from govern.cli import catalogue, evidence, exports, ledger, people, serving, setting_up, systems
from govern.errors import GovernError, answer_of


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="govern")
def cli() -> None:
    """Govern: the evidence system of record for AI systems.

    Settings are environment variables GOVERN_*; docs/settings.md lists them.
    """


for _module in (setting_up, serving, people, systems, catalogue, evidence, exports, ledger):
    for _command in _module.COMMANDS:
        cli.add_command(_command)


def main() -> None:
    """Run the command; errors of ours are told in a sentence, with the exit code that govern.errors gives them."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as refused:
        refused.show()
        sys.exit(refused.exit_code)
    except GovernError as error:
        click.echo(f"govern: {error.text}", err=True)
        if error.mend:
            click.echo(f"        {error.mend}", err=True)
        sys.exit(answer_of(error).exit_code)
