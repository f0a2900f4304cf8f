"""The frame of the small dialogs about money."""

from typing import ClassVar

from crm_desktop.ui.act_dialog import Act, ActDialog

__all__ = ["Act", "MoneyDialog"]


class MoneyDialog(ActDialog):
    """Its step notes a receipt unless it says otherwise."""

    entities: ClassVar[tuple[str, ...]] = ("receipt",)
