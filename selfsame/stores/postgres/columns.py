"""The columns that tables are made of: ids, owners, times, and what names they get."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def row_id() -> Column:
    return Column("id", UUID, primary_key=True, server_default=text("gen_random_uuid()"))


def owner() -> Column:
    return Column("user_id", UUID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


def time(name: str, *, needed: bool = True) -> Column:
    default = func.now() if needed else None
    return Column(name, DateTime(timezone=True), nullable=not needed, server_default=default)


def words(name: str, length: int | None = None, default: str | None = None) -> Column:
    kind = String(length) if length else Text()
    return Column(name, kind, nullable=default is None, server_default=default)


def number(name: str) -> Column:
    return Column(name, Float(53), nullable=False, server_default=text("0"))


def cost(name: str) -> Column:
    return Column(name, Numeric(12, 6), nullable=False, server_default=text("0"))


def flag(name: str) -> Column:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def count(name: str) -> Column:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def document(name: str, default: str = "{}") -> Column:
    return Column(name, JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


def clone_key(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["clone_id", "user_id"],
        ["clones.id", "clones.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name=f"fk_{table}_clone_id_user_id",
    )
