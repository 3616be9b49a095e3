"""Files as pupils, teachers and enemies make them, by the code each must get; None for those that are to be read."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import docx
from fpdf import FPDF
from PIL import Image
from pypdf import PdfWriter

ESSAY = (
    "My grandmother taught me how to bake bread when I was seven years old. Every Saturday we stood in her small "
    "kitchen and waited for the dough to rise.",
    "Åsa and I still do it. We think that “slow” work is the best kind — it smells like home.",
)
SWEDISH = (
    "Min mormor lärde mig att baka bröd när jag var sju år. Varje lördag stod vi i hennes lilla kök och väntade på "
    "att degen skulle jäsa.",
    "Åsa och jag gör det fortfarande. Ärligt talat är det den bästa stunden på hela veckan.",
)
ARABIC = "هذه قصة قصيرة عن جدتي التي علمتني كيف أخبز الخبز في مطبخها الصغير كل يوم سبت في الصباح"
HEBREW = "זה סיפור קצר על סבתא שלי שלימדה אותי לאפות לחם במטבח הקטן שלה בכל יום שבת"
EMOJI = "I was so happy that day 😀🎉 and my whole family 👨‍👩‍👧‍👦 was there to see it happen 🇸🇪 at last."


@dataclass(frozen=True)
class Case:
    """One file and what it must come to."""

    name: str
    body: bytes
    code: str | None
    says: str = ""
    """What the reason must name, where the code alone does not say it."""


def text_of(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(paragraphs)


# --- Word


def a_docx(paragraphs: Iterable[str] = ESSAY, change: Callable[..., None] | None = None) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if change:
        change(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def a_docx_of(body: str, **parts: str) -> bytes:
    """A Word document whose XML is written by hand; further parts by their names in `word/`."""
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    files = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>",
    }
    files |= {
        f"word/{name}.xml": f"<w:{name} {names}>{inner}</w:{name}>" for name, inner in parts.items()
    }
    return a_zip(files)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


# --- OpenDocument

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_ODF_NAMES = " ".join(
    f'xmlns:{short}="{_ODF}{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("table", "table"),
        ("draw", "drawing"),
    )
)


def an_odt(body: str | None = None, *, before: str = "", styles: str = "", **extra: str) -> bytes:
    body = body if body is not None else "".join(f"<text:p>{each}</text:p>" for each in ESSAY)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_ODF_NAMES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return a_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest/>",
            **extra,
        }
    )


# --- RTF


def an_rtf(*paragraphs: str) -> bytes:
    """As Word writes it: what is not ASCII as \\u, in two halves where it takes two."""

    def escaped(text: str) -> str:
        wide = text.encode("utf-16-le")
        units = struct.unpack(f"<{len(wide) // 2}h", wide)
        return "".join(chr(u) if 0 < u < 128 else f"\\u{u}?" for u in units)

    body = "\\par\n".join(escaped(each) for each in paragraphs or ESSAY)
    return f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Arial;}}}}\\f0 {body}}}".encode("ascii")


# --- PDF


def a_pdf(paragraphs: Iterable[str] = ESSAY, *, pages: int = 1, align: str = "L") -> bytes:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for _ in range(pages):
        pdf.add_page()
        for paragraph in paragraphs:
            plain = paragraph.translate(str.maketrans("“”—’", '""-\''))
            pdf.multi_cell(0, 6, plain, align=align)
            pdf.ln(4)
    return bytes(pdf.output())


def a_locked_pdf(password: str, algorithm: str = "RC4-128") -> bytes:
    writer = PdfWriter(clone_from=BytesIO(a_pdf()))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def a_scanned_pdf() -> bytes:
    pdf = FPDF()
    for shade in (0, 200):
        pdf.add_page()
        pdf.image(Image.new("L", (60, 80), shade), w=180)
    return bytes(pdf.output())


def a_pdf_of_stream(packed: bytes, *, filters: int = 1) -> bytes:
    """A PDF whose only page has a content stream that was packed by somebody else, perhaps several times over."""
    names = "[" + " /FlateDecode" * filters + "]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>",
        f"<< /Length {len(packed)} /Filter {names} >>\nstream\n".encode() + packed + b"\nendstream",
    ]
    return _pdf_of(objects)


def a_pdf_in_circles() -> bytes:
    """Its pages are their own parents, and one of its forms draws itself."""
    return _pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 99999 /Parent 2 0 R >>",
        ]
    )


def a_nested_pdf(depth: int = 100_000) -> bytes:
    return _pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids " + b"[" * depth + b"]" * depth + b" /Count 1 >>",
        ]
    )


def _pdf_of(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


# --- archives


def a_zip(files: dict[str, str | bytes], *, method: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body, ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def a_zip_of_entries(entries: Iterable[tuple[ZipInfo, bytes]]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for info, body in entries:
            archive.writestr(info, body)
    return out.getvalue()


def a_link(name: str, to: str) -> tuple[ZipInfo, bytes]:
    info = ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return info, to.encode()


def locked(archive: bytes) -> bytes:
    """The same archive with every member marked as encrypted, in both places."""
    changed = bytearray(archive)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(sign, at + 4)
    return bytes(changed)


def lying(archive: bytes, says: int = 10) -> bytes:
    """The same archive, whose members say that they are small."""
    changed = bytearray(archive)
    for sign, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(sign)
        while at >= 0:
            struct.pack_into("<I", changed, at + offset, says)
            at = changed.find(sign, at + 4)
    return bytes(changed)


def nested_zip(levels: int) -> bytes:
    inner = a_zip({"essay.txt": text_of(ESSAY)})
    for _ in range(levels):
        inner = a_zip({"inner.zip": inner})
    return inner


# --- XML attacks

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)).replace("&a0;", "&a;")
    + "]>"
)
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


def a_docx_with(before: str, said: str) -> bytes:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return a_zip(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"{before}<w:document {names}><w:body>{par(run(said * 60))}"
            "</w:body></w:document>",
        }
    )


def a_legacy_doc() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "WordDocument".encode("utf-16-le") * 40
    )


def a_locked_docx() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le") * 9
    )


def good() -> Iterator[Case]:
    """Files that are to be read."""
    yield Case("plain.txt", text_of(ESSAY).encode(), None)
    yield Case("word.docx", a_docx(), None)
    yield Case("open.odt", an_odt(), None)
    yield Case("rich.rtf", an_rtf(), None)
    yield Case("printed.pdf", a_pdf(), None)
    yield Case(
        "two hundred pages.pdf",
        a_pdf(["A short page, but there are many of them."], pages=200),
        None,
    )
    yield Case("opens without a password.pdf", a_locked_pdf(""), None)
    yield Case("opens without a password, AES.pdf", a_locked_pdf("", "AES-256"), None)
    yield Case("arabic.docx", a_docx([ARABIC]), None)
    yield Case("hebrew.odt", an_odt(f"<text:p>{HEBREW}</text:p>"), None)
    yield Case("arabic.rtf", an_rtf(ARABIC), None)
    yield Case("emoji.docx", a_docx([EMOJI]), None)
    yield Case("emoji.rtf", an_rtf(EMOJI), None)
    yield Case(
        "a page about pages.txt",
        b"<html> is how every page begins, and </html> is how it ends, I was told.",
        None,
    )


def bad() -> Iterator[Case]:
    """Files that are to be refused, each for what is wrong with it."""
    word, opened, printed = a_docx(), an_odt(), a_pdf()
    yield from (
        Case(f"nothing{ending}", b"", "empty")
        for ending in (".txt", ".docx", ".odt", ".rtf", ".pdf")
    )
    yield Case("no text.docx", a_docx([]), "empty")
    yield Case("short.docx", a_docx(["Too short."]), "too_short")
    yield Case("novel.docx", a_docx(["It was a dark and stormy night. " * 2000]), "too_long")
    yield Case("novel.pdf", a_pdf(["It was a dark and stormy night. " * 40], pages=60), "too_long")
    yield Case("pages.pages", b"anything", "unsupported_type")
    yield Case("old.doc", a_legacy_doc(), "legacy_doc")
    yield Case("rich.doc", an_rtf(), "wrong_content", ".rtf")
    yield Case("old.docx", a_legacy_doc(), "wrong_content", "old Office")
    yield Case("printed.docx", printed, "wrong_content", "a PDF")
    yield Case("word.pdf", word, "wrong_content", ".docx")
    yield Case("word.odt", word, "wrong_content", ".docx")
    yield Case("word.txt", word, "wrong_content", ".docx")
    yield Case("open.docx", opened, "wrong_content", ".odt")
    yield Case("rich.txt", an_rtf(), "wrong_content", ".rtf")
    yield Case("plain.rtf", text_of(ESSAY).encode(), "wrong_content", "plain text")
    yield Case("photo.pdf", b"\xff\xd8\xff\xe0" + b"\0" * 99, "wrong_content", "a picture")
    yield Case(
        "page.docx", b"<!DOCTYPE html><html><p>Hello</p></html>", "wrong_content", "a web page"
    )
    yield Case("files.docx", a_zip({"a.txt": "x"}), "wrong_content", "a zip archive")
    yield Case(
        "sheet.docx",
        a_zip({"[Content_Types].xml": "", "xl/workbook.xml": ""}),
        "wrong_content",
        "Excel",
    )
    yield Case("noise.docx", bytes(range(256)) * 4, "damaged")
    yield Case("locked.pdf", a_locked_pdf("secret"), "encrypted_pdf")
    yield Case("locked, AES.pdf", a_locked_pdf("secret", "AES-256"), "encrypted_pdf")
    yield Case("locked.docx", a_locked_docx(), "encrypted_document")
    yield Case(
        "locked.odt",
        an_odt(**{"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        "encrypted_document",
    )
    yield Case("members locked.docx", locked(word), "archive_encrypted")
    yield Case("scanned.pdf", a_scanned_pdf(), "image_only_pdf")
    yield from (
        Case(f"torn.{kind}", body[: len(body) // 2], "damaged")
        for kind, body in (("docx", word), ("odt", opened))
    )
    yield Case("torn.pdf", printed[:60], "damaged")
    yield Case("no pages.pdf", b"%PDF-1.7\n%%EOF", "damaged")
    yield Case(
        "no text part.docx",
        a_zip({"[Content_Types].xml": "<Types/>", "word/styles.xml": "<x/>"}),
        "damaged",
    )
    yield Case(
        "broken xml.docx",
        a_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document"}),
        "damaged",
    )
    yield from hostile()


def hostile() -> Iterator[Case]:
    """Files that were made to do harm."""
    yield Case("entities.docx", a_docx_with(LAUGHS, "&a9;"), "unsafe_xml")
    yield Case("file of ours.docx", a_docx_with(XXE, "&f;"), "unsafe_xml")
    yield Case("entities.odt", an_odt("<text:p>&a9;</text:p>", before=LAUGHS), "unsafe_xml")
    doctype = "<!DOCTYPE office:document-content [<!ELEMENT x ANY>]>"
    yield Case("document type.odt", an_odt(before=doctype), "unsafe_xml")
    yield Case("file of ours.odt", an_odt("<text:p>&f;</text:p>", before=XXE), "unsafe_xml")
    yield Case("deep.docx", a_docx_of("<w:p>" * 5000 + "</w:p>" * 5000), "unsafe_xml")
    bomb = {"[Content_Types].xml": "<Types/>", "word/document.xml": b" " * (60 << 20)}
    yield Case("bomb.docx", a_zip(bomb), "archive_bomb")
    yield Case("lying bomb.docx", lying(a_zip(bomb)), "damaged")
    yield Case("bomb.odt", an_odt(" " * (60 << 20)), "archive_bomb")
    yield Case(
        "5001 parts.docx",
        a_zip(
            {"[Content_Types].xml": "", "word/document.xml": ""}
            | {f"word/{n}": "" for n in range(5001)}
        ),
        "archive_too_many",
    )
    yield Case("bomb.pdf", a_pdf_of_stream(zlib.compress(b" " * (200 << 20))), "archive_bomb")
    twice = zlib.compress(zlib.compress(b" " * (200 << 20)))
    yield Case("bomb in a bomb.pdf", a_pdf_of_stream(twice, filters=2), "archive_bomb")
    yield Case("circles.pdf", a_pdf_in_circles(), "damaged")
    yield Case("nested.pdf", a_nested_pdf(), "damaged")
    yield Case(
        "cyrillic.txt",
        "Она сказала: я не знаю, что это такое, и ушла домой.".encode("cp1251"),
        "undecodable",
    )


def archives() -> Iterator[Case]:
    """Archives that are refused as a whole."""
    essay = text_of(ESSAY)
    yield Case("nothing.zip", b"", "empty")
    yield Case("no files.zip", a_zip({}), "empty")
    yield Case(
        "litter.zip", a_zip({"__MACOSX/._a.txt": "x", ".DS_Store": "x", "Thumbs.db": "x"}), "empty"
    )
    yield Case("plain.zip", essay.encode(), "wrong_content", "plain text")
    yield Case("word.zip", a_docx(), "wrong_content", ".docx")
    yield Case("torn.zip", a_zip({"a.txt": essay * 99})[:-40], "damaged")
    yield Case("bomb.zip", a_zip({"a.txt": b" " * (30 << 20)}), "archive_bomb")
    yield Case(
        "many small bombs.zip",
        a_zip({f"{n}.txt": b" " * (1 << 20) for n in range(120)}),
        "archive_bomb",
    )
    yield Case("5001 files.zip", a_zip({f"{n}.txt": "x" for n in range(5001)}), "archive_too_many")


def members() -> Iterator[Case]:
    """Archives with one member that is refused by itself."""
    essay = text_of(ESSAY).encode()
    yield Case("nested.zip", nested_zip(1), "archive_too_deep")
    yield Case("nested again and again.zip", nested_zip(9), "archive_too_deep")
    yield Case("climbs.zip", a_zip({"../../../tmp/climbed.txt": essay}), "unsafe_path")
    yield Case("climbs on windows.zip", a_zip({"..\\..\\climbed.txt": essay}), "unsafe_path")
    yield Case("absolute.zip", a_zip({"/etc/passwd.txt": essay}), "unsafe_path")
    yield Case("drive.zip", a_zip({"C:/essay.txt": essay}), "unsafe_path")
    yield Case("link.zip", a_zip_of_entries([a_link("essay.txt", "/etc/passwd")]), "unsafe_path")
    yield Case("locked.zip", locked(a_zip({"a.txt": essay})), "archive_encrypted")
    yield Case("lying.zip", lying(a_zip({"a.txt": essay})), "damaged")
    yield Case("other packing.zip", a_zip({"a.txt": essay}, method=14), "damaged")


def every(cases: Iterable[Case]) -> dict[str, Case]:
    return {case.name: case for case in cases}
