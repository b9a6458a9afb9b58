"""What becomes of files that people send: never more of them than any page takes is kept."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# A little more than the largest file that a page takes; the page says so when a file is larger.
KEPT_BYTES = 21 * 1024 * 1024
# Up to here all that is sent is read, so that the answer comes with the texts of the form; beyond, nothing is.
READ_BYTES = 256 * 1024 * 1024


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes files to the disk up to KEPT_BYTES of a request, and lets the rest pass by.

    A file still knows how large it was. The texts of the form are read to its end, so that they can be given back
    together with the reason why the file was not taken.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.written = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 (Django's name)
        if content_length > READ_BYTES:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data, start):
        room = KEPT_BYTES - self.written
        if room > 0:
            piece = raw_data[:room]
            self.written += len(piece)
            super().receive_data_chunk(piece, start)
