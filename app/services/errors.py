"""How an action says no."""

from __future__ import annotations


class ServiceError(Exception):
    """A refusal: `code` for programs (snake_case, stable), `msg` for people (one sentence)."""

    def __init__(self, code: str, msg: str) -> None:
        super().__init__(msg)
        self.code = code
        self.msg = msg
