"""CVs of people on the roster: kept as files of resources are, and only as long as somebody may read them."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hub.resources import files
from hub.resources.files import FileRefused, Format
from hub.review.models import Member

LARGEST = 5 * files.MEGABYTE
FORMATS = (Format.PDF, Format.DOCX, Format.ODT)
TOO_LARGE = _("The file is larger than 5 MB. Make it smaller, and choose it again.")
UNKNOWN = _("This is not a PDF, DOCX or ODT file, whatever its name says. Choose another one.")


def check(upload: File) -> Format:
    """Which kind of document this is, by its content. Raises FileRefused."""
    if upload.size > LARGEST:
        raise FileRefused(TOO_LARGE)
    try:
        found = files.check(upload.file, upload.size).format
    except FileRefused as problem:
        raise FileRefused(UNKNOWN if problem.message == files.UNKNOWN else problem.message) from None
    if found not in FORMATS:
        raise FileRefused(UNKNOWN)
    return found


def keep(member: Member, upload: File, found: Format) -> None:
    """Put a CV that was checked in the place of the one before; the member is saved by the caller."""
    forget(member)
    member.cv_stored = files.store(upload.file)
    member.cv_name = files.safe_name(upload.name or "", found)
    member.cv_format = found


def forget(member: Member) -> None:
    """Take the CV away, and delete it when the transaction has ended well; the member is saved by the caller."""
    if name := member.cv_stored:
        transaction.on_commit(lambda: files.default_storage.delete(name))
    member.cv_stored = member.cv_name = member.cv_format = ""


def lost() -> list[str]:
    """The stored names whose content is not in the folder of files."""
    names = Member.objects.exclude(cv_stored="").values_list("cv_stored", flat=True).iterator()
    return [name for name in names if not files.default_storage.exists(name)]
