"""Makes the demo class's Word and PDF files from the texts beside this module: `python -m tests.demo_class.make`.

The files are committed, so that the demo needs none of this; making them again gives the same bytes.
"""

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from fpdf import FPDF
from fpdf.enums import EncryptionMethod

import app.cli

TEXTS = Path(__file__).parent
FILES = Path(app.cli.__file__).parent / "demo_class"
AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
LOCKED = "Edvin Rask"

_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    '/officeDocument" Target="word/document.xml"/></Relationships>'
)
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}'
    "</w:body></w:document>"
)


def paragraphs_of(text: str) -> list[str]:
    """Lines that are not empty: each is a paragraph."""
    return [line for line in text.splitlines() if line.strip()]


def a_word_file(text: str) -> bytes:
    """A Word document with nothing in it but its paragraphs."""
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(each)}</w:t></w:r></w:p>'
        for each in paragraphs_of(text)
    )
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, part in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", _DOCUMENT.format(body)),
        ):
            archive.writestr(ZipInfo(name, AT.timetuple()[:6]), part)
    return out.getvalue()


def a_pdf_file(text: str, password: str | None = None) -> bytes:
    """A page as a word processor prints it; with a password, one that nobody can open without."""
    pdf = FPDF()
    pdf.core_fonts_encoding = "windows-1252"
    pdf.creation_date = AT
    pdf.set_producer("HuleEdu")
    pdf.set_compression(False)
    if password is not None:
        pdf.set_encryption("owner", password, EncryptionMethod.RC4)
    pdf.set_margin(25)
    pdf.add_page()
    pdf.set_font("Times", size=12)
    for paragraph in paragraphs_of(text):
        pdf.multi_cell(0, 6, paragraph, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)
    return bytes(pdf.output())


def made() -> dict[Path, bytes]:
    """Every file that is made, by where it belongs."""
    lists = json.loads((FILES / "pupils.json").read_text("utf-8"))
    files = {}
    for folder, pupils in lists.items():
        for pupil, name in pupils.items():
            source = TEXTS / folder / f"{pupil}.txt"
            if name.endswith(".txt"):
                continue
            text = source.read_text("utf-8")
            if name.endswith(".docx"):
                body = a_word_file(text)
            else:
                body = a_pdf_file(text, "edvin" if pupil == LOCKED else None)
            files[FILES / folder / name] = body
    return files


if __name__ == "__main__":
    for path, body in made().items():
        path.write_bytes(body)
        print(path.name, len(body))  # noqa: T201
