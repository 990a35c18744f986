"""What holds for every page: axe-core finds nothing, and nothing moves by itself."""

from __future__ import annotations

from typing import Any, Literal

from playwright.sync_api import Page

from config import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = "(options) => axe.run(document, options).then((result) => result.violations)"
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}  # what is right is not written down
COLOURS = EVERYTHING | {"runOnly": ["color-contrast"]}
# Colours change in a transition, and what inherits them only begins its own when that is over.
# Nobody waits for one: each frame of it would be drawn.
CHANGED = """
  async () => {
    const nextFrame = () => new Promise(requestAnimationFrame);
    let going;
    do {
      await nextFrame();
      await nextFrame();
      going = document.getAnimations().filter((each) => each.playState !== "finished");
      for (const each of going) each.finish();
    } while (going.length);
  }
"""
MEASURE_SHIFT = """
  window.shift = 0;
  window.moved = []; // what, from where and to where, for whoever looks into it
  const where = ({ x, y, width, height }) => [x, y, width, height].map(Math.round);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.shift += entry.value;
      for (const { node, previousRect, currentRect } of entry.sources) {
        const what = node?.cloneNode(false).outerHTML ?? node?.nodeName;
        window.moved.push([entry.startTime, what, where(previousRect), where(currentRect)]);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


def violations(
    page: Page, options: dict[str, Any] = EVERYTHING, *, dark: bool = False
) -> list[str]:
    """What axe-core finds wrong with the page as it is now, and if wished in the dark, too.

    In the dark the same page has other colours, and nothing else.
    """
    if page.evaluate("!window.axe"):
        page.evaluate(AXE.read_text())  # not as a script of the page: its policy would refuse it
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE, options)
    if dark:
        change_theme(page, "dark")
        found += page.evaluate(RUN_AXE, COLOURS)
        change_theme(page, "light")
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"]]


def change_theme(page: Page, theme: Literal["light", "dark"]) -> None:
    """Show the page to somebody who likes it light or dark, and wait until it is so."""
    page.emulate_media(color_scheme=theme)
    page.evaluate(CHANGED)
