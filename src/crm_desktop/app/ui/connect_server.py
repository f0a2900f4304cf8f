"""Connect to a company on a PostgreSQL server, or prepare an empty database for a new one."""

from typing import Final
from urllib.parse import quote

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QWidget

from crm_desktop.app.founding import Administrator
from crm_desktop.app.ui.ways import Ways
from crm_desktop.app.ui.wizard_frame import WizardFrame
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit, widen_to
from crm_desktop.ui.fonts import px
from crm_desktop.ui.tasks import Tasks

USUAL_PORT: Final = 5432


def server_address(server: str, port: int, database: str) -> str:
    """Return the address of a database, without any login: "postgresql://host:5432/name"."""
    host = f"[{server}]" if ":" in server else server
    return f"postgresql://{host}:{port}/{quote(database, safe='')}"


class ConnectServerPage(WizardFrame):
    """Server, port and database; for an empty one also the login that may prepare it."""

    chosen = Signal(str)
    """The address of a company that is there; the person logs in to it next."""
    empty_found = Signal(str, object)
    """The address of an empty database and the `Administrator` who may prepare it."""
    title = N_("Connect to PostgreSQL")

    def __init__(self, tasks: Tasks, ways: Ways, parent: QWidget | None = None) -> None:
        super().__init__(tasks, parent)
        self._ways = ways
        self.server, self.port, self.database = QLineEdit(), QLineEdit(str(USUAL_PORT)), QLineEdit()
        self.port.setValidator(QIntValidator(1, 65535, self.port))
        widen_to(self.port, 90)
        self.login, self.password = QLineEdit("postgres"), PasswordEdit()
        self.boxes = {name: FieldBox("", getattr(self, name)) for name in _FIELDS}
        for name, label in _FIELDS.items():
            self.names(self.boxes[name].label, getattr(self, name), label)
            getattr(self, name).textEdited.connect(self._forget_errors)
        self.says(self.server.setPlaceholderText, N_("A name or a number, such as server.example.com"))
        self.joins, self.founds = QRadioButton(), QRadioButton()
        self.says(self.joins.setText, N_("Open the company that is in this database"))
        self.says(self.founds.setText, N_("The database is empty: make a new company in it"))
        self._group = QButtonGroup(self)
        for radio in (self.joins, self.founds):
            self._group.addButton(radio)
        self.joins.setChecked(True)
        self.founds.toggled.connect(self._show_administrator)
        self.test = Button("", "plain")
        self.says(self.test.setText, N_("Test the connection"))
        self.test.clicked.connect(self.test_connection)
        self._build()
        self._show_administrator(False)
        self.retranslate()
        self.show_page(0)

    def _build(self) -> None:
        column = self.new_page()
        column.addWidget(
            self.text(N_("The database lies on a server of your firm. Ask the person who looks after it for these."))
        )
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self.boxes["server"], 1)
        row.addWidget(self.boxes["port"])
        row.addWidget(self.boxes["database"], 1)
        column.addLayout(row)
        column.addWidget(self.joins)
        column.addWidget(self.founds)
        self.administrator = QWidget()
        row = QHBoxLayout(self.administrator)
        row.setContentsMargins(px(24), 0, 0, 0)
        row.setSpacing(px(16))
        row.addWidget(self.boxes["login"], 1)
        row.addWidget(self.boxes["password"], 1)
        self.says(self.boxes["login"].set_hint, N_("Used once, to prepare the database; it is not kept."))
        column.addWidget(self.administrator)
        row = QHBoxLayout()
        row.addWidget(self.test)
        row.addStretch(1)
        column.addLayout(row)

    def first_field(self) -> QWidget | None:
        """Return where the typing begins."""
        return self.server

    def address(self) -> str | None:
        """Return the address typed, or None after showing what is missing."""
        values = {name: getattr(self, name).text().strip() for name in ("server", "port", "database")}
        for name, value in values.items():
            self.boxes[name].set_error("" if value else _(_MISSING[name]))
        missing = [name for name, value in values.items() if not value]
        if missing:
            getattr(self, missing[0]).setFocus()
            return None
        return server_address(values["server"], int(values["port"]), values["database"])

    def test_connection(self) -> None:
        """Ask whether the server answers, and with the administrator's login what is in the database."""
        if (address := self.address()) is None:
            return
        server, port = self.server.text().strip(), int(self.port.text())
        login = self._administrator()

        def ask(_progress: object) -> bool | None:
            self._ways.reach(server, port)
            return self._ways.is_founded(address, login) if login else None

        def tell(founded: object) -> None:
            if founded is None:
                said = _("A PostgreSQL server answers at {server}. Your login is checked on the next page.")
                self.note.show_message("success", said.format(server=server))
            elif founded:
                self.note.show_message("warn", _("There is a company in this database already. Open it instead."))
            else:
                self.note.show_message("success", _("The database is empty and ready for a new company."))

        self.run(_("Connecting"), ask, tell)

    def go_on(self) -> None:
        """Go to the login of the company, or on to a new one when the database is empty."""
        address = self.address()
        if address is None or self.busy:
            return
        login = self._administrator()
        if login is None:
            server, port = self.server.text().strip(), int(self.port.text())
            self.run(
                _("Connecting"),
                lambda _progress: self._ways.reach(server, port),
                lambda _none: self.chosen.emit(address),
            )
            return
        if not login.login:
            self.boxes["login"].set_error(_("Type the login of the server's administrator."))
            self.login.setFocus()
            return

        def go(founded: object) -> None:
            if founded:
                self.note.show_message("warn", _("There is a company in this database already. Open it instead."))
                self.joins.setFocus()
            else:
                self.empty_found.emit(address, login)

        self.run(_("Connecting"), lambda _progress: self._ways.is_founded(address, login), go)

    def _administrator(self) -> Administrator | None:
        if not self.founds.isChecked():
            return None
        return Administrator(self.login.text().strip(), self.password.text())

    def _show_administrator(self, shown: bool) -> None:
        self.administrator.setVisible(shown)
        self.note.clear()
        self.retranslate_foot()

    def _forget_errors(self) -> None:
        self.note.clear()
        for box in self.boxes.values():
            box.set_error("")


_FIELDS: Final = {
    "server": N_("Server"),
    "port": N_("Port"),
    "database": N_("Database"),
    "login": N_("Administrator of the server"),
    "password": N_("Password"),
}
_MISSING: Final = {
    "server": N_("Type the name of the server."),
    "port": N_("Type the port; 5432 is usual."),
    "database": N_("Type the name of the database."),
}
