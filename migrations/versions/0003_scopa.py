"""scopa: seats for more than two, and for the computer

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-21 14:30:00
"""

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_USER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = {"sqlite_where": sa.text("open = 1"), "postgresql_where": sa.text("open")}
_UNTOLD = {
    "sqlite_where": sa.text("open = 0 AND told = 0"),
    "postgresql_where": sa.text("NOT open AND NOT told"),
}
_TABLE = sa.text("invitee_id IS NULL AND grace IS NULL")
_OLD_TABLE = sa.text("invitee_id IS NULL")
_PROPOSAL = sa.text("grace IS NOT NULL")


def upgrade() -> None:
    op.add_column("match", sa.Column("grace", sa.Integer(), nullable=True))

    # SQLite copies the table for this, and forgets for which rows an index is.
    _drop_seat_indexes()
    with op.batch_alter_table("seat") as batch_op:
        batch_op.alter_column("user_id", existing_type=_USER, nullable=True)
        batch_op.add_column(sa.Column("bot", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("bot_name", sa.String(length=32), nullable=True))
    _make_seat_indexes()

    op.drop_index("uq_open_table_owner", "open_table")
    with op.batch_alter_table("open_table") as batch_op:
        batch_op.add_column(sa.Column("options", sa.Text(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("players", sa.Integer(), nullable=False, server_default="2"))
        batch_op.add_column(sa.Column("grace", sa.Integer(), nullable=True))
    with op.batch_alter_table("open_table") as batch_op:
        batch_op.alter_column("options", existing_type=sa.Text(), server_default=None)
        batch_op.alter_column("players", existing_type=sa.Integer(), server_default=None)
    _make_owner_index(_TABLE)
    op.create_index(
        "uq_open_table_proposal",
        "open_table",
        ["owner_id"],
        unique=True,
        sqlite_where=_PROPOSAL,
        postgresql_where=_PROPOSAL,
    )

    op.create_table(
        "table_seat",
        sa.Column("table_id", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("user_id", _USER, nullable=True),
        sa.Column("invitee_id", _USER, nullable=True),
        sa.Column("bot", sa.String(length=16), nullable=True),
        sa.Column("bot_name", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["open_table.id"],
            name=op.f("fk_table_seat_table_id_open_table"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_table_seat_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitee_id"],
            ["user.id"],
            name=op.f("fk_table_seat_invitee_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("table_id", "seat", name=op.f("pk_table_seat")),
    )
    op.create_index(op.f("ix_table_seat_user_id"), "table_seat", ["user_id"])
    op.create_index(op.f("ix_table_seat_invitee_id"), "table_seat", ["invitee_id"])
    # What stands open already: its owner, and whoever is challenged.
    op.execute(
        "INSERT INTO table_seat (table_id, seat, user_id) SELECT id, 0, owner_id FROM open_table"
    )
    op.execute(
        "INSERT INTO table_seat (table_id, seat, invitee_id) "
        "SELECT id, 1, invitee_id FROM open_table WHERE invitee_id IS NOT NULL"
    )
    # An account stands in every rated game's list from its first day.
    stands = sa.text(
        "INSERT INTO rating (user_id, game, value, won, drawn, lost) "
        "SELECT user_id, 'scopa', :start, 0, 0, 0 FROM rating WHERE game = 'uttt'"
    )
    op.execute(stands.bindparams(start=current_app.extensions["house"].config.RATING_START))


def downgrade() -> None:
    # What an older house cannot hold goes: matches and tables of scopa.
    op.drop_table("table_seat")
    op.execute("DELETE FROM open_table WHERE grace IS NOT NULL OR players <> 2 OR game = 'scopa'")
    op.drop_index("uq_open_table_proposal", "open_table")
    op.drop_index("uq_open_table_owner", "open_table")
    with op.batch_alter_table("open_table") as batch_op:
        batch_op.drop_column("grace")
        batch_op.drop_column("players")
        batch_op.drop_column("options")
    _make_owner_index(_OLD_TABLE)

    for table in ("rating_change", "move", "seat"):
        op.execute(
            f"DELETE FROM {table} WHERE match_id IN (SELECT id FROM match WHERE game = 'scopa')"
        )
    op.execute("UPDATE match SET previous_id = NULL WHERE game = 'scopa'")
    op.execute("DELETE FROM match WHERE game = 'scopa'")
    op.execute("DELETE FROM rating WHERE game = 'scopa'")
    _drop_seat_indexes()
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_column("bot_name")
        batch_op.drop_column("bot")
        batch_op.alter_column("user_id", existing_type=_USER, nullable=False)
    _make_seat_indexes()
    # Not in a batch: for that SQLite copies the table, and empties those that refer to the old one.
    op.drop_column("match", "grace")


def _make_owner_index(where: sa.TextClause) -> None:
    op.create_index(
        "uq_open_table_owner",
        "open_table",
        ["owner_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _drop_seat_indexes() -> None:
    for name in ("ix_seat_user", "ix_seat_open", "ix_seat_untold"):
        op.drop_index(name, "seat")


def _make_seat_indexes() -> None:
    op.create_index("ix_seat_user", "seat", ["user_id", "match_id"])
    op.create_index("ix_seat_open", "seat", ["user_id"], **_OPEN)
    op.create_index("ix_seat_untold", "seat", ["user_id"], **_UNTOLD)
