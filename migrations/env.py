"""Alembic's environment: the app's database, one worker at a time."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.extensions import db
from app.store.base import UtcDateTime
from app.store.locks import MIGRATION
from app.store.patience import wait_long


def render_item(kind, item, autogen_context):
    """Migrations stand alone: they name plain SQLAlchemy types, not the app's."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    # A writer from the start: of several workers that come up together, one migrates, and the
    # others wait and then find it done.
    engine = db.engine.execution_options(parlour_writes=True)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            wait_long(connection)  # until another is through, or an index is made
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION})"))
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_item,
            render_as_batch=True,
            **{
                key: value
                for key, value in current_app.extensions["migrate"].configure_args.items()
                if key != "render_as_batch"
            },
        )
        with context.begin_transaction():
            context.run_migrations()


run()
