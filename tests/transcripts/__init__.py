"""Sessions whose transcripts are the examples of docs/protocols.

Importing this package registers them all, in `recorder.SESSIONS`.
"""

from tests.transcripts import cards, commands, messages, vocabulary
from tests.transcripts.recorder import SESSIONS, record

__all__ = ["SESSIONS", "cards", "commands", "messages", "record", "vocabulary"]
