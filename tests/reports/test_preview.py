"""The preview: pages on screen, and what goes to a printer, a file and a mail program."""

from __future__ import annotations

import email
from dataclasses import replace
from email.policy import default
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinter

from crm_desktop.reports.mail_draft import Mail, draft_of
from crm_desktop.reports.paper import Block
from crm_desktop.reports.paper_pdf import paper_pdf
from crm_desktop.reports.ui.pdf_pages import ZOOMS
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.errors import NotFound
from tests.reports.papers import contract, page_texts


@pytest.fixture
def preview(desk, show):
    def open_preview(paper=None, **options):
        paper = paper or contract(120)
        return show(PdfPreview(desk, "Contract", lambda _work: paper, paper_pdf, paper.file_name, **options))

    return open_preview


def dark_pixels(image):
    return sum(
        image.pixelColor(x, y).lightness() < 128
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    )


def test_the_pages_are_shown_and_turned_by_keyboard(qtbot, preview):
    window = preview()
    pages = window.pages
    qtbot.waitUntil(lambda: not pages.sheets[0].image.isNull())
    assert pages.count == window.printed.pages >= 4
    assert dark_pixels(pages.sheets[0].image) > 100
    assert window._place.text() == f"Page 1 of {pages.count}"
    qtbot.keyClick(pages, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: pages.page == 1)
    qtbot.keyClick(pages, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: pages.page == pages.count - 1)
    qtbot.waitUntil(lambda: not pages.sheets[-1].image.isNull())
    assert pages.sheets[0].image.isNull(), "pages far away are let go"
    qtbot.keyClick(pages, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: pages.page == pages.count - 2)
    qtbot.keyClick(pages, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: pages.page == 0)


def test_zooming_keeps_the_page_and_draws_sharply(qtbot, preview):
    window = preview()
    pages = window.pages
    pages.go_to(2)
    pages.set_zoom(1.0)
    assert (pages.sheets[0].width(), pages.sheets[0].height()) == (794, 1123)
    window.actions_here["zoom_in"].trigger()
    assert (pages.zoom, pages.page) == (1.25, 2)
    qtbot.waitUntil(lambda: pages.sheets[2].image.width() == round(pages.sheets[2].width() * pages.devicePixelRatioF()))
    for _step in ZOOMS:
        window.actions_here["zoom_out"].trigger()
    assert pages.zoom == ZOOMS[0]
    window.actions_here["fit_width"].trigger()
    window.resize(700, 800)
    qtbot.waitUntil(lambda: abs(pages.sheets[0].width() - pages.viewport().width()) < 60)


