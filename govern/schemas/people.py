"""What people send about accounts, roles, tokens and units, and for signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields

from govern.facts.commands import AddPerson, AddUnit, CreateToken, GrantRole
from govern.facts.people import Role, ScopeKind
from govern.schemas.fields import Day, Email, Key, Line, Secret, Slug, Title, YesNo, described
from govern.schemas.forms import Input


@dataclass(frozen=True)
class SignIn:
    """An address and a password; `then` is the page that was wanted (only local paths are followed)."""

    email: str
    password: str
    then: str


@dataclass(frozen=True)
class NewPassword:
    """One's password now, and the new one."""

    current: str
    password: str


class SignInInput(Input[SignIn]):
    """Signing in."""

    email = Line(required=True, metadata=described("Address"))
    password = Secret(required=True, metadata=described("Password", verbatim=True))
    then = Line(load_default="", longest=2_000, metadata=described("Page that was wanted"))

    def build(self, values: dict[str, Any]) -> SignIn:
        return SignIn(values["email"], values["password"], values["then"])


class NewPasswordInput(Input[NewPassword]):
    """A new password of one's own."""

    current = Secret(required=True, metadata=described("Password now", verbatim=True))
    password = Secret(required=True, metadata=described(
        "New password", "At least 12 characters; a sentence makes a good one.", verbatim=True))
    again = Secret(required=True, metadata=described("New password again", verbatim=True))

    def build(self, values: dict[str, Any]) -> NewPassword:
        if values["password"] != values["again"]:
            raise ValidationError("The two are not the same.", "again")
        return NewPassword(values["current"], values["password"])


class AddPersonInput(Input[AddPerson]):
    """A new account. Given by the door: `hashed`, the function that hashes a password."""

    name = Title(required=True, metadata=described("Name"))
    email = Email(required=True, metadata=described("Address", "What they sign in with."))
    password = Secret(required=True, metadata=described(
        "First password", "At least 12 characters. They change it under Settings.", verbatim=True))

    def build(self, values: dict[str, Any]) -> AddPerson:
        return AddPerson(values["name"], values["email"].lower(), values["hashed"](values["password"]))


class GrantRoleInput(Input[GrantRole]):
    """A role for somebody. Given by the address: `person`."""

    role = fields.Enum(Role, by_value=True, required=True, metadata=described("Role"))
    scope_kind = fields.Enum(ScopeKind, by_value=True, load_default=ScopeKind.EVERYTHING, metadata=described(
        "Where", "everything, unit or system."))
    unit = Key(load_default=None, allow_none=True, metadata=described("Unit"))
    system = Key(load_default=None, allow_none=True, metadata=described("System"))

    def build(self, values: dict[str, Any]) -> GrantRole:
        kind: ScopeKind = values["scope_kind"]
        scope = None if kind is ScopeKind.EVERYTHING else values[kind.value]
        if kind is not ScopeKind.EVERYTHING and not scope:
            raise ValidationError(f"Choose the {kind.value} on which the role holds.", kind.value)
        return GrantRole(values["person"], values["role"], kind, scope)


class CreateTokenInput(Input[CreateToken]):
    """A token of one's own. Given by the door: `secret_hash`."""

    name = Title(required=True, metadata=described("Name", "What uses it, such as nightly build."))
    system = Key(load_default=None, allow_none=True, metadata=described(
        "System", "Blank: wherever you may yourself."))
    submit_only = YesNo(load_default=False, metadata=described("May only read and submit"))
    expires = Day(required=True, ends=True, metadata=described("Ends", "The last day on which it is taken."))

    def build(self, values: dict[str, Any]) -> CreateToken:
        return CreateToken(values["name"], values["system"], values["submit_only"], values["expires"],
                           values["secret_hash"])


class AddUnitInput(Input[AddUnit]):
    """A new unit of the organisation."""

    name = Title(required=True, metadata=described("Name"))
    slug = Slug(required=True, metadata=described("Short name", "For addresses, such as lending."))
    parent = Key(load_default=None, allow_none=True, metadata=described("Part of"))

    def build(self, values: dict[str, Any]) -> AddUnit:
        return AddUnit(values["slug"], values["name"], values["parent"])
