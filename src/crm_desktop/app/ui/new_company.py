"""A new company in four short pages: the company, where it lies, its owner, the recovery code."""

from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from crm_desktop.access.ui.login_steps import PasswordPair, proposed_login
from crm_desktop.app.founding import Administrator, NewCompany
from crm_desktop.app.ui.home_country import (
    countries,
    currencies,
    currency_of,
    home_country,
    timezone_of,
    timezones,
)
from crm_desktop.app.ui.places import file_stem
from crm_desktop.app.ui.recovery_page import RecoveryPage
from crm_desktop.app.ui.ways import Ways
from crm_desktop.app.ui.wizard_frame import WizardFrame
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import LANGUAGES, N_, _, current_language
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import px
from crm_desktop.ui.notes import Note
from crm_desktop.ui.tasks import Tasks

COMPANY, PLACE, YOU, CODE = range(4)
SUFFIX: Final = ".crm"
_LOOK_AFTER_MS: Final = 400
_PAGE_OF = {"login": YOU, "owner_name": YOU, "password": YOU, "path": PLACE}
_PLACES: Final = {
    "network": N_(
        "This folder is on the network. Only one computer at a time can open a file there; when several people "
        "work at once, connect to PostgreSQL instead."
    ),
    "cloud": N_(
        "A program copies this folder to the cloud while the file is being written, which can damage it. Choose "
        "a folder of this computer only; backups may go to the cloud."
    ),
}


