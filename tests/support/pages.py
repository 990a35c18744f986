"""Browser pages lent to tests: a used one costs a third of what a new one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Error

# Of the site, so that the process stays the page's own; but it runs no script and asks nobody.
NOWHERE = "/api/no-such-command"
STILL: dict[str, Any] = {"reduced_motion": "reduce"}  # nobody waits for an animation
# Its worker would outlast a test, and answer for the house; tests of it ask for it.
PLAIN: dict[str, Any] = STILL | {"service_workers": "block"}
WINDOW = {"width": 1280, "height": 720}
LASTING = ("add_init_script", "expose_binding", "expose_function", "route_web_socket")


class Loan:
    """A page in a context of its own, for one test after another."""

    def __init__(self, browser: Browser, options: dict[str, Any], shelf: list[Loan]) -> None:
        """`shelf`: where it waits for the next test."""
        self.shelf = shelf
        self._context = browser.new_context(**(PLAIN | options))
        self.page = self._context.new_page()
        self.errors: list[str] = []  # of scripts, in all pages of the context
        # In a way that cannot be undone; what a worker keeps is such a change.
        self.changed = options.get("service_workers") == "allow"
        self._context.on("weberror", lambda error: self.errors.append(str(error.error)))
        for owner in (self.page, self._context):
            for name in LASTING:
                self._notice(owner, name)
        self._notice(self._context.clock, "install")

    def dress(self, look: dict[str, Any]) -> None:
        """Let the page look as a test wishes: `viewport`, `color_scheme`."""
        window = look.get("viewport", WINDOW)
        if self.page.viewport_size != window:
            self.page.set_viewport_size(window)
        self.page.emulate_media(color_scheme=look.get("color_scheme", "light"), **STILL)

    def clear(self) -> None:
        """Leave the site and forget everything. Raises playwright's Error when that fails."""
        for other in self._context.pages:
            if other is not self.page:
                other.close()
        self._context.set_offline(False)
        self._context.unroute_all()
        self.page.unroute_all()
        self.page.goto(NOWHERE)
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self._context.clear_cookies()
        self._context.clear_permissions()

    def end(self) -> None:
        self._context.close()

    def _notice(self, owner: object, name: str) -> None:
        """Know when that method is called."""
        method: Callable[..., Any] = getattr(owner, name)

        def noticed(*given: Any, **named: Any) -> Any:
            self.changed = True
            return method(*given, **named)

        setattr(owner, name, noticed)


class Pages:
    """The pages that nobody has at the moment, by what cannot be changed about them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._shelves: dict[str, list[Loan]] = {}

    def lend(self, options: dict[str, Any]) -> Loan:
        """A page that knows nothing. `options` are those of a browser context."""
        look = {name: options[name] for name in ("viewport", "color_scheme") if name in options}
        rest = {name: value for name, value in options.items() if name not in look}
        shelf = self._shelves.setdefault(repr(sorted(rest.items())), [])
        loan = shelf.pop() if shelf else Loan(self._browser, rest, shelf)
        loan.dress(look)
        return loan

    def take_back(self, loan: Loan, *, again: bool) -> None:
        """Keep the page for the next, if it may be used `again` and nothing lasting was done."""
        if again and not loan.changed and not loan.errors:
            try:
                loan.clear()
            except Error:  # closed, perhaps: then the next gets a new one
                pass
            else:
                loan.shelf.append(loan)
                return
        loan.end()
