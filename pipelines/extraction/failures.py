"""Every code a file can be refused with, and what the teacher can do about it.

`docs/reference/failure-codes.md` has the same list; a test compares the two.
"""

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    "unsupported_type": "Save the text as .docx, .odt, .rtf, .pdf or .txt and hand that in.",
    "empty": "Ask for the essay again, or open the file to see whether the text is a picture.",
    "undecodable": "Save the text as UTF-8, or as .docx.",
    "too_short": "Check that the whole essay is in the file.",
    "too_long": "Check that the file holds one essay only.",
    "file_too_large": "Leave out the pictures, or hand in the text alone.",
    "encrypted_pdf": "Save the PDF without a password, or hand in the document it was made from.",
    "encrypted_document": "Save the document without a password.",
    "image_only_pdf": "Hand in the document it was made from, or have the text recognised (OCR) first.",
    "damaged": "Open the file where it was written, save it again and hand that in.",
    "wrong_content": "Open the file in the program it is really from and save it as .docx or .pdf.",
    "legacy_doc": "Open the file in Word or LibreOffice and save it as .docx.",
    "archive_bomb": "Do not open the file. Ask for the essay again, saved as .docx or .pdf.",
    "archive_too_deep": "Unpack the inner archive and hand in the files themselves.",
    "archive_too_many": "Hand in fewer files at a time.",
    "archive_encrypted": "Unpack the archive with its password and hand in the files themselves.",
    "unsafe_path": "Unpack the archive and hand in the files themselves.",
    "unsafe_xml": "Do not open the file. Ask for the essay again, saved as .docx or .pdf.",
    "took_too_long": "Try again once; otherwise save the text as .docx or .txt and hand that in.",
    "unreadable": "Try again; otherwise save the text as .docx or .txt and hand that in.",
    "no_free_slot": "Name the essay whose file this one replaces, or remove a file first.",
    "essay_named_twice": "Hand in one file for each essay.",
    "unknown_essay": "Choose one of the batch's own essays.",
    "not_handed_in": "Hand in a file for this essay.",
}


def hint(code: str | None) -> str | None:
    """What to do about a code; None where there is no failure."""
    return HINTS.get(code) if code else None
