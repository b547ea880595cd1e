"""All input schemas of the house, found by walking the package."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import govern.schemas
from govern.facts.commands import ReadFile
from govern.schemas.forms import Input


def all_inputs() -> list[type[Input[Any]]]:
    """Every subclass of Input that builds something."""
    for module in pkgutil.iter_modules(govern.schemas.__path__):
        import_module(f"govern.schemas.{module.name}")
    found: list[type[Input[Any]]] = []
    waiting = list(Input.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__name__ != "PageQuery":
            found.append(one)
    return sorted(found, key=lambda one: one.__name__)


GIVEN: dict[str, Any] = {"hashed": lambda password: f"hash of {password}"}
FILE = ReadFile("0" * 64, 1, "report.v2.pdf", "application/pdf", "", 0, "", "", None, None)

_OF_A_SYSTEM = {"system": "s"}
_BY_SCHEMA: dict[str, dict[str, Any]] = {
    "AddPersonInput": GIVEN, "GrantRoleInput": {"person": "p"}, "CreateTokenInput": {"secret_hash": "h"},
    "AdoptSystemInput": _OF_A_SYSTEM, "RecordEventInput": _OF_A_SYSTEM, "AssignControlsInput": _OF_A_SYSTEM,
    "ProposeScopingInput": _OF_A_SYSTEM, "AskForEvidenceInput": _OF_A_SYSTEM, "SubmitEvidenceInput": {"file": FILE},
    "LinkEvidenceInput": {"evidence": "e"}, "WithdrawInput": {"version": "v"},
    "TailorUnitInput": {"unit": None},
}


def given_by_the_door(schema: type[Input[Any]]) -> dict[str, Any]:
    """What a door hands over by name for a schema, and no form can send."""
    return _BY_SCHEMA.get(schema.__name__, {})
