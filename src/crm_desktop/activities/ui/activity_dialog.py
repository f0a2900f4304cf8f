"""The frame of the forms of an activity: whom it is about, drafts, the keys that work everywhere in it."""

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.activities.ui import asking, words
from crm_desktop.activities.ui.asking import Asked, Customer
from crm_desktop.activities.ui.customer_editor import CustomerEditor, PersonEditor
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.shared.merge import is_empty
from crm_desktop.ui.act_dialog import ActDialog
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.choice_strip import DIGITS, Offer, StripEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Verb
from crm_desktop.ui.draft_strip import DraftStrip
from crm_desktop.ui.drafts import DraftKeeper, DraftKey
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import text_label

WIDTH_PX = 720
TYPED: tuple[str, ...] = ("notes", "subject", "next_subject")
"""What a person would miss when the form just closed."""


class ActivityDialog(ActDialog):
    """`draft` names the form among the drafts; `on_saved` hears the id after the commit."""

    entities: ClassVar[tuple[str, ...]] = ("activity",)

    def __init__(
        self,
        desk: Desk,
        asked: Asked,
        title: str,
        verb: str,
        parent: QWidget,
        *,
        draft: str,
        needed: tuple[str, ...] = (),
        on_saved: Callable[[int], None] | None = None,
    ) -> None:
        # An event may come while the frame is made.
        self._settle = QTimer(singleShot=True, interval=0)
        super().__init__(desk, title, verb, parent, width=WIDTH_PX, needed=("contact", *needed))
        self.asked, self._draft = asked, draft
        self.customer: Customer | None = asked.customer
        self.go.set_key("Ctrl+Return")
        self.contact = CustomerEditor("contact", _("Contact"), desk)
        self.person = PersonEditor("person_id", _("With whom"))
        self.facts = text_label("", LABEL, REGULAR, "text2", wrap=True)
        self.kind = StripEditor("kind_id", _("Kind"))
        self.rest = QWidget()
        self.more = Button(_("More"), "quiet", key="Alt+M")
        self.more.setAutoDefault(False)
        self.more.clicked.connect(lambda _checked=False: self.show_more(not self.rest.isVisibleTo(self)))
        QShortcut(QKeySequence("Alt+M"), self).activated.connect(self.more.click)
        self.drafts: DraftKeeper | None = None
        self._settle.timeout.connect(self.fit)
        self.carried_out.connect(lambda id_: self._saved(id_, on_saved))
        self.form.edited.connect(self.follow)

    # What a form does

    def lay_customer(self) -> None:
        """Put whom it is about on top."""
        self.row(self.contact, self.person)
        self.body.addWidget(self.facts)

    def lay_kind(self, offers: list[Offer]) -> None:
        """Put the kinds below; Alt and a digit choose one from anywhere."""
        self.kind.strip.offer(offers)
        self.row(self.kind)
        for digit in range(1, min(len(offers), DIGITS) + 1):
            keys = QShortcut(QKeySequence(f"Alt+{digit}"), self)
            keys.activated.connect(lambda digit=digit: self.kind.strip.take_digit(digit))

    def under_more(self, *rows: tuple[Editor, ...]) -> None:
        """Put what few need under "More"."""
        from PySide6.QtWidgets import QVBoxLayout

        column = QVBoxLayout(self.rest)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        for editors in rows:
            column.addLayout(self.boxes(*editors))
        self.body.addWidget(self.rest)
        self.rest.hide()
        self.foot.insertWidget(0, self.more)

    def boxes(self, *editors: Editor) -> QHBoxLayout:
        """Return editors side by side, taken into the form."""
        for editor in editors:
            self.form.add_editor(editor.name, editor)
        return self.form.row(*(editor.name for editor in editors))

    def show_more(self, shown: bool) -> None:
        """Show what few need, or put it away."""
        self.rest.setVisible(shown)
        self.more.setText(_("Less") if shown else _("More"))
        self.fit()

    def fit(self) -> None:
        """Be as high as what is shown."""
        if not self.isVisible():
            return
        whole = self.layout()
        whole.activate()
        wrapped = whole.totalHeightForWidth(self.width()) if whole.hasHeightForWidth() else 0
        height = max(wrapped, whole.totalMinimumSize().height())
        if height != self.height():
            self.resize(self.width(), height)

    def event(self, event: QEvent) -> bool:
        """Fit again when a part came, went, or found that it needs another line."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._settle.start()
        return super().event(event)

    def start(self, values: dict[str, Any], *, first: Editor | None = None) -> None:
        """Fill the form, offer what was being written, and put the keyboard where the work begins."""
        self.contact.set_read_only(self.asked.activity is not None)
        self.show_customer(self.customer)
        self.begin(values)
        self.keep_drafts()
        self.follow()
        if self.customer is None:
            self.contact.focus()
        elif first is not None:
            first.focus()

    def formats(self) -> Formats:
        """Return how days and moments read here."""
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    # Whom it is about

    def follow(self) -> None:
        """Follow what was typed: another customer, what goes with the kind."""
        chosen = self.contact.value()
        shown = self.customer.id if self.customer is not None else None
        if chosen is None:
            self.show_customer(None)
        elif chosen[0] != shown:
            contact_id = chosen[0]
            self.desk.tasks.read(
                self, lambda work: asking.customer(work, contact_id), self._take_customer, coalesce="customer"
            )

    def _take_customer(self, customer: Customer) -> None:
        chosen = self.contact.value()
        if chosen is not None and chosen[0] == customer.id:
            self.show_customer(customer)
            self.follow()

    def show_customer(self, customer: Customer | None) -> None:
        """Show the persons, the phone and what was said last."""
        self.customer = customer
        people = customer.people if customer is not None else ()
        self.person.offer(people)
        self.form.box("person_id").setVisible(bool(people))
        lines = []
        if customer is not None:
            if customer.phone:
                lines.append(customer.phone)
            if customer.said is not None:
                lines.append(words.said_line(customer.said, self.formats()))
        self.facts.setText("   ·   ".join(lines))
        self.facts.setVisible(bool(lines))

    # Drafts, saving, leaving

    def keep_drafts(self) -> None:
        """Keep what is typed until it is saved or thrown away, and offer what an earlier run left."""
        if self.desk.drafts is None:
            return
        store, company = self.desk.drafts.store, self.desk.drafts.company
        key = DraftKey(company, str(self.desk.actor.user_id), self._draft)
        self.drafts = DraftKeeper(self.form, store, key, self.called)
        if self.asked.activity is not None:
            self.drafts.version = self.asked.activity.version
        if self.drafts.pending is not None:
            self.body.insertWidget(0, DraftStrip(self.drafts, self.formats()))

    def called(self) -> str:
        """Return what is being written, for the offer to go on with it."""
        chosen = self.contact.value()
        title = str(self.windowTitle())
        return f"{title} · {chosen[1]}" if chosen is not None else title

    def _saved(self, id_: Any, on_saved: Callable[[int], None] | None) -> None:
        if self.drafts is not None:
            self.drafts.discard()
        if not id_:
            return
        self._tell(int(id_))
        if on_saved is not None:
            on_saved(int(id_))

    def said(self) -> str:
        """Return what the toast says once it is saved."""
        raise NotImplementedError

    def undoing(self, id_: int) -> Callable[[Any], object] | None:
        """Return what takes the step back, None where nothing does."""
        return None

    def _tell(self, id_: int) -> None:
        act, desk, window = self.undoing(id_), self.desk, self.parentWidget()
        if act is None:
            desk.toast(self.said())
            return

        def undo() -> None:
            desk.tasks.write(window or desk.changes, act, label=_("Taking it back"))

        desk.toast(self.said(), _("Undo"), undo)

    @property
    def unsaved(self) -> bool:
        """Return whether closing would lose sentences somebody typed."""
        changes = self.form.changes()
        return any(not is_empty(changes.get(name)) for name in TYPED)

    def reject(self) -> None:
        """Leave; sentences that were typed are asked about first."""
        if self._saver.busy:
            return
        if self.unsaved:
            verbs = (
                Verb("save", _("Save"), kind="primary"),
                Verb("discard", _("Throw away")),
                Verb("keep", _("Keep editing"), safe=True),
            )
            answer = self.desk.dialogs.ask(_("Save what you wrote?"), _("It is not saved yet."), verbs)
            if answer == "save":
                self.act_now()
            if answer != "discard":
                return
        if self.drafts is not None:
            self.drafts.discard()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross does what Esc does."""
        event.ignore()
        self.reject()
