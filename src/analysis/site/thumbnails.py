"""Figures made small for a list."""

from __future__ import annotations

import io
from pathlib import Path

SIZE = (352, 264)  # pixels: twice the size on the page
QUALITY = 55


def made(figure: Path) -> bytes:
    """A figure in small as WebP; its upper part, if it is taller than a card."""
    from PIL import Image, ImageOps

    with Image.open(figure) as image:
        width, height = image.size
        tallest = width * SIZE[1] // SIZE[0]
        cut = image.convert("RGB").crop((0, 0, width, min(height, tallest)))
        small = ImageOps.contain(cut, SIZE, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "WEBP", quality=QUALITY, method=6)
        return out.getvalue()