class NewCompanyWizard(WizardFrame):
    """Asks what a company needs and founds it, in a file or in an empty database on a server."""

    created = Signal(str)
    """The address, once the person has the recovery code."""
    title = N_("New company")
    steps = (N_("Company"), N_("Place"), N_("You"), N_("Recovery code"))

    def __init__(self, tasks: Tasks, ways: Ways, dialogs: Dialogs, parent: QWidget | None = None) -> None:
        super().__init__(tasks, parent)
        self._ways, self._dialogs = ways, dialogs
        self._server: tuple[str, Administrator] | None = None
        self._address = ""
        self._warned_of: Path | None = None
        self._path_typed = self._login_typed = self._currency_chosen = self._timezone_chosen = False
        self._build_company()
        self._build_place()
        self._build_you()
        self.code = RecoveryPage(self, dialogs, self.new_page())
        self.code.has_it.toggled.connect(self.forward.setEnabled)
        self._fill_lists(home_country())
        self._take_country()
        self.retranslate()
        self.show_page(COMPANY)

    def use_server(self, address: str, administrator: Administrator) -> None:
        """Found the company in the empty database at `address` instead of in a file."""
        self._server = (address, administrator)

    def use_file(self) -> None:
        """Found the company in a file."""
        self._server = None

    # Building

    def _build_company(self) -> None:
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.textChanged.connect(self._propose_path)
        self.country, self.currency, self.timezone, self.language = (QComboBox() for _one in range(4))
        self.timezone.setEditable(True)
        self.timezone.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.timezone.addItems(timezones())
        completer = self.timezone.completer()
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        for key, name in LANGUAGES.items():
            self.language.addItem(name, key)
        self.language.setCurrentIndex(self.language.findData(current_language()))
        for combo in (self.country, self.currency, self.timezone):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(12)
        self.country.activated.connect(self._take_country)
        self.currency.activated.connect(lambda _at: setattr(self, "_currency_chosen", True))
        self.timezone.activated.connect(lambda _at: setattr(self, "_timezone_chosen", True))
        self.timezone.lineEdit().textEdited.connect(lambda _text: setattr(self, "_timezone_chosen", True))
        self.boxes = {name: FieldBox("", getattr(self, name)) for name in _COMPANY_FIELDS}
        for name, label in _COMPANY_FIELDS.items():
            self.names(self.boxes[name].label, getattr(self, name), label)
        column = self.new_page()
        column.addWidget(self.text(N_("All of this can be changed later, except the currency once money is booked.")))
        column.addWidget(self.boxes["name"])
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(14))
        for at, name in enumerate(("country", "currency", "timezone", "language")):
            grid.addWidget(self.boxes[name], at // 2, at % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)

    def _build_place(self) -> None:
        self.path = QLineEdit()
        self.path.textEdited.connect(self._type_path)
        self.path.textChanged.connect(self._look_soon)
        self.boxes["path"] = FieldBox("", self.path)
        self.names(self.boxes["path"].label, self.path, N_("File"))
        self.choose = Button("", "plain", icon="folder-open")
        self.says(self.choose.setText, N_("Choose…"))
        self.choose.clicked.connect(self._choose_path)
        self.place_note = Note()
        self.place_note.clear()
        self._looking = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._looking.timeout.connect(self._look)
        column = self.new_page()
        column.addWidget(
            self.text(
                N_("One file holds everything: contacts, documents, settings, history. It stays where you put it.")
            )
        )
        column.addWidget(self.boxes["path"])
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.place_note)

    def _build_you(self) -> None:
        self.owner, self.login = QLineEdit(), QLineEdit()
        self.owner.textChanged.connect(self._propose_login)
        self.login.textEdited.connect(lambda _text: setattr(self, "_login_typed", True))
        self.boxes["owner_name"], self.boxes["login"] = FieldBox("", self.owner), FieldBox("", self.login)
        self.names(self.boxes["owner_name"].label, self.owner, N_("Your name"))
        self.names(self.boxes["login"].label, self.login, N_("Login"))
        self.says(self.boxes["login"].set_hint, N_("One word, such as chen.jie. Capital letters do not matter."))
        self.pair = PasswordPair()
        self.owner.returnPressed.connect(self.login.setFocus)
        self.login.returnPressed.connect(self.pair.first.setFocus)
        self.pair.submitted.connect(self.go_on)
        column = self.new_page()
        column.addWidget(self.text(N_("You become the owner: you may do everything and make logins for the others.")))
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self.boxes["owner_name"], 1)
        row.addWidget(self.boxes["login"], 1)
        column.addLayout(row)
        column.addWidget(self.pair)

    def _fill_lists(self, country: str) -> None:
        for combo, entries, chosen in (
            (self.country, countries(), self.country.currentData() or country),
            (self.currency, currencies(), self.currency.currentData()),
        ):
            combo.clear()
            for key, name in entries:
                combo.addItem(name, key)
            combo.setCurrentIndex(max(0, combo.findData(chosen)))

    # What follows from what

    def _take_country(self) -> None:
        country = self.country.currentData()
        if not self._currency_chosen:
            self.currency.setCurrentIndex(max(0, self.currency.findData(currency_of(country))))
        if not self._timezone_chosen:
            self.timezone.setCurrentText(timezone_of(country))

    def _propose_path(self) -> None:
        if not self._path_typed:
            self.path.setText(str(self._ways.documents() / f"{file_stem(self.name.text())}{SUFFIX}"))

    def _propose_login(self) -> None:
        if not self._login_typed:
            self.login.setText(proposed_login(self.owner.text()))

    def _type_path(self) -> None:
        self._path_typed = True
        self.boxes["path"].set_error("")

    def _choose_path(self) -> None:
        now = self._typed_path()
        chosen = self._dialogs.choose_save_file(
            _("Where should the company lie?"), now.name, _("Company (*.crm)"), now.parent
        )
        if chosen is not None:
            self._path_typed = True
            self.boxes["path"].set_error("")
            self.path.setText(str(chosen))

    def _typed_path(self) -> Path:
        path = Path(self.path.text().strip()).expanduser()
        return path if path.suffix else path.with_suffix(SUFFIX) if path.name else path

    def _look_soon(self) -> None:
        self.place_note.clear()
        self._looking.start()

    def _look(self) -> None:
        path = self._typed_path()

        def show(place: object) -> None:
            if path == self._typed_path() and (said := _PLACES.get(str(place))):
                self._warned_of = path
                self.place_note.show_message("warn", _(said))

        self.tasks.free(self, lambda _progress: self._ways.place_of(path), show, lambda _error: None)

    # Moving

    def first_field(self) -> QWidget | None:
        """Return where the focus belongs on the page shown."""
        return {
            COMPANY: self.name,
            PLACE: self.path,
            YOU: self.pair.first if self.owner.text() and self.login.text() else self.owner,
            CODE: self.code.copy,
        }[self.page]

    def show_page(self, number: int) -> None:
        """Show a page; at the last one nothing can be taken back."""
        super().show_page(number)
        self.back.setVisible(number != CODE)
        self.forward.setEnabled(number != CODE or self.code.has_it.isChecked())

    def go_back(self) -> None:
        """Go back, past the page of the file when the company lies on a server."""
        if self.page == YOU and self._server is not None and not self.busy:
            self.show_page(COMPANY)
        elif self.page != CODE:
            super().go_back()

    def go_on(self) -> None:
        """Check this page and show the next one, or found the company."""
        if self.busy:
            return
        if self.page == COMPANY:
            if self._company_is_sound():
                self.show_page(PLACE if self._server is None else YOU)
        elif self.page == PLACE:
            self._check_path()
        elif self.page == YOU:
            self._found()
        elif self.code.has_it.isChecked():
            self.pair.clear()
            self.created.emit(self._address)

    def _company_is_sound(self) -> bool:
        self.boxes["name"].set_error("" if self.name.text().strip() else _("A name is needed here."))
        known = self.timezone.findText(self.timezone.currentText()) >= 0
        self.boxes["timezone"].set_error("" if known else _("Choose a time zone of the list, such as Asia/Shanghai."))
        for name in ("name", "timezone"):
            if self.boxes[name].error:
                getattr(self, name).setFocus()
                return False
        return True

    def _check_path(self) -> None:
        path = self._typed_path()
        if not path.name or not path.is_absolute():
            self._refuse("path", _("Give the whole path of the file, with its folder."))
            return

        def look(_progress: object) -> tuple[bool, str]:
            return path.exists(), self._ways.place_of(path)

        def show(seen: object) -> None:
            taken, place = cast(tuple[bool, str], seen)
            if taken:
                self._refuse("path", _("There is a file with this name already. Choose another name."))
            elif place in _PLACES and self._warned_of != path:
                # Said once for each place; the next step goes on all the same.
                self._warned_of = path
                self.place_note.show_message("warn", _(_PLACES[place]))
                self.path.setFocus()
            else:
                self.path.setText(str(path))
                self.show_page(YOU)

        self.run(_("Looking at the folder"), look, show)

    def _refuse(self, name: str, said: str) -> None:
        self.boxes[name].set_error(said)
        self.boxes[name].editor.setFocus()

    def _found(self) -> None:
        self.boxes["owner_name"].set_error("" if self.owner.text().strip() else _("Type your name."))
        login = self.login.text().strip()
        one_word = bool(login) and not any(map(str.isspace, login))
        self.boxes["login"].set_error("" if one_word else _("A login is one word without blanks, such as chen.jie."))
        for name in ("owner_name", "login"):
            if self.boxes[name].error:
                self.boxes[name].editor.setFocus()
                return
        password = self.pair.checked()
        if password is None:
            return
        company = NewCompany(
            name=self.name.text().strip(),
            currency=self.currency.currentData(),
            country=self.country.currentData(),
            timezone=self.timezone.currentText(),
            language=self.language.currentData(),
            owner_name=self.owner.text().strip(),
            owner_login=login,
            password=password,
        )
        address, administrator = self._server or (str(self._typed_path()), None)
        self._address = address
        self.run(
            _("Making the company"),
            lambda _progress: self._ways.create(address, company, administrator),
            self._show_code,
        )

    def _show_code(self, code: object) -> None:
        self.code.show_code(str(code), self.name.text().strip(), self.login.text().strip())
        self.show_page(CODE)

    def show_refusal(self, error: BaseException) -> None:
        """Say why it did not work, beside its field where there is one."""
        if not isinstance(error, Invalid):
            super().show_refusal(error)
            return
        self.show_page(_PAGE_OF.get(error.field, COMPANY))
        if error.field == "password":
            self.pair.show_error(str(error))
        elif error.field in self.boxes:
            self._refuse(error.field, str(error))
        else:
            super().show_refusal(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on the page of the owner goes from field to field, as those fields do by themselves."""
        fields = (self.owner, self.login, self.pair.first, self.pair.second)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focusWidget() in fields:
            return
        super().keyPressEvent(event)

    # Language

    def retranslate(self) -> None:
        """Set every text again."""
        super().retranslate()
        self._fill_lists(self.country.currentData() or home_country())
        self.pair.retranslate()
        self.pair.first_box.label.setText(_("Password"))
        self.pair.first.setAccessibleName(_("Password"))
        self.pair.second_box.label.setText(_("Password again"))
        self.pair.second.setAccessibleName(_("Password again"))
        self.code.retranslate()

    def retranslate_foot(self) -> None:
        """Name the next step; before the company is made, say that nothing has been written."""
        super().retranslate_foot()
        if self.page in (YOU, CODE):
            self.forward.setText(_("Make the company") if self.page == YOU else _("Log in"))
        self.foot_note.setText("" if self.page == CODE else _("Nothing has been written yet."))


_COMPANY_FIELDS: Final = {
    "name": N_("Name of the company"),
    "country": N_("Country"),
    "currency": N_("Currency"),
    "timezone": N_("Time zone"),
    "language": N_("Language of the company"),
}
