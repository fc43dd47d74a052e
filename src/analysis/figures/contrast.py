"""Mixed colours, and the ink that can be read on them."""

from __future__ import annotations

from matplotlib.colors import to_hex, to_rgb

from analysis.figures.palette import INK_ON_FILL, ON_FILL, PAPER

LINEAR_UP_TO = 0.04045  # sRGB values up to here are linear in light


def blend(colour: str, opacity: float) -> str:
    """The colour as it looks at this opacity on paper; words on it can then be checked."""
    red, green, blue = (
        opacity * own + (1 - opacity) * paper
        for own, paper in zip(to_rgb(colour), to_rgb(PAPER), strict=True)
    )
    return to_hex((red, green, blue))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [
        c / 12.92 if c <= LINEAR_UP_TO else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, two: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def legible_ink(fill: str) -> str:
    """The darkest or the lightest ink, whichever reads better on a colour."""
    return max((ON_FILL, INK_ON_FILL), key=lambda ink: contrast(fill, ink))
