"""Run by alembic around the migrations: on the connection it is given, in the transaction that is open."""

from alembic import context

from confserver.store.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()
