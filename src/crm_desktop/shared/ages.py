"""How old something is, as people say it."""

from crm_desktop.shared.i18n import _, ngettext


def age_text(seconds: float) -> str:
    """Return an age as people say it, such as "2 h" or "3 days"; "a moment" for one that is still to come."""
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return _("a moment")
    if minutes < 60:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    if minutes < 48 * 60:
        return _("{count} h").format(count=minutes // 60)
    return ngettext("{count} day", "{count} days", minutes // 1440).format(count=f"{minutes // 1440:,}")
