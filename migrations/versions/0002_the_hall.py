"""the hall

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-21 10:56:55.576196
"""

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What was the deadline so far, `moved_at` and the seconds that a move could take.
_DEADLINE = {
    "sqlite": "UPDATE match SET deadline = "
    "strftime('%Y-%m-%d %H:%M:%f', moved_at, '+{seconds} seconds')",
    "postgresql": "UPDATE match SET deadline = moved_at + interval '{seconds} seconds'",
}


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)

    op.create_table(
        "broadcast",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    with op.batch_alter_table("broadcast", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_broadcast_until"), ["until"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("cipher", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_api_token_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "ban",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("network", sa.String(length=43), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_ban_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban")),
        sa.UniqueConstraint("network", name=op.f("uq_ban_network")),
        sa.UniqueConstraint("user_id", name=op.f("uq_ban_user_id")),
    )
    op.create_table(
        "joined",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("game_id", sa.String(length=32), nullable=False),
        sa.Column("spectating", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_joined_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_joined")),
    )
    with op.batch_alter_table("joined", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joined_game_id"), ["game_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room", sa.String(length=48), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_message_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_at"), ["at"], unique=False)
        batch_op.create_index("ix_message_room", ["room", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_user_id"), ["user_id"], unique=False)

    op.create_table(
        "open_table",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "invitee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("game", sa.String(length=16), nullable=False),
        sa.Column("variant", sa.String(length=32), nullable=False),
        sa.Column("rated", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("per_move", sa.Integer(), nullable=True),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("increment", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitee_id"],
            ["user.id"],
            name=op.f("fk_open_table_invitee_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_open_table_owner_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_table")),
    )
    with op.batch_alter_table("open_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_table_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_open_table_invitee_id"), ["invitee_id"], unique=False)
        batch_op.create_index("uq_open_table_challenge", ["owner_id", "invitee_id"], unique=True)
        batch_op.create_index(
            "uq_open_table_owner",
            ["owner_id"],
            unique=True,
            sqlite_where=sa.text("invitee_id IS NULL"),
            postgresql_where=sa.text("invitee_id IS NULL"),
        )

    op.create_table(
        "read_mark",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room", sa.String(length=48), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_read_mark_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "room", name=op.f("pk_read_mark")),
    )
    op.create_index(op.f("ix_read_mark_room"), "read_mark", ["room"])
    op.create_table(
        "watcher",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("worker_id", sa.String(length=32), nullable=False),
        sa.Column("match_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_watcher_match_id_match"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_watcher_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"],
            ["worker.id"],
            name=op.f("fk_watcher_worker_id_worker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watcher")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("watcher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watcher_match_id"), ["match_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_watcher_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_watcher_worker_id"), ["worker_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "reporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_report_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["user.id"],
            name=op.f("fk_report_reporter_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_reporter_id"), ["reporter_id"], unique=False)
        batch_op.create_index("uq_report_message", ["message_id", "reporter_id"], unique=True)

    # Column by column: SQLite would otherwise copy the table and drop the old one, and with it,
    # through their foreign keys, every seat and move.
    long_ago = sa.text("'1970-01-01 00:00:00'")
    time = sa.DateTime(timezone=True)
    op.add_column("match", sa.Column("deadline", time, server_default=long_ago, nullable=False))
    op.add_column("match", sa.Column("per_move", sa.Integer()))
    op.add_column("match", sa.Column("base", sa.Integer()))
    op.add_column("match", sa.Column("increment", sa.Integer()))
    op.add_column("match", sa.Column("left", sa.Text()))
    op.add_column("match", sa.Column("code", sa.String(32)))
    seconds = current_app.extensions["house"].config.MATCH_TTL
    op.execute(sa.text(_DEADLINE[op.get_bind().dialect.name].format(seconds=seconds)))
    op.execute(sa.text(f"UPDATE match SET per_move = {seconds}"))
    op.create_index(
        "ix_match_due",
        "match",
        ["deadline"],
        sqlite_where=sa.text("over = 0"),
        postgresql_where=sa.text("NOT over"),
    )
    op.add_column(
        "presence", sa.Column("address", sa.String(64), server_default="", nullable=False)
    )
    op.add_column(
        "user", sa.Column("admin", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("user", "admin")
    op.drop_column("presence", "address")
    op.drop_index("ix_match_due", table_name="match")
    for column in ("code", "left", "increment", "base", "per_move", "deadline"):
        op.drop_column("match", column)
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("uq_report_message")
        batch_op.drop_index(batch_op.f("ix_report_reporter_id"))
        batch_op.drop_index(batch_op.f("ix_report_closed_at"))

    op.drop_table("report")
    with op.batch_alter_table("watcher", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watcher_worker_id"))
        batch_op.drop_index(batch_op.f("ix_watcher_user_id"))
        batch_op.drop_index(batch_op.f("ix_watcher_match_id"))

    op.drop_table("watcher")
    op.drop_index(op.f("ix_read_mark_room"), table_name="read_mark")
    op.drop_table("read_mark")
    with op.batch_alter_table("open_table", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_open_table_owner",
            sqlite_where=sa.text("invitee_id IS NULL"),
            postgresql_where=sa.text("invitee_id IS NULL"),
        )
        batch_op.drop_index("uq_open_table_challenge")
        batch_op.drop_index(batch_op.f("ix_open_table_invitee_id"))
        batch_op.drop_index(batch_op.f("ix_open_table_created_at"))

    op.drop_table("open_table")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_user_id"))
        batch_op.drop_index("ix_message_room")
        batch_op.drop_index(batch_op.f("ix_message_at"))

    op.drop_table("message")
    with op.batch_alter_table("joined", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_joined_game_id"))

    op.drop_table("joined")
    op.drop_table("ban")
    op.drop_table("api_token")
    with op.batch_alter_table("broadcast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_broadcast_until"))

    op.drop_table("broadcast")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_at"))

    op.drop_table("audit")
