"""Alembic's entry: one connection, one transaction, no models (the migrations are SQL)."""

from alembic import context
from sqlalchemy import NullPool, create_engine

with create_engine(context.config.attributes["url"], poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
