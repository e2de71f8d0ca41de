"""What the tables share."""

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase

Id = String(32)


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can change it on any database."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
