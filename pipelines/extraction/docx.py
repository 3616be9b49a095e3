"""Text out of Word documents (Office Open XML, ECMA-376 part 1).

What the pupil wrote and the teacher sees on paper: paragraphs, tables cell by cell, text boxes after the paragraph
they hang on, foot- and endnotes at the end. Left out: headers and footers (names, page numbers), comments, deleted and
moved-away text of tracked changes, hidden text, field codes.
"""

from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesNSImpl

from pipelines.extraction import paragraphs, xml_text
from pipelines.extraction.archive import Archive, Limits
from pipelines.extraction.outcome import Extracted, damaged
from pipelines.extraction.xml_text import Tag, TextHandler

LIMITS = Limits(member_bytes=16 << 20, total_bytes=32 << 20)

_W = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
}
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MAIN_PART = "/officeDocument"
_DEFAULT_MAIN_PART = "word/document.xml"
_LEFT_OUT = {"pPr", "sectPr", "tblPr", "trPr", "tcPr", "del", "moveFrom", "instrText", "rt"}
_WRITTEN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = {"0", "false", "off"}


def read(body: bytes) -> Extracted:
    """Read a Word document.

    Raises:
        Unreadable: `damaged`, `unsafe_xml`, `archive_bomb`, `archive_too_many`, `archive_encrypted`, `too_long`.
    """
    with Archive(body, LIMITS) as archive:
        name = _main_part(archive)
        part = archive.read_named(name)
        if part is None:
            raise damaged("it has no text part")
        document = _Document()
        xml_text.parse(part, document)
        folder = name.rpartition("/")[0]
        notes = [
            paragraph
            for kind, wanted in document.notes.items()
            for paragraph in _notes(archive.read_named(f"{folder}/{kind}s.xml"), kind, wanted)
        ]
    return Extracted(paragraphs.joined([*document.paragraphs, *notes]), "docx")


def _main_part(archive: Archive) -> str:
    relations = archive.read_named("_rels/.rels")
    if relations is None:
        return _DEFAULT_MAIN_PART
    found = _Relations()
    xml_text.parse(relations, found)
    return found.main_part or _DEFAULT_MAIN_PART


def _notes(part: bytes | None, kind: str, wanted: list[str]) -> list[str]:
    if part is None or not wanted:
        return []
    notes = _Notes(kind)
    xml_text.parse(part, notes)
    return [paragraph for number in wanted for paragraph in notes.by_number.get(number, [])]


class _Relations(ContentHandler):
    main_part: str | None = None

    def startElementNS(self, _name: Tag, _qname: str | None, attrs: AttributesNSImpl) -> None:  # noqa: N802
        if attrs.get((None, "Type"), "").endswith(_MAIN_PART):
            self.main_part = attrs.get((None, "Target"), "").lstrip("/")


class _Document(TextHandler):
    """The main part.

    Attributes:
        notes: kind of note → their numbers in the order they are referred to.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notes: dict[str, list[str]] = {"footnote": [], "endnote": []}
        self._runs: list[bool] = []
        self._in_text = False

    def opens(self, tag: Tag, attrs: AttributesNSImpl) -> bool:
        namespace, name = tag
        if namespace not in _W:
            return tag != (_MC, "Fallback")  # it says again, for old programs, what Choice says
        if name == "p":
            self.begin_paragraph()
        elif name == "r":
            self._runs.append(True)
        elif name == "t":
            self._in_text = True
        elif name == "vanish":
            if self._runs and attrs.get((namespace, "val")) not in _OFF:
                self._runs[-1] = False
        elif name in _WRITTEN:
            self.says_in_run(_WRITTEN[name])
        elif name.endswith("Reference") and (kind := name.removesuffix("Reference")) in self.notes:
            self.notes[kind].append(attrs.get((namespace, "id"), ""))
        return name not in _LEFT_OUT

    def closes(self, tag: Tag) -> None:
        if tag[0] not in _W:
            return
        if tag[1] == "p":
            self.end_paragraph()
        elif tag[1] == "r":
            self._runs.pop()
        elif tag[1] == "t":
            self._in_text = False

    def says(self, text: str) -> None:
        if self._in_text:
            self.says_in_run(text)

    def says_in_run(self, text: str) -> None:
        """Write what is not hidden."""
        if self._runs and self._runs[-1]:
            self.write(text)


class _Notes(_Document):
    """The part that has all notes of a kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.by_number: dict[str, list[str]] = {}
        self._kind = kind
        self._number = ""

    def opens(self, tag: Tag, attrs: AttributesNSImpl) -> bool:
        namespace, name = tag
        if name == self._kind:
            self._number, self.paragraphs = attrs.get((namespace, "id"), ""), []
        return super().opens(tag, attrs)

    def closes(self, tag: Tag) -> None:
        super().closes(tag)
        if tag[1] == self._kind:
            self.by_number[self._number] = self.paragraphs
