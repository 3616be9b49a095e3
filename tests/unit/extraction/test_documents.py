"""What is read out of each kind of document, and what is left where it is."""

import pytest

from pipelines.extraction import Extracted, extract, lines
from pipelines.extraction.lines import Line
from tests import corpus
from tests.corpus import a_docx, a_docx_of, an_odt, an_rtf, par, run

ENOUGH = "This paragraph is here to make the text long enough to be read."


def read(name: str, body: bytes) -> list[str]:
    """The paragraphs of a file, without the one that makes it long enough."""
    found = extract(name, body)
    assert isinstance(found, Extracted), found
    return [each for each in found.text.split("\n\n") if each != ENOUGH]


def word(*body: str, **parts: str) -> list[str]:
    return read("a.docx", a_docx_of("".join((par(run(ENOUGH)), *body)), **parts))


def opened(body: str, styles: str = "") -> list[str]:
    return read("a.odt", an_odt(f"<text:p>{ENOUGH}</text:p>{body}", styles=styles))


class TestWord:
    def test_headings_lists_and_tables_are_paragraphs_in_order(self):
        def change(document):
            document.add_heading("A title", 0)
            document.add_paragraph("First point", style="List Bullet")
            table = document.add_table(1, 2)
            table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
            document.sections[0].header.paragraphs[0].text = "Anna Berg, 9A"
            document.sections[0].footer.paragraphs[0].text = "Page 1"

        found = read("a.docx", a_docx([ENOUGH], change))

        assert found == ["A title", "First point", "left", "right"]

    def test_breaks_and_tabs_stay_inside_their_paragraph(self):
        assert word(par("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>")) == [
            "a\nb\tc"
        ]

    def test_tabs_of_the_layout_are_no_text(self):
        assert word(par("<w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>", run("text"))) == [
            "text"
        ]

    def test_inserted_text_is_read_and_deleted_or_moved_text_is_not(self):
        deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        moved = f"<w:moveFrom>{run('moved')}</w:moveFrom>"

        assert word(par(f"<w:ins>{run('new')}</w:ins>", deleted, moved)) == ["new"]

    def test_hidden_text_and_field_codes_are_left_out(self):
        code = "<w:r><w:instrText>PAGE</w:instrText></w:r>"

        assert word(par(run("seen"), run("hidden", "<w:vanish/>"), code)) == ["seen"]
        assert word(par(run("shown", '<w:vanish w:val="0"/>'))) == ["shown"]

    def test_a_text_box_is_read_once_after_the_paragraph_it_hangs_on(self):
        box = f"<w:txbxContent>{par(run('in the box'))}</w:txbxContent>"
        either = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        both = f"<mc:AlternateContent>{either}</mc:AlternateContent>"

        assert word(par(run("before"), f"<w:r>{both}</w:r>", run(" and after"))) == [
            "before and after",
            "in the box",
        ]

    def test_notes_stand_at_the_end_in_the_order_they_are_referred_to(self):
        notes = "".join(
            f'<w:footnote w:id="{n}">{par(run(text))}</w:footnote>'
            for n, text in ((0, "a separator"), (1, "second"), (2, "first"))
        )
        body = par(run("text"), '<w:r><w:footnoteReference w:id="2"/></w:r>') + par(
            run("more"), '<w:r><w:footnoteReference w:id="1"/></w:r>'
        )

        assert word(body, footnotes=notes) == ["text", "more", "first", "second"]


class TestOpenDocument:
    def test_headings_and_tables_are_paragraphs_in_order(self):
        cells = "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in "ab")
        table = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"

        assert opened(f"<text:h>A title</text:h>{table}") == ["A title", "a", "b"]

    def test_white_space_is_what_was_typed_and_not_how_the_file_is_laid_out(self):
        body = "<text:p>\n  a<text:s text:c='3'/>b \n c<text:line-break/>d<text:tab/>e</text:p>"

        assert opened(body) == ["a   b c\nd\te"]

    def test_no_number_of_blanks_fills_the_memory(self):
        assert opened("<text:p>a<text:s text:c='999999999'/>b</text:p>") == ["a b"]

    def test_comments_deletions_and_hidden_text_are_left_out(self):
        styles = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
        body = (
            "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
            "<text:p>seen<office:annotation><text:p>a comment</text:p></office:annotation>"
            '<text:span text:style-name="T1">hidden</text:span></text:p>'
        )

        assert opened(body, styles) == ["seen"]

    def test_notes_stand_at_the_end_and_boxes_after_their_paragraph(self):
        note = (
            "<text:note><text:note-citation>1</text:note-citation>"
            "<text:note-body><text:p>a note</text:p></text:note-body></text:note>"
        )
        box = "<draw:frame><draw:text-box><text:p>in the box</text:p></draw:text-box></draw:frame>"

        assert opened(f"<text:p>one{note} two{box}</text:p><text:p>three</text:p>") == [
            *("one two", "in the box", "three", "a note"),
        ]


