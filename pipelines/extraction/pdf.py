"""Text out of PDF files, page by page; paragraphs are put together from the lines and where they stand."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

from pipelines.extraction import lines, paragraphs
from pipelines.extraction.lines import Line
from pipelines.extraction.outcome import Extracted, Unreadable, damaged

_MOST_STREAM_BYTES = 16 << 20
_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": _MOST_STREAM_BYTES,
    "lzw_maximum_output_length": _MOST_STREAM_BYTES,
    "run_length_maximum_output_length": _MOST_STREAM_BYTES,
    "brotli_maximum_output_length": _MOST_STREAM_BYTES,
    "array_based_stream_maximum_output_length": _MOST_STREAM_BYTES,
    "maximum_declared_stream_length": _MOST_STREAM_BYTES,
    "stream_decoding_work_maximum_length": 4 * _MOST_STREAM_BYTES,
    # A page full of text has some ten thousand operands.
    "stream_parsing_work_maximum_count": 500_000,
    "disable_legacy_handling": True,
}
_LIGATURES = {
    ord(ligature): letters
    for ligature, letters in zip(
        "ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True
    )
}
_PAGES_SEARCHED = 10
_FEWEST_CHARACTERS = 50


def read(body: bytes) -> Extracted:
    """Read a PDF.

    Raises:
        Unreadable: `encrypted_pdf`, `image_only_pdf`, `empty`, `damaged`, `archive_bomb`, `too_long`.
    """
    try:
        with apply_configuration(Configuration(**_LIMITS)):
            return _read(body)
    except (Unreadable, MemoryError):
        raise
    except (FileNotDecryptedError, DependencyError) as exc:
        raise Unreadable("encrypted_pdf", "The PDF is protected by a password.") from exc
    except LimitReachedError as exc:
        raise Unreadable(
            "archive_bomb", "The PDF unpacks to far more than any essay needs."
        ) from exc
    except Exception as exc:
        # The library says itself that a broken file may raise anything.
        raise damaged("it is no whole PDF") from exc


def _read(body: bytes) -> Extracted:
    reader = PdfReader(BytesIO(body), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("encrypted_pdf", "The PDF is protected by a password.")
    pages: list[list[Line]] = []
    length = 0
    for page in reader.pages:
        pages.append(_lines(page))
        length += sum(len(line.text) for line in pages[-1])
        paragraphs.check_length(length)
    text = paragraphs.joined(lines.paragraphs(pages)).translate(_LIGATURES)
    if len(text) < _FEWEST_CHARACTERS and _has_pictures(reader):
        reason = "The PDF has pictures of pages and no text, as a scanner or a camera makes them."
        raise Unreadable("image_only_pdf", reason)
    return Extracted(text, "pdf")


def _lines(page: Any) -> list[Line]:
    """The lines of a page as they are drawn."""
    found: list[Line] = []
    for text, x, y in _pieces(page):
        first, *others = text.split("\n")
        if found:
            last = found[-1]
            found[-1] = Line(last.text + first, last.x, last.y) if last.text else Line(first, x, y)
        else:
            found.append(Line(first, x, y))
        found += [Line(other, x, y) for other in others]
    return found


def _pieces(page: Any) -> Iterator[tuple[str, float, float]]:
    pieces: list[tuple[str, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            pieces.append((text, x, y))

    extract: Callable[..., str] = page.extract_text
    extract(visitor_text=visit)
    yield from pieces


def _has_pictures(reader: PdfReader) -> bool:
    for page in reader.pages[:_PAGES_SEARCHED]:
        resources = _resolved(page.get("/Resources", {}))
        objects = _resolved(resources.get("/XObject", {}))
        if any(_resolved(objects[name]).get("/Subtype") == "/Image" for name in objects):
            return True
        contents = page.get_contents()
        if contents is not None and b"BI" in contents.get_data() and b"EI" in contents.get_data():
            return True
    return False


def _resolved(thing: Any) -> Any:
    return thing.get_object() if hasattr(thing, "get_object") else thing
