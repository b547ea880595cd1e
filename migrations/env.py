"""Alembic's door: runs the numbered steps on the connection that govern.records.migrate hands over."""

from __future__ import annotations

from alembic import context

from govern.records import tables
from govern.records.base import Base

if not tables.__all__:
    raise RuntimeError("every table must be known before steps are compared with them")
context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata,
                  render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
