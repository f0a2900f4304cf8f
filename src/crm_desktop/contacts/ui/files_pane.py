"""The files of a contact: dropped or chosen, saved elsewhere, opened when that is safe, removed with undo."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTemporaryDir,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.contacts import files
from crm_desktop.contacts.files import File
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.sizes import size_text
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, Offer, StateStack
from crm_desktop.ui.fonts import px
from crm_desktop.ui.two_lines import DETAIL_ROLE, TwoLineDelegate

FILE_ROLE: Final = Qt.ItemDataRole.UserRole


class FileModel(QAbstractListModel):
    """The files, newest first; below each name size, day and who added it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.files: Sequence[File] = ()

    def show(self, found: Sequence[File]) -> None:
        """Show other files."""
        self.beginResetModel()
        self.files = tuple(found)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of files."""
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, or the file itself."""
        if not index.isValid():
            return None
        file = self.files[index.row()]
        if role == FILE_ROLE:
            return file
        if role == DETAIL_ROLE:
            return self._detail(file)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{file.name}, {self._detail(file)}"
        return file.name if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def _detail(self, file: File) -> str:
        formats = Formats.of(self._desk.today, self._desk.names, self._desk.timezone)
        who = self._desk.names.get(file.added_by or 0, "")
        parts = (size_text(file.size), formats.instant(file.added_at), who)
        return " · ".join(part for part in parts if part)


class FilesPane(QWidget):
    """Files of one contact. `counted` tells how many there are, `changed` the operation that changed them."""

    counted = Signal(int)
    changed = Signal(str)

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__()
        self._desk, self._contact_id = desk, contact_id
        self._may_write = desk.actor.may(Permission.CONTACT_WRITE)
        self._opened: QTemporaryDir | None = None
        self.setAcceptDrops(self._may_write)
        self.model = FileModel(desk)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(TwoLineDelegate(self.view, "paperclip"))
        self.view.setMouseTracking(True)
        self.view.setAccessibleName(_("Files"))
        self.view.activated.connect(self.open_current)
        self.view.selectionModel().currentChanged.connect(self._offer)
        self.view.installEventFilter(self)
        self._lay_out()
        self.reload()

    def _lay_out(self) -> None:
        self.add_button = Button(_("Add files…"), icon="plus")
        self.add_button.clicked.connect(self._choose_files)
        self.open_button = Button(_("Open"), "quiet", icon="external-link")
        self.open_button.clicked.connect(self.open_current)
        self.save_button = Button(_("Save as…"), "quiet", icon="download")
        self.save_button.clicked.connect(self.save_current)
        self.remove_button = Button(_("Remove"), "quiet", icon="trash-2")
        self.remove_button.clicked.connect(self.remove_current)
        row = QHBoxLayout()
        row.setSpacing(px(6))
        for button in (self.add_button, self.open_button, self.save_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(10))
        inner.addLayout(row)
        inner.addWidget(self.view, 1)
        self.stack = StateStack(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(14), px(20), px(12))
        column.addWidget(self.stack)
        self.add_button.setVisible(self._may_write)
        self.remove_button.setVisible(self._may_write)
        self._offer()

    def reload(self) -> None:
        """Read the files again."""
        contact_id = self._contact_id
        self._desk.tasks.read(self, lambda work: files.files_of(work, contact_id), self._show, coalesce="files")

    def current(self) -> File | None:
        """Return the file the keyboard is on."""
        return self.view.currentIndex().data(FILE_ROLE) if self.view.currentIndex().isValid() else None

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Read the files from disk and put them on the contact, all or none."""
        contact_id = self._contact_id
        wanted = [path for path in paths if path.is_file()]
        if not wanted or not self._may_write:
            return

        def write(work: Any, progress: Any) -> int:
            for done, path in enumerate(wanted, start=1):
                files.add_file(work, contact_id, path.name, path.read_bytes())
                progress.step(done, len(wanted))
            return len(wanted)

        def tell(count: int) -> None:
            said = ngettext("{count} file added", "{count} files added", count)
            self._desk.toast(said.format(count=count), kind="success")
            self.reload()

        task = self._desk.tasks.write_long(self, write, tell, label=_("Adding files"))
        self.changed.emit(task.operation_id)

    def save_current(self) -> None:
        """Write the file where the person wants it."""
        file = self.current()
        if file is None:
            return
        path = self._desk.dialogs.choose_save_file(_("Save the file"), file.name)
        if path is not None:
            said = _("{file} saved").format(file=path.name)
            self._write_to(file, path, lambda: self._desk.toast(said, kind="success"))

    def open_current(self) -> None:
        """Open a copy with the program of the system, if the kind of file is harmless."""
        file = self.current()
        if file is None:
            return
        if not files.may_open(file.name):
            self._desk.dialogs.inform(
                _("{file} is not opened from here").format(file=file.name),
                _("Files of this kind can run programs. Save it and look at it where you trust it."),
            )
            return
        self._opened = self._opened or QTemporaryDir()
        path = Path(self._opened.path()) / file.name
        self._write_to(file, path, lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))

    def remove_current(self) -> None:
        """Take the file off the contact; the toast brings it back."""
        file = self.current()
        if file is None:
            return
        file_id = file.id

        def write(work: Any) -> tuple[str, bytes]:
            kept = files.read_file(work, file_id)
            files.remove_file(work, file_id)
            return kept

        task = self._desk.tasks.write(self, write, self._removed, label=_("Removing the file"))
        self.changed.emit(task.operation_id)

    def _removed(self, kept: tuple[str, bytes]) -> None:
        name, data = kept
        self.reload()
        said = _("{file} removed").format(file=name)
        self._desk.toast(said, _("Undo"), lambda: self._bring_back(name, data))

    def _bring_back(self, name: str, data: bytes) -> None:
        contact_id = self._contact_id
        task = self._desk.tasks.write(
            self, lambda work: files.add_file(work, contact_id, name, data), lambda _id: self.reload()
        )
        self.changed.emit(task.operation_id)

    def _write_to(self, file: File, path: Path, then: Any) -> None:
        file_id = file.id

        def put(read: tuple[str, bytes]) -> None:
            data = read[1]
            self._desk.tasks.free(self, lambda _progress: path.write_bytes(data), lambda _size: then())

        self._desk.tasks.read(self, lambda work: files.read_file(work, file_id), put)

    def _choose_files(self) -> None:
        path = self._desk.dialogs.choose_open_file(_("Add a file"))
        if path is not None:
            self.add_paths([path])

    def _show(self, found: Sequence[File]) -> None:
        self.model.show(found)
        self.counted.emit(len(found))
        if found:
            self.view.setCurrentIndex(self.model.index(0, 0))
            self.stack.show_content()
        else:
            add = Offer(_("Add files…"), self._choose_files, "plus") if self._may_write else None
            hint = _("Or drop files here") if self._may_write else ""
            text = _("Contracts, drawings, scans: they are kept inside the company and its backups.")
            self.stack.show_state(
                EmptyState("paperclip", _("No files yet"), text, primary=add, hint=hint, kind="plain")
            )
        self._offer()

    def _offer(self) -> None:
        file = self.current()
        self.save_button.setEnabled(file is not None)
        self.remove_button.setEnabled(file is not None)
        safe = file is not None and files.may_open(file.name)
        self.open_button.setEnabled(safe)
        self.open_button.setToolTip(
            "" if safe or file is None else _("Files of this kind can run programs. Save it instead.")
        )

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Delete removes the current file."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Delete
        ):
            if self._may_write:
                self.remove_current()
            return True
        return bool(super().eventFilter(watched, event))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put dropped files on the contact."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.add_paths(paths)
