"""The stream of a match in its order, each message once, however the messages come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]


class Sequence:
    """What has come of a match: its messages by version.

    Two that save one after another may tell in the other order, and messages may be on their way
    twice to who comes back. `version` is the last one that was handed out whole.
    """

    def __init__(self, version: int) -> None:
        """`version`: what the client knows already; -1 for nothing."""
        self.version = version
        self._coming: dict[int, list[Message]] = {}
        self._whole: set[int] = set()

    def add(self, message: Message) -> None:
        """A message of a version; one that is known already is dropped."""
        version = message["version"]
        if version > self.version and version not in self._whole:
            self._coming.setdefault(version, []).append(message)

    def complete(self, version: int) -> Iterator[Message]:
        """All of that version has come: what can be told now, in its order.

        A version of which nothing has come is not whole: each has something to tell.
        """
        if version in self._coming:
            self._whole.add(version)
        while self.version + 1 in self._whole:
            self.version += 1
            self._whole.discard(self.version)
            yield from self._coming.pop(self.version, ())

    @property
    def gap(self) -> bool:
        """Whether something later has come while something before it has not."""
        return bool(self._whole)
