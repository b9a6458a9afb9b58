"""What stands in the log of a request that failed. Configured before the models are there, and so imports none."""

import logging

from django.core.exceptions import BadRequest, PermissionDenied
from django.http.multipartparser import MultiPartParserError

# What Django answers with an error page although nothing of ours is broken.
REFUSED = (PermissionDenied, BadRequest, MultiPartParserError)


class InOneLine(logging.Filter):
    """Leave the traceback out where a visitor was refused, so that real faults stand out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], REFUSED):
            record.exc_info = None
        return True
