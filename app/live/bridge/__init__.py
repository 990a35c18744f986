"""Bridge as it goes out: the hall, a deal event by event, how it stands, and what is said."""

from app.live.bridge.stream import messages
from app.live.bridge.talk import TALK, said
from app.live.bridge.update import match_state
from app.live.bridge.whole import at_table, whole_table
from app.live.bridge.wire import OURS, TYPES, Message

__all__ = [
    "OURS",
    "TALK",
    "TYPES",
    "Message",
    "at_table",
    "match_state",
    "messages",
    "said",
    "whole_table",
]
