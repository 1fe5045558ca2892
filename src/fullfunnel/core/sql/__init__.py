"""What queries of all rooms need beyond the ORM's words, the same for SQLite and PostgreSQL."""

from fullfunnel.core.sql.conditions import FEW, among, checked, checked_before, these
from fullfunnel.core.sql.texts import forget_deleted, keys_holding, text_index

__all__ = ["FEW", "among", "checked", "checked_before", "forget_deleted", "keys_holding", "text_index", "these"]