class TestRichText:
    @pytest.mark.parametrize(
        "text", [corpus.EMOJI, corpus.ARABIC, "Åsa åt räksmörgås – ”gott”. " * 3]
    )
    def test_every_letter_is_read_as_it_was_written(self, text):
        assert read("a.rtf", an_rtf(text)) == [text.strip()]

    def test_a_line_break_is_no_paragraph_and_a_cell_is_one(self):
        body = rf"{{\rtf1\ansi {ENOUGH}\par a\line b\par\trowd c\cell d\cell\row}}".encode()

        assert read("a.rtf", body) == ["a\nb", "c", "d"]


def page(
    *texts: str, gaps: dict[int, float] | None = None, indents: dict[int, float] | None = None
):
    y, found = 800.0, []
    for number, text in enumerate(texts):
        y -= (gaps or {}).get(number, 14)
        found.append(Line(text, 50 + (indents or {}).get(number, 0), y))
    return found


FULL = "a line that is as long as the page is wide"


class TestLinesOfAPage:
    def test_go_on_in_the_next_one(self):
        assert lines.paragraphs([page(FULL, FULL, "the end.")]) == [f"{FULL} {FULL} the end."]

    @pytest.mark.parametrize(
        "told", [{"gaps": {2: 24}}, {"indents": {2: 20}}], ids=["a wider gap", "an indent"]
    )
    def test_begin_a_paragraph_after(self, told):
        found = lines.paragraphs([page(FULL, FULL, FULL, FULL, **told)])

        assert found == [f"{FULL} {FULL}"] * 2

    def test_begin_a_paragraph_after_one_that_ends_early(self):
        assert lines.paragraphs([page(FULL, "It ends here.", FULL)]) == [
            f"{FULL} It ends here.",
            FULL,
        ]

    def test_go_on_over_the_page(self):
        assert lines.paragraphs([page(FULL), page("and so on", FULL)]) == [
            f"{FULL} and so on {FULL}"
        ]

    @pytest.mark.parametrize(
        ("first", "second", "whole"),
        [
            ("the func-", "tion of it", "the function of it"),
            ("the func\u00ad", "tion of it", "the function of it"),
            ("a well-", "known man", "a well-known man"),
            ("skicka e-", "post nu", "skicka e-post nu"),
            ("she is Anna-", "Karin now", "she is Anna-Karin now"),
            ("läs-", "och skrivsvårigheter", "läs- och skrivsvårigheter"),
            ("in 2020-", "2021 it", "in 2020-2021 it"),
            ("he went -", "at last", "he went - at last"),
        ],
    )
    def test_make_a_word_whole_that_was_broken_and_leave_its_own_hyphen(self, first, second, whole):
        (found,) = lines.paragraphs([page(f"{FULL} {first}", f"{second} {FULL}")])

        assert found == f"{FULL} {whole} {FULL}"

    def test_keep_a_hyphen_that_stands_elsewhere_in_the_text(self):
        (found,) = lines.paragraphs(
            [page("a snow-white horse as white as snow is, a snow-", "white one it was")]
        )

        assert found.endswith("a snow-white one it was")

    def test_are_no_text_where_they_run_through_all_pages_or_number_them(self):
        pages = [page("Anna Berg 9A", f"{FULL} {n}", FULL, str(n)) for n in range(1, 5)]

        (found,) = lines.paragraphs(pages)

        assert found == " ".join(f"{FULL} {n} {FULL}" for n in range(1, 5))

    def test_that_are_none_make_no_paragraph(self):
        assert lines.paragraphs([]) == []
        assert lines.paragraphs([[], page("  ")]) == []


@pytest.mark.parametrize("align", ["L", "J"])
def test_a_pdf_has_the_paragraphs_that_were_printed(align):
    plain = [each.translate(str.maketrans("“”—’", '""-\'')) for each in corpus.SWEDISH]

    assert read("a.pdf", corpus.a_pdf(corpus.SWEDISH, align=align)) == plain
