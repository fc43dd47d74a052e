"""Two pictures, one over the other, and the points in which they differ."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

FADE = 0.75  # how far the picture below fades towards white
NOISE = 12  # of 255: smoothing of edges differs by this much between versions of a font
DIFFERENCE_COLOUR = (200, 30, 90)  # neither of the verdicts' colours nor of the outcomes'


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The later picture, faint, with the differing points in one strong colour, as PNG.

    `share` of all points differ, from 0 to 1; `resized`: the pictures are not of one size.
    """

    png: bytes
    share: float
    resized: bool


def overlay(before: bytes, after: bytes) -> Overlay | None:
    """The difference of two PNG pictures; None if either is none."""
    try:
        one, two = (Image.open(io.BytesIO(each)).convert("RGB") for each in (before, after))
    except (UnidentifiedImageError, OSError):
        return None
    size = (max(one.width, two.width), max(one.height, two.height))
    old, new = (_grown(picture, size) for picture in (one, two))
    mask = ImageChops.difference(old, new).convert("L").point(lambda level: 255 * (level > NOISE))
    grey, white = ImageOps.grayscale(new).convert("RGB"), Image.new("RGB", size, "white")
    faint = Image.blend(grey, white, FADE)
    faint.paste(DIFFERENCE_COLOUR, mask=mask)
    return Overlay(
        png=_png(faint),
        share=mask.histogram()[255] / (size[0] * size[1]),
        resized=one.size != two.size,
    )


def _grown(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture on white paper of this size, at the upper left."""
    paper = Image.new("RGB", size, "white")
    paper.paste(picture, (0, 0))
    return paper


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
