"""What holds for every page: axe-core finds nothing, and nothing moves by itself."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from config import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = "(options) => axe.run(document, options).then((result) => result.violations)"
COLOURS = {"runOnly": ["color-contrast"]}
# Colours change in a transition, and what inherits them only begins its own when that is over.
CHANGED = """
  async () => {
    const nextFrame = () => new Promise(requestAnimationFrame);
    do {
      await nextFrame();
      await nextFrame();
    } while (document.getAnimations().some((each) => each.playState !== "finished"));
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


def violations(page: Page, *, dark: bool = False) -> list[str]:
    """What axe-core finds wrong with the page as it is now, and if wished in the dark, too.

    In the dark the same page has other colours, and nothing else.
    """
    if page.evaluate("!window.axe"):
        page.evaluate(AXE.read_text())  # not as a script of the page: its policy would refuse it
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE, {})
    if dark:
        page.emulate_media(color_scheme="dark")
        page.evaluate(CHANGED)
        found += page.evaluate(RUN_AXE, COLOURS)
        page.emulate_media(color_scheme="light")
        page.evaluate(CHANGED)
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"]]
