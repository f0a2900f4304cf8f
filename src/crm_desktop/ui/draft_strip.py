"""The offer to go on with what was being written when the program ended."""

from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.drafts import DraftKeeper
from crm_desktop.ui.notes import Note


class DraftStrip(Note):
    """Names the draft and when it was typed; Restore puts it back, Discard forgets it."""

    def __init__(self, keeper: DraftKeeper, formats: Formats) -> None:
        draft = keeper.pending
        text = ""
        if draft is not None:
            local = formats.local(draft.saved_at)
            same_day = local.date() == formats.today
            when = f"{local:%H:%M}" if same_day else formats.instant(draft.saved_at)
            text = _("Continue “{title}”, which you were writing at {time}?").format(title=draft.title, time=when)
        super().__init__("info", text, _("Restore"), icon="history")
        self._keeper = keeper
        self._discard = Button(_("Discard"), "link")
        self.layout().addWidget(self._discard)
        self.action_clicked.connect(self._restore)
        self._discard.clicked.connect(self._forget)

    def _restore(self) -> None:
        self._keeper.restore()
        self.clear()

    def _forget(self) -> None:
        self._keeper.discard_pending()
        self.clear()
