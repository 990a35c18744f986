"""many players: what somebody has played, and who has been removed

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-21 23:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ENDED = "ix_seat_ended"
_REMOVED = "ix_user_removed"
_COLUMNS = ("game", "private", "ended_at")


def upgrade() -> None:
    op.add_column(
        "seat", sa.Column("game", sa.String(length=16), nullable=False, server_default="")
    )
    op.add_column(
        "seat", sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("seat", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE seat SET game = played.game, private = played.code IS NOT NULL,"
        ' ended_at = played.ended_at FROM "match" AS played WHERE played.id = seat.match_id'
    )
    op.create_index(
        _ENDED,
        "seat",
        ["user_id", "ended_at", "match_id", "game", "private"],
        sqlite_where=sa.text("open = 0"),
        postgresql_where=sa.text("NOT open"),
    )
    op.create_index(
        _REMOVED,
        "user",
        ["registered", "active"],
        sqlite_where=sa.text("registered = 1 AND active = 0"),
        postgresql_where=sa.text("registered AND NOT active"),
    )


def downgrade() -> None:
    op.drop_index(_REMOVED, "user")
    op.drop_index(_ENDED, "seat")
    # Not in a batch: for that SQLite copies the table, and empties those that refer to the old one.
    for column in reversed(_COLUMNS):
        op.drop_column("seat", column)
