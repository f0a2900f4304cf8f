"""How much something is, as people say it."""

from typing import Final

from crm_desktop.shared.i18n import ngettext

_KILO: Final = 1000
_UNITS: Final = ("KB", "MB", "GB", "TB")


def size_text(size: int) -> str:
    """Return a number of bytes as people say it, such as "870 bytes", "1.5 KB" or "263 MB"; a KB is 1000 bytes."""
    if size < _KILO:
        return ngettext("{count} byte", "{count} bytes", size).format(count=size)
    value = float(size)
    for unit in _UNITS:
        value /= _KILO
        if value < _KILO or unit == _UNITS[-1]:
            break
    return f"{value:,.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
