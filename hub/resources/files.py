"""Files of resources: is it what it says it is, and where it is kept.

A file is known by its content. Those that are archives inside (DOCX, PPTX, ODT) are counted first: how many entries,
and how large they say they become. Then each entry is unpacked once, a piece at a time, to see that it was said
rightly, and forgotten. Read are only the small parts that say what the others are. Nothing of an archive is kept
unpacked, nothing is ever run, and nothing is shown but images that were drawn again from their pixels.
"""

import hashlib
import io
import re
import secrets
import struct
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from hub.resources.models import Resource, ResourceFile
from hub.resources.states import ResourceError

Format = ResourceFile.Format
MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
MOST_FILES = 6
TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.ODT: "application/vnd.oasis.opendocument.text",
    Format.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Format.PNG: "image/png",
    Format.JPEG: "image/jpeg",
}
FOLDER = "resources"

# Archives: far more than any document needs, far less than a server notices.
MOST_ENTRIES = 5_000
LARGEST_UNPACKED = 200 * MEGABYTE
# Text packs well, but not a thousand times; a bomb does.
HIGHEST_RATIO = 150
# Below this size a high ratio harms nobody, as with a page of blanks.
HARMLESS = MEGABYTE
# At a time, while it is counted what an entry unpacks to.
PIECE = 64 * 1024
ENCRYPTED = 1
# What is read: the descriptions of the parts, one by one and together.
LARGEST_DESCRIPTION = 4 * MEGABYTE
LARGEST_DESCRIPTIONS = 16 * MEGABYTE
# In the types of parts and relationships: vbaProject, vbaData, macroEnabled, macrosheet.
MACRO = re.compile("vba|macro", re.IGNORECASE)

# Images: 40 million pixels are a poster in print quality.
MOST_PIXELS = 40_000_000
SHOWN_SIDE = 1600
SHOWN_TYPE = "image/png"


class FileRefused(ResourceError):
    """The file cannot be taken; the message says what to do about it."""

    def __init__(self, message):
        self.message = message


TOO_LARGE = _("The file is larger than 20 MB. Make it smaller, or give a web address instead.")
EMPTY = _("The file is empty. Choose another one.")
UNKNOWN = _("This is not a PDF, DOCX, ODT, PPTX, PNG or JPEG file, whatever its name says. Choose another one.")
DAMAGED = _("The file is damaged: we cannot read it to its end. Save it again, or choose another one.")
BOMB = _("The file unpacks to far more than a document holds. Save it again from the program that made it.")
TOO_MANY = _("A resource has up to 6 files. Remove one first.")
MACROS = _("The file holds macros, which could harm readers. Save it without macros.")
TOO_MANY_PIXELS = _("The image has more than 40 million pixels. Make it smaller.")


# What zipfile and expat raise for damaged, encrypted and otherwise unreadable archives.
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError)
UNREADABLE += (NotImplementedError, RuntimeError, EOFError, LookupError, OSError, ValueError)


@dataclass(frozen=True)
class Checked:
    """What is known of a file that may be kept."""

    format: Format
    # An image drawn again from its pixels as PNG, with its width and height.
    shown: bytes = b""
    width: int | None = None
    height: int | None = None


def check(stream: BinaryIO, size: int) -> Checked:
    """Recognise the file by its content. Raises FileRefused."""
    if size > LARGEST:
        raise FileRefused(TOO_LARGE)
    if not size:
        raise FileRefused(EMPTY)
    stream.seek(0)
    begin = stream.read(1024)
    if begin.startswith(b"%PDF-"):
        return check_pdf(stream, size)
    if begin.startswith(b"PK\x03\x04"):
        return check_archive(stream)
    if begin.startswith(b"\x89PNG\r\n\x1a\n"):
        return check_image(stream, Format.PNG)
    if begin.startswith(b"\xff\xd8\xff"):
        return check_image(stream, Format.JPEG)
    raise FileRefused(UNKNOWN)


def check_pdf(stream: BinaryIO, size: int) -> Checked:
    """A PDF says at its end where its parts are (ISO 32000-1, 7.5.5); what is cut off does not."""
    stream.seek(max(0, size - 2048))
    end = stream.read()
    if b"%%EOF" not in end or b"startxref" not in end:
        raise FileRefused(DAMAGED)
    return Checked(Format.PDF)


