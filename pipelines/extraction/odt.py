"""Text out of OpenDocument texts (OpenDocument 1.3 part 3).

As for Word documents: paragraphs, headings, tables cell by cell, text boxes after the paragraph they hang on, notes at
the end. Left out: headers and footers (they stand in another part), comments, deleted text of tracked changes, hidden
text.
"""

import re
from xml.sax.xmlreader import AttributesNSImpl

from pipelines.extraction import paragraphs, xml_text
from pipelines.extraction.archive import Archive, Limits
from pipelines.extraction.outcome import Extracted, Unreadable, damaged
from pipelines.extraction.xml_text import Tag, TextHandler

LIMITS = Limits(member_bytes=16 << 20, total_bytes=32 << 20)

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _OFFICE, _STYLE = f"{_NS}text:1.0", f"{_NS}office:1.0", f"{_NS}style:1.0"
_LEFT_OUT = {
    *((_TEXT, "note-citation"), (_TEXT, "tracked-changes"), (_TEXT, "ruby-text")),
    *((_TEXT, "hidden-text"), (_TEXT, "hidden-paragraph")),
    *((_OFFICE, "annotation"), (_OFFICE, "forms")),
}
_PARAGRAPHS = {(_TEXT, "p"), (_TEXT, "h")}
_NOTE = (_TEXT, "note-body")
_SPACES = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 100


def read(body: bytes) -> Extracted:
    """Read an OpenDocument text.

    Raises:
        Unreadable: `damaged`, `encrypted_document`, `unsafe_xml`, `archive_bomb`, `archive_too_many`, `too_long`.
    """
    with Archive(body, LIMITS) as archive:
        manifest = archive.read_named("META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest or "encrypted-package" in archive:
            raise Unreadable("encrypted_document", "The document is protected by a password.")
        part = archive.read_named("content.xml")
    if part is None:
        raise damaged("it has no text part")
    document = _Document()
    xml_text.parse(part, document)
    return Extracted(paragraphs.joined([*document.paragraphs, *document.notes]), "odt")


class _Document(TextHandler):
    """`content.xml`.

    Attributes:
        notes: the paragraphs of all notes, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._outside: list[tuple[list[tuple[list[str], list[str]]], list[str]]] = []
        self._after_space = True

    def opens(self, tag: Tag, attrs: AttributesNSImpl) -> bool:
        if tag in _LEFT_OUT or attrs.get((_TEXT, "style-name")) in self._hidden_styles:
            return False
        if tag in _PARAGRAPHS:
            self.begin_paragraph()
            self._after_space = True
        elif tag == _NOTE:
            self._outside.append((self._open, self.paragraphs))
            self._open, self.paragraphs = [], self.notes
        elif tag[0] == _TEXT:
            self._opens_white_space(tag[1], attrs)
        elif tag == (_STYLE, "style"):
            self._style = attrs.get((_STYLE, "name"), "")
        elif tag == (_STYLE, "text-properties") and attrs.get((_TEXT, "display")) == "none":
            self._hidden_styles.add(self._style)
        return True

    def _opens_white_space(self, name: str, attrs: AttributesNSImpl) -> None:
        if name == "s":
            count = attrs.get((_TEXT, "c"), "1")
            is_short = count.isascii() and count.isdigit() and len(count) < len(str(_MOST_SPACES))
            self.write(" " * (int(count) if is_short else 1))
        elif name in {"tab", "line-break"}:
            self.write("\t" if name == "tab" else "\n")
            self._after_space = True

    def closes(self, tag: Tag) -> None:
        if tag in _PARAGRAPHS:
            self.end_paragraph()
        elif tag == _NOTE:
            self._open, self.paragraphs = self._outside.pop()

    def says(self, text: str) -> None:
        # White space in the file is layout: what the writer typed beyond one blank has elements of its own.
        written = _SPACES.sub(" ", text)
        self.write(written.removeprefix(" ") if self._after_space else written)
        self._after_space = written.endswith(" ")
