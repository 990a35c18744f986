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
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_analysis_match_id_match"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_analysis")),
    )


def downgrade() -> None:
    op.drop_table("analysis")
    op.drop_index(_ORDER, "rating")
    op.create_index(_ORDER, "rating", ["game", sa.text("value DESC"), "user_id"])
    # Not in a batch: for that SQLite copies the table, and empties those that refer to the old one.
    op.drop_column("rating", "automatic")
    op.drop_column("user", "automatic")
    op.drop_column("user", "language")
