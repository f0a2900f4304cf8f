"""The language of the program: catalogue, fonts and Qt's own words together."""

import logging

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from crm_desktop.shared.i18n import ENGLISH, SIMPLIFIED, TRADITIONAL, use_language
from crm_desktop.ui.fonts import install_fonts

log = logging.getLogger(__name__)

_QT = {SIMPLIFIED: "qtbase_zh_CN", TRADITIONAL: "qtbase_zh_TW"}


def speak(app: QApplication, language: str) -> None:
    """Show everything from now on in `language`; without its catalogue in English."""
    try:
        use_language(language)
    except OSError:
        log.exception("The catalogue of %s is missing", language)
        language = ENGLISH
        use_language(language)
    for old in app.findChildren(QTranslator, "qt_words"):
        app.removeTranslator(old)
        old.deleteLater()
    if language in _QT:
        from PySide6.QtCore import QLibraryInfo

        words = QTranslator(app)
        words.setObjectName("qt_words")
        if words.load(_QT[language], QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(words)
    install_fonts(app, language)
