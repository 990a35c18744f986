"""bridge: boards, results, and tables of its own

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-21 17:40:00
"""

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_USER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TAKEN = {
    "sqlite_where": sa.text("user_id IS NOT NULL"),
    "postgresql_where": sa.text("user_id IS NOT NULL"),
}


def upgrade() -> None:
    op.add_column(
        "user",
        sa.Column("play_singles", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "user",
        sa.Column("bridge_system", sa.String(length=2000), nullable=False, server_default=""),
    )
    op.add_column("match", sa.Column("board_id", sa.String(length=32), nullable=True))
    op.add_column("match", sa.Column("table_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_match_board_id"), "match", ["board_id"])
    _make_boards()
    _make_tables()
    stands = sa.text(
        "INSERT INTO rating (user_id, game, value, won, drawn, lost) "
        "SELECT user_id, 'bridge', :start, 0, 0, 0 FROM rating WHERE game = 'uttt'"
    )
    op.execute(stands.bindparams(start=current_app.extensions["house"].config.RATING_START))


def _make_boards() -> None:
    op.create_table(
        "board",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("analysis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    op.create_index(op.f("ix_board_number"), "board", ["number"])
    op.create_index(op.f("ix_board_open_until"), "board", ["open_until"])
    op.create_table(
        "board_seen",
        sa.Column("board_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", _USER, nullable=False),
        sa.Column("hand", sa.Boolean(), nullable=False),
        _to("board_seen", "board_id", "board", ondelete="CASCADE"),
        _to("board_seen", "user_id", "user", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("board_id", "user_id", name=op.f("pk_board_seen")),
    )
    op.create_index(op.f("ix_board_seen_user_id"), "board_seen", ["user_id"])
    op.create_table(
        "board_result",
        sa.Column("match_id", sa.String(length=32), nullable=False),
        sa.Column("board_id", sa.String(length=32), nullable=False),
        sa.Column("table_id", sa.String(length=32), nullable=False),
        sa.Column("contract", sa.String(length=8), nullable=False),
        sa.Column("declarer", sa.Integer(), nullable=True),
        sa.Column("tricks", sa.Integer(), nullable=True),
        sa.Column("lead", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("imps", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _to("board_result", "match_id", "match", ondelete="CASCADE"),
        _to("board_result", "board_id", "board", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_board_result")),
    )
    op.create_index(op.f("ix_board_result_board_id"), "board_result", ["board_id"])
    op.create_index(op.f("ix_board_result_table_id"), "board_result", ["table_id"])


def _make_tables() -> None:
    op.create_table(
        "bridge_table",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("robots", sa.Boolean(), nullable=False),
        sa.Column("kibitz", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("match_id", sa.String(length=32), nullable=True),
        sa.Column("deals", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        _to("bridge_table", "match_id", "match"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridge_table")),
    )
    op.create_index(op.f("ix_bridge_table_created_at"), "bridge_table", ["created_at"])
    op.create_index(op.f("ix_bridge_table_match_id"), "bridge_table", ["match_id"])
    op.create_table(
        "bridge_seat",
        sa.Column("table_id", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("user_id", _USER, nullable=True),
        sa.Column("bot", sa.String(length=16), nullable=True),
        sa.Column("bot_name", sa.String(length=32), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("swap_with", sa.Integer(), nullable=True),
        _to("bridge_seat", "table_id", "bridge_table", ondelete="CASCADE"),
        _to("bridge_seat", "user_id", "user", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("table_id", "seat", name=op.f("pk_bridge_seat")),
    )
    op.create_index("uq_bridge_seat_user", "bridge_seat", ["user_id"], unique=True, **_TAKEN)
    op.create_table(
        "kibitzer",
        sa.Column("table_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", _USER, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        _to("kibitzer", "table_id", "bridge_table", ondelete="CASCADE"),
        _to("kibitzer", "user_id", "user", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("table_id", "user_id", name=op.f("pk_kibitzer")),
    )
    op.create_index(op.f("ix_kibitzer_user_id"), "kibitzer", ["user_id"])


def downgrade() -> None:
    # What an older house cannot hold goes: matches of bridge.
    for table in ("kibitzer", "bridge_seat", "bridge_table", "board_result", "board_seen", "board"):
        op.drop_table(table)
    for table in ("rating_change", "move", "seat"):
        op.execute(
            f"DELETE FROM {table} WHERE match_id IN (SELECT id FROM match WHERE game = 'bridge')"
        )
    op.execute("DELETE FROM match WHERE game = 'bridge'")
    op.execute("DELETE FROM rating WHERE game = 'bridge'")
    op.drop_index(op.f("ix_match_board_id"), "match")
    # Not in a batch: for that SQLite copies the table, and empties those that refer to the old one.
    op.drop_column("match", "table_id")
    op.drop_column("match", "board_id")
    op.drop_column("user", "bridge_system")
    op.drop_column("user", "play_singles")


def _to(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )
