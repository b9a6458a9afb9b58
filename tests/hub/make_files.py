"""Files as people send them: good ones, and those that lie."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = WORD.replace("wordprocessingml.document", "presentationml.presentation")
VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"


def upload(name: str, content: bytes, kind="application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def pdf(name="report.pdf", extra=b"") -> SimpleUploadedFile:
    return upload(name, PDF.replace(b"endobj", b"endobj" + extra))


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return out.getvalue()


def described(*types: str) -> bytes:
    """The description of a document with such parts."""
    overrides = "".join(f'<Override PartName="/part{n}" ContentType="{each}"/>' for n, each in enumerate(types))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{overrides}</Types>'
    ).encode()


def related(*types: str) -> bytes:
    """What a part says of its relationships."""
    relations = "".join(f'<Relationship Id="r{n}" Type="{each}" Target="x"/>' for n, each in enumerate(types))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
        "</Relationships>"
    ).encode()


def docx(**parts: bytes) -> bytes:
    return archive({"[Content_Types].xml": described(WORD), "word/document.xml": b"<w:document/>"} | parts)


def pptx(**parts: bytes) -> bytes:
    return archive({"[Content_Types].xml": described(SLIDES), "ppt/presentation.xml": b"<p:presentation/>"} | parts)


def lying(content: bytes, size: int, says: int) -> bytes:
    """The archive with `says` wherever it tells that an entry unpacks to `size` bytes."""
    return content.replace(size.to_bytes(4, "little"), says.to_bytes(4, "little"))


def bomb_with_padding() -> bytes:
    """An archive whose bomb is followed by bytes that it counts as its own, so that the ratio looks harmless."""
    name, size, padding = b"word/media.bin", 30_000_000, b"\0" * 400_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(b"\0" * size) + packer.flush() + padding
    good = docx()
    end = good.rindex(b"PK\5\6")
    listed_at = int.from_bytes(good[end + 16 : end + 20], "little")
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, zlib.crc32(b"\0" * size), len(packed), size, len(name), 0)
    entry = b"PK\3\4" + common + name + packed
    listing = good[listed_at:end] + b"PK\1\2\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 0, listed_at) + name
    count = int.from_bytes(good[end + 8 : end + 10], "little") + 1
    closing = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listing), listed_at + len(entry), 0)
    return good[:listed_at] + entry + listing + closing


def png(side=8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "PNG")
    return out.getvalue()