def test_saving(qtbot, preview, desk, toasts, tmp_path):
    window = preview(contract(3))
    target = tmp_path / "合同.pdf"
    desk.dialogs.will_answer(None, target, tmp_path)
    qtbot.keyClick(window.pages, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert toasts == []
    qtbot.keyClick(window.pages, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: toasts == ["合同.pdf saved"])
    assert desk.dialogs.asked[-1].text == "销售合同 SO2026-0042.pdf"
    assert "江苏瑞丰精密制造" in page_texts(target.read_bytes())[0]
    (tmp_path / "closed.pdf").mkdir()
    desk.dialogs._answers[0] = tmp_path / "closed.pdf"
    window.save_pdf()
    qtbot.waitUntil(lambda: "closed.pdf could not be written" in window.note.text())


def printer_to(path, first=0, last=0):
    def choose(_window, _pages):
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        printer.setFromTo(first, last)
        return printer

    return choose


@pytest.mark.parametrize(("first", "last", "count"), [(0, 0, 2), (2, 2, 1)])
def test_printing(qtbot, preview, toasts, tmp_path, first, last, count):
    path = tmp_path / "printer.pdf"
    window = preview(contract(30), choose_printer=printer_to(path, first, last))
    assert window.printed.pages == 2
    window.actions_here["print_pdf"].trigger()
    qtbot.waitUntil(lambda: toasts == ["Sent to the printer"], timeout=20_000)
    document = pypdfium2.PdfDocument(path.read_bytes())
    assert len(document) == count
    page = document[count - 1].render(scale=0.5).to_pil().convert("L")
    assert sum(page.histogram()[:128]) > 300, "the page is not blank"
    document.close()


def test_a_closed_preview_is_still_printed(qtbot, desk, tmp_path):
    path = tmp_path / "printer.pdf"
    window = PdfPreview(
        desk, "Contract", lambda _work: contract(120), paper_pdf, "x.pdf", choose_printer=printer_to(path)
    )
    window.show()
    qtbot.waitUntil(lambda: window.printed is not None)
    pages = window.printed.pages
    window.print_pdf()
    window.close()
    qtbot.waitUntil(lambda: desk.tasks.idle, timeout=20_000)
    document = pypdfium2.PdfDocument(path.read_bytes())
    assert len(document) == pages >= 4
    document.close()


def test_leaving_the_printer_dialog_prints_nothing(qtbot, preview, toasts):
    window = preview(contract(2), choose_printer=lambda _window, _pages: None)
    window.print_pdf()
    assert toasts == []
    assert window.note.text() == ""


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_refuses_is_told(qtbot, preview, tmp_path):
    window = preview(contract(2), choose_printer=printer_to(tmp_path / "no folder" / "x.pdf"))
    window.print_pdf()
    qtbot.waitUntil(lambda: "does not take the document" in window.note.text())


class MailProgram(QObject):
    """Stands where the mail program of the computer is asked to open a file."""

    def __init__(self):
        super().__init__()
        self.opened = []

    @Slot(QUrl)
    def open(self, url):
        self.opened.append(Path(url.toLocalFile()))


def test_a_mail_is_opened_with_the_pdf_in_it(qtbot, preview):
    program = MailProgram()
    QDesktopServices.setUrlHandler("file", program, "open")
    try:
        window = preview(
            contract(2), mail=Mail("wang@ruifeng.example", "销售合同\r\nBcc: x@y.example", "您好：\n附件请查收。")
        )
        qtbot.keyClick(window.pages, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: len(program.opened) == 1)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    message = email.message_from_bytes(program.opened[0].read_bytes(), policy=default)
    assert (message["X-Unsent"], message["To"], message["Bcc"]) == ("1", "wang@ruifeng.example", None)
    assert message["Subject"] == "销售合同 Bcc: x@y.example"
    assert message.get_body().get_content().splitlines() == ["您好：", "附件请查收。"]
    (pdf,) = message.iter_attachments()
    assert pdf.get_filename() == "销售合同 SO2026-0042.pdf"
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_content() == window.printed.data


def test_a_draft_without_a_word_has_at_least_a_subject():
    message = email.message_from_bytes(draft_of(Mail(), "Quote Q1.pdf", b"%PDF"), policy=default)
    assert message["Subject"] == "Quote Q1"
    assert message["To"] is None


def test_missing_characters_are_named_before_anything_is_sent(preview):
    window = preview(replace(contract(1), recipient=Block("", ("𠮷野家",))))
    assert "𠮷" in window.note.text()


def test_a_document_that_is_gone_is_said_and_nothing_is_offered(qtbot, desk, show):
    def compose(_work):
        raise NotFound

    window = show(PdfPreview(desk, "Quote", compose, paper_pdf, "x.pdf"))
    assert "no longer exists" in window.note.text()
    assert not window.actions_here["print_pdf"].isEnabled()
    window.save_pdf()
    window.mail_pdf()
    window.print_pdf()


def test_everything_is_named_for_a_screen_reader(preview):
    from PySide6.QtWidgets import QAbstractButton

    window = preview(contract(1))
    unnamed = [
        one
        for one in window.findChildren(QAbstractButton)
        if one.isVisible() and not (one.accessibleName() or one.text())
    ]
    assert unnamed == []
    assert window.pages.hasFocus()


def test_escape_closes_while_it_is_drawn(qtbot, desk):
    window = PdfPreview(desk, "Contract", lambda _work: contract(120), paper_pdf, "x.pdf")
    window.show()
    qtbot.waitExposed(window)
    gone = []
    window.destroyed.connect(lambda: gone.append(True))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(gone))
    qtbot.waitUntil(lambda: desk.tasks.idle)
