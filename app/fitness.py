"""Whether the data is fit to be worked with, looked into before anything is done to it.

A damaged file is only read here, so that whoever repairs it finds it as it was.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from app.services.trouble import TO_DO
from app.store.faults import ERRORS, Fault, fault_of
from config import Config

# A whole look takes 2 ms a megabyte. A greater file is looked through by each backup, and the
# database itself notices what is wrong with a page when it reads it.
WHOLE_LOOK_BYTES: Final = 64 * 1024 * 1024
LONGEST: Final = 200  # characters of the database's own words


class Unfit(Exception):
    """The house cannot work with its data: which file, what is wrong with it, and what to do."""


@contextmanager
def in_words() -> Iterator[None]:
    """Raise what is wrong with the database as `Unfit`; every other exception as it is."""
    try:
        yield
    except ERRORS as error:
        fault = fault_of(error)
        if fault is None:
            raise
        cause = getattr(error, "orig", None) or error
        why = " ".join(str(cause).split())[:LONGEST]
        raise Unfit(f"the database is {fault.value} ({why}): {TO_DO[fault]}") from None


def examine(config: Config) -> None:
    """Look at the folder and at the database file of the house. Raises Unfit.

    A file that is not there yet is none to complain of, and other databases look after their own.
    """
    instance = Path(config.INSTANCE_PATH)
    if not os.access(instance, os.W_OK | os.X_OK):
        raise Unfit(f"{instance} is not writable: {TO_DO[Fault.READ_ONLY]}")
    if not config.database_url.startswith("sqlite:///"):
        return
    file = Path(config.database_url.removeprefix("sqlite:///"))
    if not file.exists():
        return
    if not os.access(file, os.R_OK | os.W_OK):
        raise Unfit(f"{file} is not writable: {TO_DO[Fault.READ_ONLY]}")
    try:
        problem = _problem(file)
    except sqlite3.DatabaseError as error:
        problem = str(error)
        fault = fault_of(error) or Fault.DAMAGED
    else:
        fault = Fault.DAMAGED
    if problem is not None:
        kept = " Nothing was changed." if fault is Fault.DAMAGED else ""
        raise Unfit(f"{file} is {fault.value} ({problem}).{kept} To do: {TO_DO[fault]}")


def _problem(file: Path) -> str | None:
    """What is wrong with a database file, in its own words. Raises sqlite3.DatabaseError."""
    # A connection that may write would, as the last one to close, move the log into the file.
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if file.stat().st_size > WHOLE_LOOK_BYTES:
            return None
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        return None if said == "ok" else " ".join(str(said).split())[:LONGEST]
