"""Settings: read from the environment, refused with a mend, and documented where an operator looks."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from govern import settings as module
from govern.errors import SettingsError
from govern.settings import OUTSIDE, Settings, read_settings

ROOT = Path(__file__).parents[1]


def said() -> dict[str, tuple[str, str]]:
    """variable → (meaning, default) as the docstrings of the fields say, in their order."""
    tree = ast.parse(Path(module.__file__).read_text())
    (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    texts = [node.value.value for node in body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)][1:]
    found = [re.fullmatch(r"(GOVERN_[A-Z_]+): (.+)\. Default: (.+)", str(text)) for text in texts]
    assert all(found), "each docstring reads «GOVERN_X: meaning. Default: value»"
    return {match[1]: (match[2], match[3]) for match in found if match}


def documented() -> dict[str, tuple[str, str]]:
    """variable → (meaning, default) as docs/settings.md says, without its code marks."""
    lines = (ROOT / "docs" / "settings.md").read_text().splitlines()
    rows = [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {variable: (meaning, default) for variable, meaning, default in rows}


# -- documented ----------------------------------------------------------------------------------------------------


def test_every_field_has_its_docstring_with_its_own_name_and_default() -> None:
    assert list(said()) == [f"GOVERN_{field.name.upper()}" for field in fields(Settings)]
    shown: dict[object, str] = {"": "none", True: "yes", False: "no"}
    derived = {"GOVERN_DATABASE_URL": "govern.db in the data folder", "GOVERN_VAULT_URL": "vault in the data folder"}
    for field in fields(Settings):
        variable = f"GOVERN_{field.name.upper()}"
        value: Any = field.default
        expected = derived.get(variable) or (shown[value] if isinstance(value, bool | str) and value in shown else str(value))
        assert said()[variable][1].split(" (")[0] == expected


def test_the_page_of_settings_says_what_the_docstrings_say() -> None:
    """A meaning may say more on the page than in the code, never something else."""
    page = documented()
    assert list(page) == list(said())
    for variable, (meaning, default) in said().items():
        assert page[variable][0].startswith(meaning)
        assert page[variable][1] == default


def test_the_page_names_what_the_server_does_not_read() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    assert all(variable in text for variable in OUTSIDE)
    assert not OUTSIDE & said().keys()


# -- read ----------------------------------------------------------------------------------------------------------


def test_without_anything_the_defaults_hold() -> None:
    found = read_settings({"PATH": "/bin", "GOVERN": "x", "GOVERNOR": "y"})
    assert found == Settings()
    assert found.database == f"sqlite:///{Path('var/govern.db').resolve()}"
    assert found.vault == f"file:{Path('var/vault').resolve()}"


def test_everything_can_be_set() -> None:
    given = {
        "GOVERN_DATA": "/srv/govern", "GOVERN_DATABASE_URL": "postgresql://a@b/c", "GOVERN_VAULT_URL": "file:/v",
        "GOVERN_ORGANISATION": "Harbour", "GOVERN_ORIGIN": "log.example.org", "GOVERN_UPLOAD_LIMIT": "1000",
        "GOVERN_SESSION_HOURS": "8", "GOVERN_IDLE_MINUTES": "15", "GOVERN_BEHIND_TLS": "yes",
        "GOVERN_CHECKPOINT_FILE": "/mnt/points", "GOVERN_WORKERS": "4",
    }
    found = read_settings(given)
    assert given.keys() == {f"GOVERN_{field.name.upper()}" for field in fields(Settings)}
    assert found == Settings(Path("/srv/govern"), "postgresql://a@b/c", "file:/v", "Harbour", "log.example.org", 1000, 8, 15,
                             True, "/mnt/points", 4)
    assert (found.database, found.vault) == ("postgresql://a@b/c", "file:/v")
    assert all(getattr(found, field.name) != field.default for field in fields(Settings))


def test_the_data_folder_places_the_rest() -> None:
    found = read_settings({"GOVERN_DATA": "/srv/govern"})
    assert (found.database, found.vault) == ("sqlite:////srv/govern/govern.db", "file:/srv/govern/vault")


def test_an_empty_value_is_as_good_as_none() -> None:
    assert read_settings({f"GOVERN_{field.name.upper()}": "" for field in fields(Settings)}) == Settings()


def test_variables_of_tests_and_clients_are_passed_over() -> None:
    assert read_settings(dict.fromkeys(OUTSIDE, "anything")) == Settings()


def test_the_environment_is_read_unless_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVERN_WORKERS", "7")
    assert read_settings().workers == 7


# -- refused -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("variable", "near"), [
    ("GOVERN_DATABSE_URL", "GOVERN_DATABASE_URL"), ("GOVERN_WORKER", "GOVERN_WORKERS"),
    ("GOVERN_ORGANIZATION", "GOVERN_ORGANISATION"), ("GOVERN_BEHIND_SSL", "GOVERN_BEHIND_TLS"),
])
def test_a_typo_is_refused_with_what_was_meant(variable: str, near: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is no setting") as caught:
        read_settings({variable: "x"})
    assert caught.value.mend == f"Did you mean {near}?"


def test_something_far_off_is_refused_with_what_there_is() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"GOVERN_ZZZ": "x"})
    assert caught.value.mend.startswith("Known are: behind_tls, checkpoint_file, data,")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "two", "1e3", " 5", "٥", "0x10"])
@pytest.mark.parametrize("variable", ["GOVERN_UPLOAD_LIMIT", "GOVERN_SESSION_HOURS", "GOVERN_IDLE_MINUTES", "GOVERN_WORKERS"])
def test_numbers_are_whole_and_above_nought(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is .*no whole number above 0"):
        read_settings({variable: text})


@pytest.mark.parametrize(("text", "meant"), [("yes", True), ("True", True), ("1", True), ("no", False), ("FALSE", False),
                                             ("0", False)])
def test_yes_and_no(text: str, meant: bool) -> None:
    assert read_settings({"GOVERN_BEHIND_TLS": text}).behind_tls is meant


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(SettingsError, match="GOVERN_BEHIND_TLS is “maybe”") as caught:
        read_settings({"GOVERN_BEHIND_TLS": "maybe"})
    assert caught.value.mend == "Write yes or no."
