"""DATA: SQLAlchemy models, a file an aggregate, and the queries on them.

Importing this package declares every table.
"""

from app.store.base import Base, Store
from app.store.matches import Match, Move, Seat
from app.store.people import Block, Friend, Session, User
from app.store.ratings import Rating, RatingChange
from app.store.running import Presence, Seek, Worker

__all__ = [
    "Base",
    "Block",
    "Friend",
    "Match",
    "Move",
    "Presence",
    "Rating",
    "RatingChange",
    "Seat",
    "Seek",
    "Session",
    "Store",
    "User",
    "Worker",
]
