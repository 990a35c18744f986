"""Draws the app's icons, static/img/icon-*.png, from our own symbol: `python scripts/icons.py`.

The PNGs are kept with the source, since serving needs no browser; this is for whoever changes
static/img/favicon.svg, whose shapes they show. It needs Chromium and what requirements-dev.txt
names.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from playwright.sync_api import sync_playwright

IMAGES: Final = Path(__file__).resolve().parents[1] / "static" / "img"
SVG: Final = "http://www.w3.org/2000/svg"
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# For each file: its edge in pixels, how large the symbol is in it, and whether the ground goes to
# the very edge: then the system cuts the corners, a maskable icon down to a circle of 80 %.
ICONS: Final = {
    "icon-192.png": (192, 1.0, False),
    "icon-512.png": (512, 1.0, False),
    "icon-maskable-512.png": (512, 0.8, True),
    "icon-apple.png": (180, 0.9, True),
}


def drawing(edge: int, size: float, full: bool) -> str:
    """The symbol as an SVG of `edge` pixels."""
    root = ElementTree.parse(IMAGES / "favicon.svg").getroot()
    ground, shapes = list(root)
    if full:
        ground.attrib.pop("rx")
    else:
        size = 1.0
    shift = 16 * (1 - size)
    shapes.set("transform", f"translate({shift} {shift}) scale({size})")
    root.set("width", str(edge))
    root.set("height", str(edge))
    return ElementTree.tostring(root, encoding="unicode")


def main() -> None:
    """Draw them all."""
    ElementTree.register_namespace("", SVG)
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page()
        for name, (edge, size, full) in ICONS.items():
            page.set_viewport_size({"width": edge, "height": edge})
            page.set_content(f"<style>body{{margin:0}}</style>{drawing(edge, size, full)}")
            page.screenshot(path=IMAGES / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
