"""Files as people send them: good ones, and those that lie."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
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


def docx(**parts: bytes) -> bytes:
    described = f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'.encode()
    return archive({"[Content_Types].xml": described, "word/document.xml": b"<w:document/>"} | parts)


def lying(content: bytes, size: int, says: int) -> bytes:
    """The archive with `says` wherever it tells that an entry unpacks to `size` bytes."""
    return content.replace(size.to_bytes(4, "little"), says.to_bytes(4, "little"))


def png(side=8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "PNG")
    return out.getvalue()
