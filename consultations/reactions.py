"""What other rooms do when something happens in a discussion.

Rooms know the discussions and not the other way round: settings.REACTIONS names, for each event, the
functions to call. They run in the transaction of the event, so that nothing is lost and nothing is told of
what did not happen; work that takes time is enqueued by them.
"""

from django.conf import settings
from django.utils.module_loading import import_string


def tell(event: str, **what) -> None:
    """Call each function that settings.REACTIONS lists for `event`, with what happened as keywords."""
    for name in settings.REACTIONS[event]:
        import_string(name)(**what)
