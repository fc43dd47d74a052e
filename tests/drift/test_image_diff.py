"""The difference of two pictures: what differs is marked, and nothing else."""

from __future__ import annotations

import io

import hypothesis.strategies as st
import pytest
from hypothesis import given
from PIL import Image

from analysis.drift.image_diff import DIFFERENCE_COLOUR, NOISE, overlay

SIZE = (20, 10)
sides = st.integers(1, 10)


def png(points=(), size=SIZE, ink=(0, 0, 0)):
    picture = Image.new("RGB", size, "white")
    for point in points:
        picture.putpixel(point, ink)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


points = st.sets(st.tuples(st.integers(0, SIZE[0] - 1), st.integers(0, SIZE[1] - 1)), max_size=9)


@given(points, points)
def test_exactly_the_differing_points_are_marked(old, new):
    found = overlay(png(old), png(new))
    picture = Image.open(io.BytesIO(found.png)).convert("RGB")
    marked = {
        (x, y)
        for x in range(SIZE[0])
        for y in range(SIZE[1])
        if picture.getpixel((x, y)) == DIFFERENCE_COLOUR
    }
    assert marked == old ^ new
    assert found.share == pytest.approx(len(marked) / (SIZE[0] * SIZE[1]))


def test_noise_of_smoothed_edges_does_not_count():
    near = (255 - NOISE,) * 3
    assert overlay(png(), png([(1, 1)], ink=near)).share == 0
    assert overlay(png(), png([(1, 1)], ink=(254 - NOISE,) * 3)).share > 0


@given(sides, sides, sides, sides)
def test_pictures_of_two_sizes_are_laid_over_at_the_upper_left(a, b, c, d):
    found = overlay(png(size=(a, b)), png(size=(c, d)))
    assert Image.open(io.BytesIO(found.png)).size == (max(a, c), max(b, d))
    assert found.resized == ((a, b) != (c, d))
    assert found.share == 0


@pytest.mark.parametrize("broken", [b"", b"not a picture", png()[:40]])
def test_what_is_no_picture_has_no_overlay(broken):
    assert overlay(png(), broken) is None
    assert overlay(broken, png()) is None
