"""What a file really is, by how it begins, whatever it is called."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from pipelines.extraction.archive import LISTED, MOST_LISTED
from pipelines.extraction.outcome import Refused

PDF, DOCX, ODT, RTF, ARCHIVE, OLE = "pdf", "docx", "odt", "rtf", "zip", "ole"
TEXT, HTML = "text", "html"

NAMES = {
    PDF: "a PDF",
    DOCX: "a Word document (.docx)",
    ODT: "an OpenDocument text (.odt)",
    RTF: "a rich text document (.rtf)",
    ARCHIVE: "a zip archive",
    OLE: "a document of an old Office program (.doc, .xls or .ppt)",
    TEXT: "plain text",
    "xlsx": "an Excel workbook",
    "pptx": "a PowerPoint presentation",
    "ods": "an OpenDocument spreadsheet",
    "odp": "an OpenDocument presentation",
    "pages": "an Apple Pages document",
    "picture": "a picture",
    HTML: "a web page",
    "packed": "a packed file of another kind than zip",
    "program": "a program",
    "sound": "a recording",
}
_STARTS = (
    (b"{\\rtf", RTF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x89PNG\r\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!\x1a\x07", "packed"),
    (b"\x1f\x8b\x08", "packed"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ", "packed"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
)
# These begin with letters that a text may begin with, too.
_WORDLIKE = (b"BM", b"MZ", b"ID3", b"BZh")
_PDF_WITHIN = 1024
_HTML_WITHIN = 512
_ODF = {
    b"application/vnd.oasis.opendocument.text": ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_OFFICE_PARTS, _ODF_PARTS = "[Content_Types].xml", {"content.xml", "META-INF/manifest.xml"}
_OFFICE = (("xl/", "xlsx"), ("ppt/", "pptx"), ("", DOCX))
_PAGES = {"Index/Document.iwa", "Index.zip", "index.xml"}
_TORN = ((_OFFICE_PARTS, DOCX), ("opendocument.text", ODT), ("Document.iwa", "pages"))


def kind_of(body: bytes) -> str | None:
    """One of `NAMES`, or None for what has no sign of its own."""
    start = body[:_PDF_WITHIN]
    if b"%PDF-" in start:
        return PDF
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(body)
    for magic, kind in _STARTS:
        if start.startswith(magic) and (magic not in _WORDLIKE or b"\0" in start):
            return kind
    if start[4:8] == b"ftyp":
        return "picture" if start[8:12] in {b"heic", b"heix", b"mif1", b"avif"} else "sound"
    if start[:_HTML_WITHIN].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return HTML
    return None


def is_text(body: bytes) -> bool:
    """Whether it could be plain text: no sign of another kind, and no NUL."""
    return kind_of(body) in {None, HTML} and b"\0" not in body[:_PDF_WITHIN]


def wrong_content(file_name: str, body: bytes) -> Refused:
    """The refusal of a file that is not what its name says; names what it is."""
    ending = file_name.rpartition(".")[2].lower()
    kind = kind_of(body) or (TEXT if is_text(body) else None)
    really = f"it is {NAMES[kind]}" if kind else "it has the form of no known document"
    return Refused("wrong_content", f"The file's name ends in .{ending}, but {really}.")


def _kind_of_zip(body: bytes) -> str:
    if body.count(LISTED) > MOST_LISTED:
        return _kind_of_torn_zip(body)
    try:
        with ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _HTML_WITHIN:
                with archive.open("mimetype") as member:
                    kind = _ODF.get(member.read(_HTML_WITHIN).strip())
                if kind:
                    return kind
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return _kind_of_torn_zip(body)
    if _OFFICE_PARTS in names:
        return next(kind for sign, kind in _OFFICE if any(name.startswith(sign) for name in names))
    if _ODF_PARTS.issubset(names):
        return ODT
    return ARCHIVE if _PAGES.isdisjoint(names) else "pages"


def _kind_of_torn_zip(body: bytes) -> str:
    """Of one that has lost its list of members; their names also stand where they begin."""
    for sign, kind in _TORN:
        if sign.encode() in body[: 1 << 16]:
            return kind
    return ARCHIVE
