"""A company's colours as a style sheet of a few variables: the policy of pages allows none within them.

Where the background is the usual one, the page goes on following the system's light or dark; else it is as the company
wants it, and each colour of text is one that can be read there.
"""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.hosted.brand import LEAST_CONTRAST, Brand, Ink, contrast

USUAL_GROUND = "#ffffff"
_SOFT = {
    Ink.BLACK: {"--warn-soft": "#fdf1dc", "--warn": "#7a4a00", "--bad-soft": "#fce9e7"},
    Ink.WHITE: {"--warn-soft": "#35270e", "--warn": "#f0b65f", "--bad-soft": "#3b1917"},
}
"""Boxes of their own, with text that fits them (`hosted.css`)."""
_BAD = {Ink.BLACK: "#a3231b", Ink.WHITE: "#ff9f96"}


def style_of(brand: Brand) -> str:
    """The style sheet. `--button` and `--on-button` are those of the one button that leads on."""
    button = {"--button": brand.primary_colour, "--on-button": brand.text_on_primary.colour}
    if brand.background_colour == USUAL_GROUND:
        light = _rule({"--accent": brand.link_colour})
        return f"{_rule(button)}@media (prefers-color-scheme: light) {{ {light}}}\n"
    scheme = "light" if brand.text_on_background is Ink.BLACK else "dark"
    return _rule({"color-scheme": scheme, **button, **page_colours(brand)})


def page_colours(brand: Brand) -> Mapping[str, str]:
    """Every colour of a page whose ground is the company's."""
    ink, ground = brand.text_on_background, brand.background_colour
    bad = _BAD[ink] if contrast(_BAD[ink], ground) >= LEAST_CONTRAST else ink.colour
    plain = dict.fromkeys(("--text", "--quiet", "--line", "--edge"), ink.colour)
    grounds = {"--ground": ground, "--soft": ground}
    return {**grounds, **plain, "--accent": brand.link_colour, "--on-accent": ground, **_SOFT[ink], "--bad": bad}


def _rule(values: Mapping[str, str]) -> str:
    return ":root { " + " ".join(f"{name}: {value};" for name, value in values.items()) + " }\n"
