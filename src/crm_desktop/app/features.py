"""The registry of features without their screens: what exports, reports and the conformance tests walk."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from crm_desktop.access import company, journal_view, login, people, teams, views
from crm_desktop.contacts import custom, duplicates, export, files, handover, history, lists, merge, service, vcard
from crm_desktop.contacts.fields import FIELDS, HIDDEN
from crm_desktop.contacts.model import Contact
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature with a list.

    `model` is its main mapped class, every column of which is described in `fields` or named in
    `hidden`; `services` are the modules whose public functions are guarded; `listing` is the module of
    its list; `formats` are the endings `write_file` knows.
    """

    name: str
    entity: str
    label: str
    """What one of its records is called, marked."""
    model: Any
    fields: tuple[Field, ...]
    hidden: frozenset[str]
    services: tuple[ModuleType, ...]
    listing: Any
    write_file: Any
    note_export: Any
    formats: tuple[str, ...]


FEATURES: Final = (
    Feature(
        name="contacts",
        entity=service.ENTITY,
        label=N_("Contact"),
        model=Contact,
        fields=FIELDS,
        hidden=HIDDEN,
        services=(service, lists, custom, duplicates, export, files, handover, history, merge, vcard),
        listing=lists,
        write_file=export.write_file,
        note_export=export.note_export,
        formats=(".xlsx", ".csv", ".vcf"),
    ),
)

GROUND_SERVICES: Final = (company, journal_view, login, people, teams, views)
"""Guarded modules below the features."""
