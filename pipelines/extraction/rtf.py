"""Text out of rich text documents (RTF 1.9.1): paragraphs and tables cell by cell, without headers and notes."""

import re

from striprtf.striprtf import rtf_to_text

from pipelines.extraction import paragraphs
from pipelines.extraction.outcome import Extracted, damaged

# Marks of our own, in a range no text uses: the library gives every kind of break the same line feed.
_LINE, _CELL = "\ue0f0", "\ue0f1"
_BREAKS = re.compile(r"\\(line|lbr|nestcell|cell)(?:-?\d+)?(?![a-zA-Z\d]) ?")


def read(body: bytes) -> Extracted:
    """Read a rich text document.

    Raises:
        Unreadable: `damaged`, `undecodable`.
    """
    # All that is not ASCII is escaped, in the code page the document names; stray bytes are most often Windows'.
    source = body.decode("cp1252", errors="replace")
    marked = _BREAKS.sub(lambda found: _LINE if found[1] in {"line", "lbr"} else _CELL, source)
    try:
        text = rtf_to_text(marked, encoding="cp1252", errors="strict")
    except (ValueError, TypeError, IndexError, LookupError, OverflowError) as exc:
        raise damaged("its codes are broken") from exc
    parts = text.replace(_CELL, "\n").split("\n")
    return Extracted(paragraphs.joined(part.replace(_LINE, "\n") for part in parts), "rtf")
