"""What other rooms do when something happens in a discussion.

Rooms know the discussions and not the other way round: settings.REACTIONS names, for each event, the
functions to call. They run in the transaction of the event, so that nothing is lost and nothing is told of
what did not happen; work that takes time is enqueued by them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.module_loading import import_string

left_out: ContextVar[str | None] = ContextVar("left_out", default=None)


def tell(event: str, **what) -> None:
    """Call each function that settings.REACTIONS lists for `event`, with what happened as keywords."""
    for name in settings.REACTIONS[event]:
        if not name.startswith(left_out.get() or "\0"):
            import_string(name)(**what)


@contextmanager
def without(room: str) -> Iterator[None]:
    """Let the room of this name hear nothing, for instance while old texts are brought in."""
    token = left_out.set(room)
    try:
        yield
    finally:
        left_out.reset(token)
