"""The two colour tables of the program; the only place where a colour is written down."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_TABLE: Final = {
    # token: (light, dark)
    "window": ("#ECEFF1", "#13171A"),
    "surface": ("#FFFFFF", "#1B2024"),
    "sunken": ("#F5F7F8", "#171C1F"),
    "raised": ("#FFFFFF", "#262D32"),
    "line": ("#DEE3E6", "#2E363C"),
    "field": ("#84919A", "#707E88"),
    "text": ("#182026", "#E7EBEE"),
    "text2": ("#42505A", "#BBC5CB"),
    "muted": ("#58666F", "#9EABB3"),
    "accent": ("#0B6677", "#63C4D6"),
    "focus": ("#0B6677", "#63C4D6"),
    "fill": ("#0B6677", "#17788A"),
    "fill-hover": ("#085261", "#126778"),
    "on-fill": ("#FFFFFF", "#FFFFFF"),
    "accent-soft": ("#DDEEF1", "#153B44"),
    "selection": ("#D2E8ED", "#1B414A"),
    "hover": ("#F0F4F5", "#22292E"),
    "success": ("#1B6E38", "#67C98B"),
    "success-soft": ("#E0F1E5", "#16351F"),
    "warn": ("#7F5200", "#E5B551"),
    "warn-soft": ("#FAEED2", "#392D12"),
    "danger": ("#B3261A", "#FF9083"),
    "danger-soft": ("#FBE5E2", "#46201C"),
    "danger-fill": ("#B3261A", "#BE3A2D"),
    "age0": ("#9FB0B9", "#5C6E79"),
    "age1": ("#E7BE55", "#E6C067"),
    "age2": ("#DE9536", "#DD9C45"),
    "age3": ("#CF6A2B", "#D67640"),
    "age4": ("#B33C28", "#D0533B"),
    "age5": ("#741A16", "#A32F2A"),
    "c1": ("#0B6677", "#4FB3C6"),
    "c2": ("#9FB0B9", "#5C6E79"),
    "c3": ("#B9791C", "#D9A441"),
    "c4": ("#74508A", "#A986C2"),
}

LIGHT: Final[Mapping[str, str]] = MappingProxyType({name: pair[0] for name, pair in _TABLE.items()})
DARK: Final[Mapping[str, str]] = MappingProxyType({name: pair[1] for name, pair in _TABLE.items()})
