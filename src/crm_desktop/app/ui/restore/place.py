"""Step four from the first-run window: where the company's new file is to lie."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from crm_desktop.app.ui.places import file_stem
from crm_desktop.app.ui.restore.road import Wish
from crm_desktop.app.ui.restore.state import RestoreState
from crm_desktop.app.ui.step_dialog import Step, said_of
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fieldbox import FieldBox, set_read_only
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import section_label, text_label


class PlaceStep(Step):
    """Proposes a file in the documents of this person, named as the company."""

    def __init__(self, state: RestoreState, documents: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self._documents = state, documents
        self.path = QLineEdit()
        self.box = FieldBox(_("File of the company"), self.path)
        self.choose = Button(_("Choose…"), icon="folder-open")
        self.choose.clicked.connect(self._choose)
        self.path.textEdited.connect(lambda: self.box.set_error(""))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.box, 1)
        row.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(20))
        column.setSpacing(px(14))
        column.addWidget(section_label(_("Where the company is to lie")))
        said = _(
            "The company gets a file of its own. An existing file is never overwritten. Choose a folder of this "
            "computer; a folder that is kept in a cloud damages a file that is being written."
        )
        if state.road.replaces is not None:
            said = _("It takes the place of the damaged file, which is set aside in the same folder, untouched.")
            self.path.setText(str(state.road.replaces))
            set_read_only(self.path, True)
            self.choose.hide()
        column.addWidget(text_label(said, BODY, REGULAR, "text2", wrap=True))
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self.note)
        column.addStretch(1)

    def verb(self) -> str:
        """Name what the button does."""
        return _("Restore into this file")

    def begin(self) -> None:
        """Propose a place that nothing has yet."""
        seen = self.state.seen
        assert seen is not None
        if not self.path.text():
            self.path.setText(str(free_place(self._documents, seen.company)))
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Look at the place, then go to the step that writes."""
        typed = self.path.text().strip()
        if not typed:
            self.box.set_error(_("Choose where the file is to lie."))
            self.path.setFocus()
            return
        place = Path(typed).expanduser()
        place = place if place.suffix.lower() == ".crm" else place.with_name(f"{place.name}.crm")
        self.path.setText(str(place))
        wish = Wish(place=place)
        self.run(
            self.state.tasks,
            _("Looking at the place"),
            lambda _progress: self.state.road.confirm(wish),
            lambda _done: self._take(wish),
            self._refuse,
            can_cancel=False,
        )

    def _take(self, wish: Wish) -> None:
        self.state.wish = wish
        self.next_wanted.emit()

    def _refuse(self, error: BaseException) -> None:
        self.box.set_error(said_of(error))
        self.path.setFocus()

    def _choose(self) -> None:
        here = Path(self.path.text() or str(self._documents))
        path = self.state.dialogs.choose_save_file(
            _("Where the company is to lie"), here.name, _("Company (*.crm)"), here.parent
        )
        if path is not None:
            self.path.setText(str(path))
            self.box.set_error("")


def free_place(folder: Path, company: str) -> Path:
    """Return a name in `folder` that nothing has yet."""
    stem = file_stem(company)
    place, number = folder / f"{stem}.crm", 2
    while place.exists():
        place, number = folder / f"{stem} {number}.crm", number + 1
    return place
