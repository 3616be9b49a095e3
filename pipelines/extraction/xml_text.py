"""XML by strangers: no document type, no entities, no depth or length without end, and never more than read once."""

from io import BytesIO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from pipelines.extraction import paragraphs
from pipelines.extraction.outcome import Unreadable, damaged

DEEPEST = 500

Tag = tuple[str | None, str]


class TextHandler(ContentHandler):
    """Collects paragraphs while a document passes by; its children say which elements mean what.

    Attributes:
        paragraphs: the text of each, in order; one that stands inside another follows it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self._open: list[tuple[list[str], list[str]]] = []
        self._depth = self._skipped = self._length = 0

    def opens(self, tag: Tag, attrs: AttributesNSImpl) -> bool:
        """An element begins; False leaves it out with all that is in it."""
        raise NotImplementedError

    def closes(self, tag: Tag) -> None:
        """An element that was not left out ends."""
        raise NotImplementedError

    def says(self, text: str) -> None:
        """Some characters."""
        raise NotImplementedError

    def begin_paragraph(self) -> None:
        """What is written from now on is a paragraph's."""
        self._open.append(([], []))

    def end_paragraph(self) -> None:
        """The paragraph that began last is whole."""
        written, inner = self._open.pop()
        whole = ["".join(written), *inner]
        (self._open[-1][1] if self._open else self.paragraphs).extend(whole)

    def write(self, text: str) -> None:
        """Add to the paragraph that began last; what stands in none is no text."""
        if self._open:
            self._length += len(text)
            paragraphs.check_length(self._length)
            self._open[-1][0].append(text)

    def startElementNS(self, name: Tag, _qname: str | None, attrs: AttributesNSImpl) -> None:  # noqa: N802
        """Called by the parser."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable("unsafe_xml", "The document is nested deeper than any program writes.")
        if self._skipped or not self.opens(name, attrs):
            self._skipped += 1

    def endElementNS(self, name: Tag, _qname: str | None) -> None:  # noqa: N802
        """Called by the parser."""
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
        else:
            self.closes(name)

    def characters(self, content: str) -> None:
        """Called by the parser."""
        if not self._skipped:
            self.says(content)


def parse(part: bytes, handler: ContentHandler) -> None:
    """Let a document pass by a handler.

    Raises:
        Unreadable: `unsafe_xml`, `damaged`, or what the handler raises.
    """
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    source = InputSource()
    source.setByteStream(BytesIO(part))
    try:
        parser.parse(source)
    except DefusedXmlException as exc:
        reason = "The document declares entities or a document type, which no word processor does."
        raise Unreadable("unsafe_xml", reason) from exc
    except (SAXException, ValueError, LookupError) as exc:
        raise damaged("its XML is broken") from exc
