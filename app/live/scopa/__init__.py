"""Scopa as it goes out: the state of a match, and what happens in it, card by card."""

from app.live.scopa.stream import choice, messages, refused
from app.live.scopa.update import match_state
from app.live.scopa.whole import whole_table

__all__ = ["choice", "match_state", "messages", "refused", "whole_table"]