def check_archive(stream: BinaryIO) -> Checked:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            check_sizes(entries, archive.start_dir)
            check_content(stream, entries)
            found = kind_of(archive, {entry.filename for entry in entries})
    except UNREADABLE:
        raise FileRefused(DAMAGED) from None
    if not found:
        raise FileRefused(UNKNOWN)
    return Checked(found)


def check_sizes(entries: list[zipfile.ZipInfo], end: int) -> None:
    """Refuse what would unpack to too much, by what the archive says of itself, and entries that overlap."""
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(BOMB)
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise FileRefused(BOMB)
    for entry in entries:
        check_ratio(entry.file_size, entry.compress_size)
    # One packed part that several entries share is how an archive can unpack to more than its parts.
    ends = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < ends:
            raise FileRefused(BOMB)
        ends = entry.header_offset + entry.compress_size
    if ends > end:
        raise FileRefused(DAMAGED)


def check_ratio(size: int, packed: int) -> None:
    if size > HARMLESS and size > HIGHEST_RATIO * max(packed, 1):
        raise FileRefused(BOMB)


def check_content(stream: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that unpack to more than they say, or from less, or not to their end. Nothing of them is kept."""
    for entry in entries:
        size, packed = real_sizes(stream, entry)
        if size != entry.file_size:
            raise FileRefused(DAMAGED)
        check_ratio(size, packed)


def real_sizes(stream: BinaryIO, entry: zipfile.ZipInfo) -> tuple[int, int]:
    """How many bytes the entry really unpacks to, and from how many, whatever it says.

    One more than it says where that is too little. Raises FileRefused when it cannot be unpacked to its end.
    """
    if entry.flag_bits & ENCRYPTED:
        raise FileRefused(DAMAGED)
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size, entry.compress_size
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise FileRefused(DAMAGED)
    # The names in the entry's own header may have other lengths than those in the list at the end (APPNOTE, 4.3.7).
    stream.seek(entry.header_offset + 26)
    stream.seek(entry.header_offset + 30 + sum(struct.unpack("<HH", stream.read(4))))
    inflater, packed, size = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
    while packed < entry.compress_size and not inflater.eof:
        piece = stream.read(min(entry.compress_size - packed, PIECE))
        if not piece:
            raise FileRefused(DAMAGED)
        packed += len(piece)
        while piece and not inflater.eof:
            size += len(inflater.decompress(piece, PIECE))
            if size > entry.file_size:
                return entry.file_size + 1, packed
            piece = inflater.unconsumed_tail
    if not inflater.eof:
        raise FileRefused(DAMAGED)
    return size, packed - len(inflater.unused_data)


def kind_of(archive: zipfile.ZipFile, names: set[str]) -> Format | None:
    """Which kind of document has these parts, as its own description says."""
    if "mimetype" in names and read_part(archive, "mimetype").strip() == TYPES[Format.ODT].encode():
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise FileRefused(MACROS)
        return Format.ODT if "content.xml" in names else None
    if "[Content_Types].xml" not in names:
        return None
    types = types_of_parts(archive)
    # Whatever the part is called, its type or that of the relationship to it says what it is.
    if any(name.lower().endswith("vbaproject.bin") for name in names) or any(map(MACRO.search, types)):
        raise FileRefused(MACROS)
    for format_, part in ((Format.DOCX, "word/document.xml"), (Format.PPTX, "ppt/presentation.xml")):
        if part in names and f"{TYPES[format_]}.main+xml" in types:
            return format_
    return None


def types_of_parts(archive: zipfile.ZipFile) -> set[str]:
    """The types of all parts and relationships in an archive of ECMA-376, part 2."""
    # Names of parts are the same whatever their case (6.2.2.3); of two the programs would read one, and we another.
    described = [name for name in archive.namelist() if name.lower().endswith((".rels", "[content_types].xml"))]
    if len({name.lower() for name in described}) != len(described):
        raise FileRefused(DAMAGED)
    if sum(archive.getinfo(name).file_size for name in described) > LARGEST_DESCRIPTIONS:
        raise FileRefused(BOMB)
    return set().union(*(types_in(read_part(archive, name)) for name in described))


def types_in(description: bytes) -> set[str]:
    """The values of the attributes `ContentType` and `Type` in an XML text; one with a DTD is refused unread."""
    found: set[str] = set()

    def note(_name: str, attributes: dict[str, str]) -> None:
        found.update(attributes[name].strip() for name in ("ContentType", "Type") if name in attributes)

    def refuse(*_declared) -> None:
        # These files have no DTD (ECMA-376, part 2, 6.2.5), and only one could declare entities.
        raise FileRefused(DAMAGED)

    parser = expat.ParserCreate()
    parser.StartElementHandler = note
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(description, True)
    return found


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small part of the archive, which may lie about its size."""
    with archive.open(name) as part:
        found = part.read(LARGEST_DESCRIPTION + 1)
    if len(found) > LARGEST_DESCRIPTION:
        raise FileRefused(BOMB)
    return found


def check_image(stream: BinaryIO, format_: Format) -> Checked:
    """Draw the image again, no larger than for showing: nothing but pixels is left in what readers see."""
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            # Our own limit is below the one that Pillow warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream, formats=[format_.upper()]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise FileRefused(TOO_MANY_PIXELS)
                image.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
                image.load()
                upright = ImageOps.exif_transpose(image)
                drawn = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
                drawn.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
                # A fresh image has no profile, no text and no position of the camera.
                fresh = Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
    except Image.DecompressionBombError:
        raise FileRefused(TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, zlib.error):
        # What Pillow's decoders raise for files that are cut off or made up.
        raise FileRefused(DAMAGED) from None
    out = io.BytesIO()
    fresh.save(out, "PNG", optimize=False)
    return Checked(format_, out.getvalue(), fresh.width, fresh.height)


# Keeping


def keep(resource: Resource, upload: File, language: str = "") -> ResourceFile:
    """Keep the file with the resource, or return the same file that it has already. Raises FileRefused."""
    checked = check(upload.file, upload.size)
    with transaction.atomic():
        # Two uploads at once must not both be the sixth.
        Resource.objects.select_for_update().get(pk=resource.pk)
        digest = digest_of(upload.file)
        if same := resource.files.filter(sha256=digest).first():
            return same
        if resource.files.count() >= MOST_FILES:
            raise FileRefused(TOO_MANY)
        return resource.files.create(
            format=checked.format,
            language=language,
            name=safe_name(upload.name or "", checked.format),
            size=upload.size,
            sha256=digest,
            stored=store(upload.file),
            shown=store(io.BytesIO(checked.shown)) if checked.shown else "",
            shown_width=checked.width,
            shown_height=checked.height,
        )


def copy(file: ResourceFile, resource: Resource) -> None:
    """Keep with another resource what was checked already; what is lost from the folder of files is left out."""
    names = {}
    try:
        for name in ("stored", "shown"):
            if kept := getattr(file, name):
                with open_stored(kept) as stream:
                    names[name] = store(stream)
    except FileNotFoundError:
        return
    facts = ("format", "language", "name", "size", "sha256", "shown_width", "shown_height")
    resource.files.create(**{name: getattr(file, name) for name in facts}, **names)


def digest_of(stream: BinaryIO) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()


def store(stream: BinaryIO) -> str:
    """Keep the content under a name that nobody can guess, outside of all that is served; returns the name."""
    stream.seek(0)
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(20)}", File(stream))


def open_stored(stored: str) -> BinaryIO:
    return default_storage.open(stored)


def lost() -> list[str]:
    """The stored names whose content is not in the folder of files."""
    names = ResourceFile.objects.values_list("stored", "shown").iterator()
    return [name for pair in names for name in pair if name and not default_storage.exists(name)]


def remove(file: ResourceFile) -> None:
    """Delete the file, and its content when the transaction has ended well."""
    names = [name for name in (file.stored, file.shown) if name]
    file.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])


EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
LONGEST_NAME = 100


def safe_name(name: str, format_: Format) -> str:
    """The name of the upload without what is no word in it, with the extension of what it is."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = EXTENSION.sub("", name)
    stem = re.sub(r"[^\w .()-]", "", stem).strip(" .")[:LONGEST_NAME]
    return f"{stem or 'resource'}.{'jpg' if format_ == Format.JPEG else format_}"
