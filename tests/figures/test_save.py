"""A drawing is saved whole, described, and byte for byte the same every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pandas as pd
import pytest
from builders import claim, evidence, frame, run

from analysis import figures
from analysis.errors import DataError
from analysis.figures.figure import Drawing
from analysis.figures.style import Heading, sheet, styled

SVG = "{http://www.w3.org/2000/svg}"
HERE = Path(__file__).parents[1]


def drawings() -> list[Drawing]:
    """A figure of each kind."""
    trade = frame({"who": who, "v": v, "source_id": who} for who, v in (("a", 76), ("b", 73.5)))
    events = frame(
        {"event_id": "e", "date_start": day, "date_end": day, "reported_on": day, "source_id": who}
        for who, day in (("a", "2024-09-25"), ("b", "2024-09"))
    )
    texts = frame(
        {"doc_id": f"d{i}", "date": None, "issuer": f"Office {i}", "source_id": f"s{i}"}
        for i in "123"
    )
    coded = frame(
        {
            "claim_id": "T1",
            "doc_id": f"d{i}",
            "reading": "literal",
            "coder": "majority",
            "answer": a,
        }
        for i, a in (("1", "yes"), ("2", "no"), ("3", "silent"))
    )
    known = evidence(
        {
            "x/t": trade,
            "documents/events": events,
            "documents/documents": texts,
            "documents/codings": coded,
        }
    )
    term = {"table": "x/t", "value": "v", "where": {"who": "{reporter}"}}
    level = claim(
        "level",
        {
            "measures": [{"reporter": ["a", "b"], "terms": [term]}],
            "claimed": 75,
            "unit": "USD billion",
            "reporter": "a",
        },
        grid={"reporter": ["a", "b"]},
    )
    dated = claim("timeline", {"where": {"event_id": "e"}, "claimed_from": "2024-09-25"})
    said = claim("documents", {"coding": "T1", "questions": ["literal"]})
    made = [getattr(figures, each.method)(*run(each, known)) for each in (level, dated, said)]
    _, _, curve, vintage = run(level, known)
    return [*made, figures.specification_curve(level, curve, vintage)]


@pytest.fixture(scope="module")
def drawn() -> list[Drawing]:
    return drawings()


def forms(drawing: Drawing) -> tuple[bytes, bytes, bytes]:
    return drawing.svg(), drawing.png(), drawing.csv()


def test_saved_are_picture_numbers_and_hashes(drawn, tmp_path):
    for name, drawing in enumerate(drawn):
        saved = figures.save.save(drawing, tmp_path / "new", str(name))
        for ending, text in (
            ("svg", saved.svg_sha256),
            ("png", saved.png_sha256),
            ("csv", saved.data_sha256),
        ):
            content = (tmp_path / "new" / f"{name}.{ending}").read_bytes()
            assert hashlib.sha256(content).hexdigest() == text
        assert saved.alt == drawing.described
    assert len(list((tmp_path / "new").iterdir())) == 3 * len(drawn)


def test_the_numbers_are_read_back(drawn, tmp_path):
    for drawing in drawn:
        figures.save.save(drawing, tmp_path, "t")
        back = pd.read_csv(tmp_path / "t.csv")
        assert len(back) == len(drawing.data)
        assert list(back) == list(drawing.data)


def test_drawn_again_it_is_the_same(drawn):
    mpl.rcParams.update({"font.size": 20, "svg.hashsalt": "other", "axes.grid": True})
    try:
        again = drawings()
        assert [form(drawing) for drawing in again for form in (Drawing.png, Drawing.svg)] == [
            form(drawing) for drawing in drawn for form in (Drawing.png, Drawing.svg)
        ]  # and in whatever order the forms are made
    finally:
        mpl.rcParams.update(mpl.rcParamsDefault)


def test_elsewhere_it_is_the_same(drawn):
    code = (
        "import hashlib, importlib.util, sys;"
        "sys.path.insert(0, sys.argv[1]);"
        "spec = importlib.util.spec_from_file_location('case', sys.argv[2]);"
        "case = importlib.util.module_from_spec(spec); spec.loader.exec_module(case);"
        "[print(*(hashlib.sha256(f).hexdigest() for f in case.forms(d))) for d in case.drawings()]"
    )
    text = set()
    for seed, zone, locale in (("1", "Asia/Taipei", "C"), ("77", "America/New_York", "C.UTF-8")):
        environ = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        done = subprocess.run(
            [sys.executable, "-c", code, str(HERE), __file__],
            env=environ, capture_output=True, text=True, check=True,
        )  # fmt: skip
        text.add(done.stdout)
    here = "".join(
        " ".join(hashlib.sha256(form).hexdigest() for form in forms(drawing)) + "\n"
        for drawing in drawn
    )
    assert text == {here}


def test_the_svg_describes_itself(drawn):
    ids = set()
    for drawing in drawn:
        root = ET.fromstring(drawing.svg())  # noqa: S314 - made here
        assert root.get("role") == "img"
        title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
        assert (title.text, desc.text) == (drawing.title, drawing.alt)
        ids |= {title.get("id"), desc.get("id")}
    assert len(ids) == 2 * len(drawn)  # so that one page may hold them all


def test_nothing_in_a_picture_tells_when_or_with_what_it_was_made(drawn):
    for drawing in drawn:
        assert b"matplotlib" not in drawing.png().lower()
        assert b"<dc:date>" not in drawing.svg()
        assert mpl.__version__.encode() not in drawing.svg()


def test_a_notebook_shows_the_saved_picture_with_its_words(drawn):
    shown = drawn[0]._repr_html_()
    assert f'alt="{drawn[0].described}"' in shown
    assert "data:image/png;base64," in shown
    assert len(repr(drawn[0])) < 100


def sketch(title: str, alt: str = "alt") -> Drawing:
    with styled():
        figure = sheet(Heading(title=title, subtitle="", source=""), 1, left=1).figure
    return Drawing(figure=figure, data=pd.DataFrame(), title=title, alt=alt)


def test_words_are_escaped():
    drawing = sketch("a < b & \\1 c", 'say "x" <script>')
    assert ET.fromstring(drawing.svg()).find(f"{SVG}title").text == "a < b & \\1 c"  # noqa: S314
    assert "<script>" not in drawing._repr_html_()


def test_a_character_without_a_glyph_is_an_error_that_names_it():
    text = r"no figure can draw 해 \(U\+D574 HANGUL SYLLABLE HAE\): write it in words"
    with pytest.raises(DataError, match=text):
        sketch("해협")
    late = sketch("Strait")
    late.figure.text(0, 0, "해협")
    for form in (late.png, late.svg):
        with pytest.raises(DataError, match=text):
            form()


def test_each_form_is_rendered_once(drawn):
    assert drawn[0].png() is drawn[0].png()
    assert drawn[0].svg() is drawn[0].svg()


def test_loading_is_late():
    code = (
        "import sys, analysis.figures as f;"
        "print('matplotlib' in sys.modules);"
        "import analysis.figures.level;"
        "from analysis.figures import timeline;"
        "drawn = f.level, timeline, f.specification_curve, f.documents;"
        "print(*map(callable, drawn))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True", "True", "True"]


def test_an_unknown_name_is_reported():
    with pytest.raises(AttributeError, match="no attribute 'levle'"):
        figures.levle  # noqa: B018


def test_a_figure_costs_little():
    spent = []
    for _ in range(3):
        start = time.process_time()
        made = drawings()
        for drawing in made:
            forms(drawing)
        spent.append((time.process_time() - start) / len(made))
    assert min(spent) < 0.6


def test_drawing_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for drawing in drawings():
            forms(drawing)
