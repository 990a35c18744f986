"""What workers tell each other, and what each of them does then.

`services.publish.Publisher.control` gives an order to every worker, the one that gives it too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger(__name__)

Action = Callable[[Any], object]


class Orders:
    """A table of orders by name. `create_app` fills it, the client manager reads it.

    `explained(error)` is something where an action failed through no mistake of ours, and that is
    said already.
    """

    def __init__(self, explained: Callable[[Exception], object] = lambda _: None) -> None:
        self._actions: dict[str, list[Action]] = {}
        self._explained = explained

    def on(self, order: str, action: Action) -> None:
        """Do `action(data)` when that order comes, beside what is done already."""
        self._actions.setdefault(order, []).append(action)

    def obey(self, order: str, data: Any) -> None:
        """Do what an order asks for; an unknown one is from a newer worker, and left alone."""
        for action in self._actions.get(order, ()):
            try:
                action(data)
            except Exception as failed:
                # An outermost loop: one thing that fails must not keep the others from being done.
                if self._explained(failed) is None:
                    log.exception("an order failed", order=order)
