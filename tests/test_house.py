"""The house's own rules: who may import whom, pure rooms without a clock, sizes, and words that do not belong here."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
ORDER = ("cli → factory → web | api → door → jobs → actions → records → schemas | reports → evidence → assurance → access → "
         "catalogue | ledger → facts → settings | folders → errors | clock")
PURE = ("facts", "ledger", "access", "assurance", "catalogue/objects.py", "catalogue/expressions.py", "catalogue/reach.py",
        "catalogue/text.py", "catalogue/crosswalking.py", "catalogue/finding.py", "catalogue/ties.py")
FRAMEWORKS = {"flask", "werkzeug", "sqlalchemy", "marshmallow", "webargs", "yaml"}
WORLD = {"os", "pathlib", "io", "time", "random", "logging"}


def modules_of(*rooms: str) -> list[Path]:
    found: list[Path] = []
    for room in rooms:
        place = ROOT / "govern" / room
        found += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    assert all(path.is_file() for path in found)
    return found


# -- imports -------------------------------------------------------------------------------------------------------


def test_imports_run_only_downward() -> None:
    """The contracts of pyproject.toml; `make lint` shows the broken chain."""
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_contracts_are_the_map() -> None:
    contracts = {contract["id"]: contract for contract in LINTER["contracts"]}
    house, pure = contracts["house"], contracts["pure"]
    assert (house["type"], house["exhaustive"], house["containers"]) == ("layers", True, ["govern"])
    assert house["layers"] == ORDER.split(" → ")
    assert not any(key.startswith("ignore") for contract in LINTER["contracts"] for key in contract)
    assert (pure["type"], LINTER["include_external_packages"]) == ("forbidden", True)
    assert {name.removeprefix("govern.").replace(".", "/") for name in pure["source_modules"]} == {
        room.removesuffix(".py") for room in PURE}
    assert FRAMEWORKS | WORLD | {"govern.settings"} <= set(pure["forbidden_modules"])
    framed = contracts["framed"]
    assert set(framed["source_modules"]) == {"govern.evidence.readers", "govern.schemas", "govern.reports"}
    assert {"flask", "sqlalchemy"} <= set(framed["forbidden_modules"])


def test_the_documents_draw_the_same_map() -> None:
    text = re.sub(r"\s+", " ", (ROOT / "docs" / "architecture.md").read_text())
    drawn = [one.strip() for one in text[text.index("cli → factory"):].split(" → ")]
    words = [re.match(r"[a-z]+(?: \| [a-z]+)*", one) for one in drawn]
    order = [match[0] for match in words if match][:len(ORDER.split(" → "))]
    assert order == [layer.removesuffix(" | folders") for layer in ORDER.split(" → ")]


CLOCKS = re.compile(r"(datetime\.)*(datetime\.(now|utcnow|today)|date\.today|monotonic|perf_counter|uuid[147]"
                    r"|(uuid|secrets|time)\.\w+|token_(hex|bytes|urlsafe))")


def test_pure_rooms_read_no_clock_and_throw_no_dice() -> None:
    """Contracts cannot see `datetime.now()`: these are calls on what may be imported for other reasons."""
    seen: list[str] = []
    for path in modules_of(*PURE):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and CLOCKS.fullmatch(ast.unparse(node.func)):
                seen.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                seen += [f"{path.relative_to(ROOT)}:{node.lineno} {name}" for name in names if name.split(".")[0] in WORLD]
    assert seen == []


@pytest.mark.parametrize(("code", "caught"), [
    ("datetime.now(UTC)", True), ("datetime.datetime.utcnow()", True), ("secrets.token_hex(4)", True),
    ("date.today()", True), ("uuid4()", True), ("monotonic()", True), ("datetime(1970, 1, 1)", False), ("timedelta(1)", False),
])
def test_the_watch_for_clocks_watches(code: str, caught: bool) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert bool(CLOCKS.fullmatch(ast.unparse(call.func))) is caught


# -- sizes ---------------------------------------------------------------------------------------------------------

LONGEST = 400
DATA = ("controls/", "requirements/", "seed/", "migrations/versions/", "tests/evidence/golden/", "docs/")
"""Data, lock files, generated steps and prose: read by search, not from top to bottom."""
LONGER = {"tests/ledger/test_audit.py": "one table of every way to tamper with a ledger"}


def tracked() -> list[Path]:
    """The files that git keeps or would keep; outside a checkout there is nothing to look at."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    named = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                           capture_output=True, text=True).stdout
    return [ROOT / name for name in sorted(set(named.split("\0"))) if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """(path, content) of the files that are text."""
    found: list[tuple[str, str]] = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            found.append((path.relative_to(ROOT).as_posix(), content.decode("utf-8", "replace")))
    assert len(found) > 200
    return found


def test_no_file_is_longer_than_one_reads() -> None:
    long = {name: len(text.splitlines()) for name, text in texts() if not name.startswith(DATA)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST and name not in LONGER} == {}
    assert all(long[name] > LONGEST for name in LONGER), "what is short again leaves the list"


def test_no_name_says_nothing() -> None:
    names = re.compile(r"(^|_)(utils?|helpers?|managers?|misc)(_|$)")
    assert [name for name, _ in texts() if name.endswith(".py") and names.search(Path(name).stem)] == []


# -- words ---------------------------------------------------------------------------------------------------------
# Each pattern holds a class of one character where it could match itself.

FORBIDDEN = [r"/[h]ome/\w", r"/[r]oot/", r"[i]ndex-url\s*[=:]?\s*\S*https?:", r"--[f]ind-links", r"[t]rusted-host"]


def test_no_file_names_a_machine_or_a_package_host() -> None:
    """The project speaks of itself alone: it installs wherever packages come from."""
    found = [f"{name}: {match[0]}" for name, text in texts() for pattern in FORBIDDEN
             for match in re.finditer(pattern, text, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("text", ["/ho" + "me/somebody/file", "pip install --in" + "dex-url https://x", "--fi" + "nd-links y"])
def test_the_watch_for_words_watches(text: str) -> None:
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in FORBIDDEN)


def test_no_product_file_reads_the_reference_data() -> None:
    """Only tests may, and only where the environment names it."""
    assert [name for name, text in texts() if name.startswith(("govern/", "migrations/", "seed/"))
            and ("GOVERN_SHARED" in text) and name != "govern/settings.py"] == []


def test_the_wheel_carries_every_folder_beside_the_package() -> None:
    """What `govern.folders` looks for must be named in the build, file by file, or an installed Govern is not whole."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["data-files"]
    carried = {file for patterns in named.values() for pattern in patterns for file in ROOT.glob(pattern)}
    for folder in ("controls", "templates", "static", "migrations", "seed"):
        there = {file for file in (ROOT / folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts}
        assert there - carried == set()
