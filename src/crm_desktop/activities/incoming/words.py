"""Which kind, result or colleague a cell of a list of activities means."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from crm_desktop.access.model import User
from crm_desktop.activities import kinds, rules
from crm_desktop.db.work import Work
from crm_desktop.shared.i18n import _
from crm_desktop.shared.text import fold

_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("phone", "telephone", "phone call", "电话", "電話", "致电", "電訪", "电话联系", "通话"), "call"),
    **dict.fromkeys(
        ("on site", "site visit", "拜访", "拜訪", "上门", "上门拜访", "上門拜訪", "到访", "实地拜访"), "visit"
    ),
    **dict.fromkeys(("e-mail", "email", "mail", "wechat", "sms", "whatsapp", "chat", "微信", "短信"), "message"),
    **dict.fromkeys(("简讯", "簡訊", "邮件", "郵件", "电子邮件", "qq", "消息", "訊息", "钉钉", "line"), "message"),
    **dict.fromkeys(("appointment", "demo", "会议", "會議", "会面", "會面", "面谈", "面談", "展会", "展會"), "meeting"),
    **dict.fromkeys(("comment", "remark", "备注", "備註", "笔记", "筆記", "其他", "other"), "note"),
    **dict.fromkeys(("to do", "todo", "任务", "任務", "待办", "待辦"), "task"),
}
"""What other programs call the shipped kinds."""


class Words:
    """The kinds, results and colleagues of the company by every word they go by."""

    def __init__(self, work: Work) -> None:
        self.kinds = kinds.kinds(work, all=True)
        by_key = {one.key: one.id for one in self.kinds if one.key}
        self._kinds = {fold(word): by_key[key] for word, key in _KINDS.items() if key in by_key}
        self._kinds |= _named(self.kinds, rules.KIND_WORDS)
        self.usual_kind = by_key.get("note", self.kinds[0].id)
        self._results = _named(kinds.results(work, all=True), rules.RESULT_WORDS)
        self._users: dict[str, set[int]] = {}
        for id_, name, login in work.session.execute(select(User.id, User.name, User.login)):
            for word in (name, login):
                self._users.setdefault(fold(word), set()).add(id_)

    def kind(self, text: str) -> int | None:
        """Return the kind a cell names, None for none of them."""
        return self._kinds.get(fold(text))

    def result(self, text: str) -> int | None:
        """Return the result a cell names, None for none of them."""
        return self._results.get(fold(text))

    def user(self, text: str) -> int | None:
        """Return the one colleague, past or present, whom a cell names; None for nobody or several."""
        found = self._users.get(fold(text), set())
        return next(iter(found)) if len(found) == 1 else None


def _named(rows: tuple[kinds.Kind, ...] | tuple[kinds.Result, ...], words: Mapping[str, str]) -> dict[str, int]:
    named = {fold(text): one.id for one in rows if one.key for text in (one.key, words.get(one.key, one.key))}
    named |= {fold(_(words[one.key])): one.id for one in rows if one.key in words}
    return named | {fold(one.name): one.id for one in rows if one.name}
