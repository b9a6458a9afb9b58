"""How long something is kept, in months of the calendar."""

from calendar import monthrange
from datetime import datetime

from django.utils import timezone


def months_ago(months: int) -> datetime:
    """This time of this day, so many months before; the last day of a month that is too short for it."""
    now = timezone.now()
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
