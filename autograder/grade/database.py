"""How this process talks to an SQLite gradebook: many short writes, and readers beside them.

nbgrader opens a new connection for every step and commits each by itself. With the write-ahead
log and `synchronous=NORMAL` a commit waits for no disk, and a formgrader may read meanwhile. A
power cut may lose the last commits, never damage the file: `ledger` compares with the gradebook
before it believes that something is done. PostgreSQL is left as it is.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

PATIENCE = 60_000  # milliseconds to wait for another program's transaction


def quick_sqlite() -> None:
    """Set up every SQLite connection that SQLAlchemy makes in this process from now on."""
    if not event.contains(Engine, "connect", _set_up):
        event.listen(Engine, "connect", _set_up)


def _set_up(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
