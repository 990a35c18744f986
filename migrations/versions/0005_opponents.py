"""opponents: programs' accounts, analyses, languages

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-21 20:50:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ORDER = "ix_rating_order"

_GONE = 'SELECT id FROM "user" WHERE registered AND NOT active'
_THEIR_TALKS = (
    f"EXISTS (SELECT gone.id FROM ({_GONE}) AS gone"
    " WHERE room LIKE 'dm:' || gone.id || ':%' OR room LIKE 'dm:%:' || gone.id)"
)
# What goes with an account by now, and stayed when it was deleted before.
_THEIRS = (
    ("ban", "user_id"),
    ("block", "user_id"),
    ("block", "blocked_id"),
    ("board_seen", "user_id"),
    ("friend", "user_id"),
    ("rating_change", "user_id"),
    ("read_mark", "user_id"),
)


def upgrade() -> None:
    op.add_column(
        "user", sa.Column("language", sa.String(length=8), nullable=False, server_default="")
    )
    for table in ("user", "rating"):
        op.add_column(
            table, sa.Column("automatic", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.drop_index(_ORDER, "rating")
    op.create_index(_ORDER, "rating", ["game", "automatic", sa.text("value DESC"), "user_id"])
    op.create_table(
        "analysis",
        sa.Column("match_id", sa.String(length=32), nullable=False),
        sa.Column("positions", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_analysis_match_id_match"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user.id"], name=op.f("fk_analysis_asked_by_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_analysis")),
    )
    op.create_index(
        "ix_analysis_waiting",
        "analysis",
        ["beat_at"],
        sqlite_where=sa.text("done = 0"),
        postgresql_where=sa.text("NOT done"),
    )
    _forget_the_deleted()


def _forget_the_deleted() -> None:
    """Take the name, and what is theirs alone, from accounts that were deleted before."""
    op.execute(f"UPDATE message SET hidden = true WHERE user_id IN ({_GONE}) OR {_THEIR_TALKS}")
    op.execute(f"UPDATE message SET name = 'deleted player' WHERE user_id IN ({_GONE})")
    op.execute(f"DELETE FROM read_mark WHERE {_THEIR_TALKS}")
    for table, column in _THEIRS:
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({_GONE})")
    op.execute(
        "UPDATE \"user\" SET name = 'deleted player', bridge_system = '', play_singles = false,"
        " seen_at = created_at WHERE registered AND NOT active"
    )


def downgrade() -> None:
    op.drop_table("analysis")
    op.drop_index(_ORDER, "rating")
    op.create_index(_ORDER, "rating", ["game", sa.text("value DESC"), "user_id"])
    # Not in a batch: for that SQLite copies the table, and empties those that refer to the old one.
    op.drop_column("rating", "automatic")
    op.drop_column("user", "automatic")
    op.drop_column("user", "language")
