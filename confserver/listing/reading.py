"""Reads a page of any list that is small enough to be counted each time.

Which rows, and in which order, the list itself knows.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from confserver.listing.page import Page
from confserver.store.store import Store


async def read_rows(store: Store, page: Page, wanted: Select[Any]) -> tuple[int | None, Sequence[Any]]:
    """How many rows are wanted in all, if that is asked for, and those of the page. Raises Unavailable."""
    count = select(func.count()).select_from(wanted.order_by(None).subquery())

    def find(reading: Session) -> tuple[int | None, Sequence[Any]]:
        total = reading.scalar(count) if page.is_counted else None
        return total, reading.scalars(wanted.offset(page.skip).limit(page.top)).all()

    return await store.read(find)
