"""`govern user add`, `govern token create`, `govern key show`."""

from __future__ import annotations

import json
import secrets
import sys

import click

from govern.access.actor import Actor
from govern.actions.office import OPERATOR
from govern.actions.people import add_person, create_token, grant_role
from govern.cli.place import here, reading
from govern.door.passwords import hash_password
from govern.door.sessions import actor_of, new_token
from govern.errors import NotFound
from govern.facts.commands import AddPerson, CreateToken, GrantRole
from govern.facts.moments import DAY, iso_date
from govern.facts.people import Role, ScopeKind
from govern.records import people as query
from govern.records.systems import system_by_slug


@click.group("user")
def user() -> None:
    """Accounts of people."""


@user.command("add")
@click.option("--name", required=True, help="The person's name.")
@click.option("--email", required=True, help="The address they sign in with.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="Their first role.")
@click.option("--on-system", "slug", default=None, help="Hold the role on this system only (its short name).")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; else one is made up.")
def user_add(name: str, email: str, role: str, slug: str | None, password_stdin: bool) -> None:
    """Add an account with a role, and print its password if one was made up.

    Example: govern user add --name "Ada Example" --email ada@example.org --role administrator
    """
    house = here()
    now = house.clock()
    made = not password_stdin
    password = secrets.token_urlsafe(12) if made else sys.stdin.readline().rstrip("\n")
    system = None
    if slug is not None:
        with reading(house) as (connection, reader):
            found = system_by_slug(connection, reader, slug)
        if found is None:
            raise NotFound(f"There is no system {slug}.", mend="govern system list shows their short names.")
        system = found.key
    key = add_person(house.office, OPERATOR, AddPerson(name, email, hash_password(password)), now).value
    kind = ScopeKind.SYSTEM if system else ScopeKind.EVERYTHING
    grant_role(house.office, OPERATOR, GrantRole(key, Role(role), kind, system), now)
    click.echo(f"{email} may sign in as {role}.")
    if made:
        click.echo(f"Password: {password}")


@click.group("token")
def token_group() -> None:
    """Tokens of pipelines."""


@token_group.command("create")
@click.option("--owner", required=True, help="Address of the account that it acts for.")
@click.option("--name", required=True, help="What it is for, such as “nightly red team”.")
@click.option("--system", "slug", default=None, help="Bind it to this system (its short name).")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 400), help="Days until it ends.")
@click.option("--submit-only/--all", default=True, show_default=True, help="Only read and submit, or all that a token may.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def token_create(owner: str, name: str, slug: str | None, days: int, submit_only: bool, as_json: bool) -> None:
    """Create a token; its secret is printed once and kept nowhere.

    Example: govern token create --owner ada@example.org --name "nightly red team" --system support-agent
    """
    house = here()
    now = house.clock()
    with reading(house) as (connection, reader):
        person = query.person_by_email(connection, owner)
        actor: Actor | None = actor_of(connection, person.key) if person else None
        system = system_by_slug(connection, reader, slug) if slug else None
    if actor is None:
        raise NotFound(f"There is no open account {owner}.", mend="govern user add makes one.")
    if slug and system is None:
        raise NotFound(f"There is no system {slug}.", mend="govern system list shows their short names.")
    secret, hashed = new_token()
    expires = now + days * DAY
    create_token(house.office, actor, CreateToken(name, system.key if system else None, submit_only, expires, hashed), now)
    if as_json:
        click.echo(json.dumps({"token": secret, "expires": iso_date(expires)}))
    else:
        click.echo(f"{secret}\nKeep it in the pipeline's secrets; it is not shown again. It ends on {iso_date(expires)}.")


@click.group("key")
def key_group() -> None:
    """The key that signs checkpoints."""


@key_group.command("show")
def key_show() -> None:
    """Print the verifier key, which auditors keep to check checkpoints, proofs and packs.

    Example: govern key show > govern.vkey
    """
    click.echo(here(checked=False).key.verifier.encode())


COMMANDS = (user, token_group, key_group)
