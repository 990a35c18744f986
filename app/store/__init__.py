"""DATA: SQLAlchemy models, a file an aggregate, and the queries on them.

Importing this package declares every table.
"""

from app.store.analysis import Analysis
from app.store.base import Base, Store
from app.store.bridge import (
    Board,
    BoardResult,
    BoardSeen,
    BridgeSeat,
    BridgeTable,
    Kibitzer,
)
from app.store.chat import Message, ReadMark, Report
from app.store.matches import Match, Move, Seat
from app.store.moderation import Audit, Ban, Broadcast
from app.store.people import ApiToken, Block, Friend, Session, User
from app.store.ratings import Rating, RatingChange
from app.store.running import Presence, Seek, Watcher, Worker
from app.store.tables import Joined, OpenTable, TableSeat

__all__ = [
    "Analysis",
    "ApiToken",
    "Audit",
    "Ban",
    "Base",
    "Block",
    "Board",
    "BoardResult",
    "BoardSeen",
    "BridgeSeat",
    "BridgeTable",
    "Broadcast",
    "Friend",
    "Joined",
    "Kibitzer",
    "Match",
    "Message",
    "Move",
    "OpenTable",
    "Presence",
    "Rating",
    "RatingChange",
    "ReadMark",
    "Report",
    "Seat",
    "Seek",
    "Session",
    "Store",
    "TableSeat",
    "User",
    "Watcher",
    "Worker",
]
