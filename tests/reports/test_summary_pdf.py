"""The one-page summary: one page whatever the text, read by machines and screen readers, the same twice."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from govern.assurance.outcomes import Status
from govern.reports.fitting import block, one_line
from govern.reports.picture import Picture
from govern.reports.summary_pdf import write_summary
from govern.reports.typeface import HELVETICA, Typeface, fonts
from tests.reports.pictures import CATALOGUE, ROOT, STAMP, catalogue, picture


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="session")
def face(cache: Path) -> Typeface:
    return fonts(cache)


def written(one: Picture, face: Typeface) -> bytes:
    target = io.BytesIO()
    write_summary(one, target, face)
    return target.getvalue()


def read(one: Picture, face: Typeface) -> PdfReader:
    return PdfReader(io.BytesIO(written(one, face)))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", reader.pages[0].extract_text())


def nodes(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every node of the structure tree, parents first."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()]  # type: ignore[index]
    while waiting:
        node = waiting.pop(0)
        if "/S" in node:
            yield node
            waiting.extend(child.get_object() for child in node.get("/K", []))


def test_it_says_what_matters(face: Typeface) -> None:
    reader = read(picture(frozen=catalogue(120, 18, 4)), face)
    text = text_of(reader)
    assert len(reader.pages) == 1
    for said in ("Patient triage", "Northwind Clinics", "Sorts patients by urgency.", "Łucja Παράδειγμα",
                 "Operation", "2026-11-20 17:30 UTC", "of 92 due are satisfied", "Domain number 17",
                 "Fw3", "20 of 100 met", "What falls short", "What runs out next",
                 "2026-11-30, 10 days", "Evidence: 4 pieces", f"Ledger position 1,234, root {ROOT}",
                 f"Catalogue {CATALOGUE}", "Ada Example"):
        assert said in text
    counts = {Status.SATISFIED: 14, Status.NOT_DUE: 14, Status.NOT_APPLICABLE: 14}
    for status in Status:
        assert f"{status.capitalize()} {counts.get(status, 13)}" in text


def test_worst_comes_first_and_soonest_comes_first(face: Typeface) -> None:
    text = text_of(read(picture(), face))
    places = [text.index(f"{word} CTL") for word in ("Failing", "Missing", "Stale", "Partial")]
    assert places == sorted(places)
    assert text.index("10 days CTL-02") < text.index("10 days CTL-03")


def test_a_past_moment_says_so(face: Typeface) -> None:
    said = "judged with that moment's catalogue and today's rules"
    assert text_of(read(picture(stamp=replace(STAMP, past=True)), face)).count(said) == 2
    assert said not in text_of(read(picture(), face))


@pytest.mark.parametrize("letter", ["N", "W ", "Ł", "…", "🙂", "\n", "\x00", "漢", "fi"])
def test_no_text_is_long_enough_for_a_second_page(letter: str, face: Typeface) -> None:
    long = letter * 100_000
    stamp = replace(STAMP, organisation=long, rules=long, past=True)
    one = picture(name=long, purpose=long, reason=long, stamp=stamp, frozen=catalogue(400, 60, 12))
    reader = read(one, face)
    assert len(reader.pages) == 1
    assert outside(reader, face) == []
    assert f"root {ROOT}" in text_of(reader)


def outside(reader: PdfReader, face: Typeface) -> list[str]:
    """Pieces of text that begin or end beyond the margins."""
    found, looked_at = [], []

    def visit(text: str, matrix: list[float], place: list[float], font: DictionaryObject,
              size: float) -> None:
        said = text.strip()
        if said:
            x, y = matrix[4] + matrix[0] * place[4], matrix[5] + matrix[3] * place[5]
            end = x + face.width(said, size, bold="SemiBold" in str(font["/BaseFont"]))
            looked_at.append(said)
            if not 39.5 <= x <= end <= 556 or not 30 <= y <= 812:
                found.append(f"{said[:40]} from {x:.0f} to {end:.0f} at {y:.0f}")

    reader.pages[0].extract_text(visitor_text=visit)
    assert len(looked_at) > 100
    return found


def test_a_cut_says_how_much_is_missing(face: Typeface) -> None:
    found = re.search(r"(N+)… \(\+([\d,]+)\)", text_of(read(picture(name="N" * 100_000), face)))
    assert found is not None
    assert len(found[1]) + int(found[2].replace(",", "")) == 100_000


def test_it_is_tagged_and_described(face: Typeface) -> None:
    reader = read(picture(frozen=catalogue(120, 18, 4)), face)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"] == "en-GB"  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == "Assurance summary: Patient triage"
    tags = [str(node["/S"]) for node in nodes(reader)]
    assert tags[0] == "/Document"
    assert (tags.count("/H1"), tags.count("/H2"), tags.count("/Table"), tags.count("/Figure")) == (1, 5, 1, 4)
    assert tags.count("/TH") == tags.count("/TD") == tags.count("/TR") == 5
    alts = [str(node["/Alt"]) for node in nodes(reader) if str(node["/S"]) == "/Figure"]
    assert alts[0].startswith("Status by domain. Domain number 0: not applicable 7; Domain number 1: not due")
    assert any(alt.startswith("Coverage of frameworks. Fw0: met 20, partly met 20") for alt in alts)


def test_every_piece_of_content_is_in_the_tree_or_marked_as_decoration(face: Typeface) -> None:
    reader = read(picture(), face)
    content = reader.pages[0].get_contents()
    assert content is not None
    depth, outside_marks, ids = 0, [], []
    for operands, operator in content.operations:
        if operator in (b"BDC", b"BMC"):
            depth += 1
            if operator == b"BDC":
                ids.append(int(operands[1]["/MCID"]))
        elif operator == b"EMC":
            depth -= 1
        elif operator in (b"Tj", b"TJ", b"f", b"S", b"B", b"f*") and depth != 1:
            outside_marks.append(operator)
    assert depth == 0
    assert outside_marks == []
    assert ids == list(range(len(ids)))
    tree = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]  # type: ignore[index]
    assert tree[0] == reader.pages[0]["/StructParents"]
    assert len(tree[1]) == len(ids)
    marked = [int(kid.get_object()["/MCID"]) for node in nodes(reader) for kid in node.get("/K", [])
              if "/MCID" in kid.get_object()]
    assert sorted(marked) == ids


def test_the_same_facts_give_the_same_bytes(face: Typeface) -> None:
    assert written(picture(), face) == written(picture(), face)
    assert written(picture(), face) != written(picture(name="Other"), face)
    metadata = read(picture(), face).metadata
    assert metadata is not None
    assert metadata.creation_date_raw == "D:20261120173100+00'00'"


def test_fonts_are_made_once_and_embedded(cache: Path, face: Typeface) -> None:
    made = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert len(made) == 2
    assert fonts(cache) == face
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == made
    used = read(picture(), face).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert any("Inter" in str(font.get_object()["/BaseFont"]) for font in used.values())


def test_without_a_usable_folder_it_prints_in_helvetica(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert fonts(blocked) == HELVETICA
    broken = tmp_path / "broken"
    fonts(broken)
    assert "Patient triage" in text_of(read(picture(), HELVETICA))


@settings(deadline=None)
@given(text=st.text(max_size=400), room=st.floats(60, 500), size=st.floats(6, 20), most=st.integers(1, 4))
def test_fitted_text_stays_in_its_room(text: str, room: float, size: float, most: int) -> None:
    lines = block(HELVETICA, text, room, size, most)
    assert len(lines) <= most
    whole = "".join(lines)
    short = one_line(HELVETICA, text, room, size, smallest=size / 2)
    assert size / 2 * 0.99 <= short.size <= size
    # A mark alone may be wider than the narrowest room; nothing else may.
    for line, at in [*((line, size) for line in lines), (short.text, short.size)]:
        assert HELVETICA.width(line, at) <= room or line.startswith("… (+")
    if "… (+" not in whole:
        assert whole.replace(" ", "") == "".join(one_line(HELVETICA, text, 1e9, size).text.split())
