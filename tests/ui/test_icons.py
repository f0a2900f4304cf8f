"""Icons and fonts travel with the program and take the colour of their place."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontInfo

import crm_desktop
from crm_desktop.shared.i18n import ENGLISH, SIMPLIFIED, TRADITIONAL
from crm_desktop.shared.resources import resource
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.fonts import families, font, install_fonts, px
from crm_desktop.ui.icons import icon_names, pixmap
from crm_desktop.ui.notes import KINDS
from crm_desktop.ui.theme import install_theme, token
from crm_desktop.ui.tokens import LIGHT


def ink_of(picture) -> set[str]:
    image = picture.toImage()
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return {image.pixelColor(*point).name() for point in points if image.pixelColor(*point).alpha() == 255}


def test_every_icon_named_in_the_source_exists():
    source = Path(crm_desktop.__file__).parent
    called = re.compile(r"""(?:[^_]icon=|paint_icon\([^"]*?|set_icon\([^"]*?|IconButton\()"([a-z0-9-]+)\"""")
    named = {name for path in source.rglob("*.py") for name in called.findall(path.read_text("utf-8"))}
    assert named
    # A token may follow where the name itself is a variable.
    assert named - icon_names() - LIGHT.keys() == set()
    assert {kind[2] for kind in KINDS.values()} <= icon_names()


def test_the_licences_travel_with_icons_and_fonts():
    assert "ISC" in resource("icons/LICENSE").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in resource("fonts/LICENSE").read_text("utf-8")


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_an_icon_is_drawn_in_its_token(qapp, choice):
    install_theme(qapp, choice)
    assert ink_of(pixmap("menu", "danger", 48)) == {token("danger").name()}
    assert pixmap("menu", "text", 16, 1.5).width() == 24
    install_theme(qapp, "light")


def test_an_icon_on_a_button_follows_the_theme(qapp, qtbot):
    shown = install_theme(qapp, "light")
    button = IconButton("menu", "Menu", colour="text")
    qtbot.addWidget(button)
    before = button.grab().toImage()
    shown.choose("dark")
    assert button.grab().toImage() != before
    shown.choose("light")
    assert button.grab().toImage() == before


def test_chinese_families_are_named_for_the_script():
    assert families(SIMPLIFIED, "win32")[:2] == ["Segoe UI", "Microsoft YaHei UI"]
    assert families(TRADITIONAL, "win32")[:2] == ["Segoe UI", "Microsoft JhengHei UI"]
    assert "Noto Sans CJK TC" in families(TRADITIONAL, "linux")
    assert families(ENGLISH, "darwin")[0] == ".AppleSystemUIFont"


def test_sizes_are_factors_of_the_text_size(qapp):
    before = QFont(qapp.font())
    install_fonts(qapp, ENGLISH, 1.0)
    assert (font(13).pixelSize(), font(20).pixelSize(), px(28)) == (13, 20, 28)
    install_fonts(qapp, ENGLISH, 1.5)
    assert (font(13).pixelSize(), font(20).pixelSize(), px(28)) == (20, 30, 42)
    install_fonts(qapp, ENGLISH, 1.0)
    assert font(13).featureValue(QFont.Tag("tnum")) == 1
    assert QFontInfo(font(13)).family() in families(ENGLISH)
    qapp.setFont(before)


def test_chinese_is_never_bold_below_13_px(qapp):
    install_fonts(qapp, SIMPLIFIED, 1.0)
    assert font(12, 600).weight() == QFont.Weight.Medium
    assert font(13, 600).weight() == QFont.Weight.DemiBold
    install_fonts(qapp, ENGLISH, 1.0)
    assert font(12, 600).weight() == QFont.Weight.DemiBold
