"""Alembic's entry: runs the migrations on the engine it was handed."""

from alembic import context
from sqlalchemy import Engine
from sqlmodel import SQLModel

from service.store import tables

assert tables  # importing it is what fills the metadata

engine: Engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, user_module_prefix=""
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
