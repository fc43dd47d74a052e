"""Colours are distinguishable under every kind of colour vision, and from the paper."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import analysis
from analysis.figures.palette import (
    ADMITTED,
    ANSWERS,
    DARK_PAPER,
    MUTED,
    OUTCOMES,
    PAPER,
    VERDICTS,
)
from analysis.verdicts.code_table import CODES

APART = 15  # colour difference: many times what can just be noticed
# Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color vision
# deficiency (2009), severity 1.0, on linear RGB
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, two: str) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines 2.2."""
    dark, light = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, two))
    return (light + 0.05) / (dark + 0.05)


def seen(colour: str, sight: str) -> np.ndarray:
    """The colour in CIE Lab, as it is seen."""
    xyz = TO_XYZ @ np.clip(SIGHT[sight] @ linear(colour), 0, 1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, two: str, sight: str) -> float:
    return float(np.linalg.norm(seen(one, sight) - seen(two, sight)))


def ciede2000(one: np.ndarray, two: np.ndarray) -> float:
    """The colour difference of Sharma, Wu and Dalal (2005), of two colours in CIE Lab."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    grey = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25.0**7))
    c1, c2 = np.hypot(a1 * grey, b1), np.hypot(a2 * grey, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * grey)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    hue = h1 + turn / 2 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    wave = 1 + sum(size * np.cos(np.radians(times * hue + by)) for size, times, by in waves)
    lightness = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    colour = (c2 - c1) / (1 + 0.045 * chroma)
    turned = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * wave)
    angle = np.radians(60 * np.exp(-(((hue % 360 - 275) / 25) ** 2)))
    crossed = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(angle)
    return float(np.sqrt(lightness**2 + colour**2 + turned**2 + crossed * colour * turned))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_published_colour_differences(one, two, expected):
    assert ciede2000(np.array(one), np.array(two)) == pytest.approx(expected, abs=1e-4)


def test_known_contrast_and_distance():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.1)
    # red and green of one lightness are distinct for all but those who lack red or green
    assert distance("#a05000", "#607000", "deuteranopia") < distance("#a05000", "#607000", "normal")


@pytest.mark.parametrize("mark", [*OUTCOMES.values(), *ANSWERS.values()], ids=lambda m: m.word)
def test_marks_and_their_words_stand_out(mark):
    assert contrast(mark.colour, PAPER) >= 4.5
    assert contrast(mark.colour, ADMITTED) >= 3


@pytest.mark.parametrize("code", VERDICTS)
def test_words_on_verdict_colours_can_be_read(code):
    assert contrast(VERDICTS[code].colour, PAPER) >= 4.5
    assert contrast(VERDICTS[code].dark, DARK_PAPER) >= 4.5


def test_small_print_can_be_read():
    assert contrast(MUTED, PAPER) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("marks", [OUTCOMES, ANSWERS], ids=["outcomes", "answers"])
def test_marks_are_distinguishable(marks, sight):
    colours = {mark.colour for mark in marks.values()}
    assert all(distance(*pair, sight) > APART for pair in itertools.combinations(colours, 2))


@pytest.mark.parametrize("mode", ["colour", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_every_two_verdicts_are_distinguishable(sight, mode):
    """What is still to be tested is no verdict, and may look like another one."""
    codes = [code for code in VERDICTS if code != "PENDING"]
    lab = {code: seen(getattr(VERDICTS[code], mode), sight) for code in codes}
    near = {pair: ciede2000(lab[pair[0]], lab[pair[1]]) for pair in itertools.combinations(lab, 2)}
    assert {pair: found for pair, found in near.items() if found <= APART} == {}


@pytest.mark.parametrize("marks", [OUTCOMES, ANSWERS, VERDICTS], ids=["out", "answers", "verdicts"])
def test_nothing_is_shown_by_colour_alone(marks):
    assert len({mark.marker for mark in marks.values()}) == len(marks)
    assert len({mark.word for mark in marks.values()}) == len(marks)


def test_every_verdict_has_a_mark():
    assert set(VERDICTS) == set(CODES)


def test_the_palette_needs_no_matplotlib():
    code = "import sys, analysis.figures.palette; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


SOURCE = Path(analysis.__file__).parent
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}\b")
NAMED = {"black", "blue", "gray", "green", "grey", "orange", "purple", "red", "white", "yellow"}
ELSEWHERE = {  # terminals, a grayscale overlay
    "execution/progress.py", "execution/styles.py", "drift/image_diff.py",
}  # fmt: skip


def colours_in(source: str) -> set[str]:
    """The colours that a module writes out, docstrings aside."""
    texts = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    codes = {code for text in texts if "\n" not in text for code in HEX.findall(text)}
    return codes | {text for text in texts if text in NAMED}


def test_a_colour_is_seen():
    assert colours_in('COLOUR, NAME = "background:#fff", "grey"') == {"#fff", "grey"}
    assert colours_in('"""Rule 12 is grey."""\nLABEL = "others grey"') == set()


def test_all_colours_are_in_the_palette():
    found = {
        path.relative_to(SOURCE).as_posix(): colours
        for path in SOURCE.rglob("*.py")
        if (colours := colours_in(path.read_text(encoding="utf-8")))
    }
    assert found.keys() - ELSEWHERE == {"figures/palette.py"}
