"""The letterhead on both engines: who changes it, what is refused, what the journal keeps."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.reports import letterhead
from crm_desktop.reports.paper import DEFAULT_COLOUR
from crm_desktop.reports.pictures import MOST_BYTES, checked_picture
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from tests.companies import Firm
from tests.reports.papers import picture


def save(database: Database, actor: Actor, version: int, **changes: object) -> letterhead.LetterheadProfile:
    with database.begin(actor) as work:
        return letterhead.save(work, version, changes)


def read(database: Database, actor: Actor) -> letterhead.LetterheadProfile:
    with database.read(actor) as work:
        return letterhead.get(work)


def test_before_it_is_saved_it_has_the_company_name_and_our_colour(database: Database, firm: Firm) -> None:
    profile = read(database, firm.anna)
    assert (profile.version, profile.colour) == (0, DEFAULT_COLOUR)
    sender = profile.sender("en")
    assert sender.name == profile.company_name != ""
    assert sender.contact == ()


def test_everybody_prints_it_the_owner_changes_it(database: Database, firm: Firm) -> None:
    logo = picture()
    saved = save(
        database, firm.boss, 0, name="  晨光机电 ", address="张江路 88 号\n上海", phone="+86 21 5080 1234",
        colour="#9c2a20", logo=logo, wording={"en": {"name": "Chenguang", "address": " "}, "xx": {"name": "?"}},
    )  # fmt: skip
    assert saved.version == 1
    profile = read(database, firm.buyer)
    assert profile == saved
    assert profile.wording == {"en": {"name": "Chenguang"}}
    assert (profile.name, profile.colour, profile.logo) == ("晨光机电", "#9C2A20", logo)
    assert profile.sender("en").name == "Chenguang"
    assert profile.sender("en").contact == ("Phone +86 21 5080 1234",)
    assert profile.sender("zh_Hans").name == "晨光机电"
    assert profile.sender("zh_Hans").address == profile.sender("en").address == ("张江路 88 号", "上海")
    for actor in (firm.anna, firm.manager, firm.buyer):
        with pytest.raises(NotAllowed):
            save(database, actor, 1, name="Mine")


def test_the_journal_keeps_what_changed_but_no_pictures(database: Database, firm: Firm) -> None:
    seal = picture(form="JPEG")
    save(database, firm.boss, 0, name="A")
    save(database, firm.boss, 1, seal=seal)
    with database.read(SYSTEM) as work:
        entries = work.session.scalars(
            select(JournalEntry).where(JournalEntry.entity == "letterhead").order_by(JournalEntry.id)
        ).all()
    assert [entry.action for entry in entries] == ["create", "update"]
    assert entries[1].after == {"seal_sha256": hashlib.sha256(seal).hexdigest()}
    assert read(database, firm.anna).seal == seal
    save(database, firm.boss, 2, seal=b"")
    assert read(database, firm.anna).seal == b""


def test_two_people_changing_it(database: Database, firm: Firm) -> None:
    save(database, firm.boss, 0, name="A", phone="1")
    save(database, firm.boss, 1, name="B")
    assert save(database, firm.boss, 1, phone="2").name == "B"
    with pytest.raises(Conflict) as refused:
        save(database, firm.boss, 1, name="C")
    assert refused.value.theirs == {"name": "B"}
    with pytest.raises(Conflict):
        save(database, firm.boss, 0, name="D")
    assert read(database, firm.boss).name == "B"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"),
        ("colour", "#12345"),
        ("name", "x" * 1001),
        ("logo", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("seal", picture()[:200]),
        ("logo", picture(form="GIF", mode="P")),
        ("logo", b"\x89PNG" + b"0" * MOST_BYTES),
    ],
)
def test_what_cannot_be_printed_is_refused(database: Database, firm: Firm, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        save(database, firm.boss, 0, **{field: value})
    assert refused.value.field == field
    assert read(database, firm.boss).version == 0


def test_there_is_one_letterhead(database: Database, firm: Firm) -> None:
    save(database, firm.boss, 0, name="A")
    with pytest.raises(DBAPIError), database.begin(SYSTEM) as work:
        work.session.execute(text("update letterhead set id = 2"))


def test_a_large_picture_is_made_as_small_as_paper_needs() -> None:
    from io import BytesIO

    from PIL import Image

    for form, mode in (("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK")):
        with Image.open(BytesIO(checked_picture(picture(3000, 1500, form, mode), "logo"))) as smaller:
            assert (smaller.format, smaller.size) == (form, (1000, 500))
    small = picture(900, 300)
    assert checked_picture(small, "logo") is small
    with pytest.raises(Invalid, match="pixels"):
        checked_picture(picture(9000, 9000, mode="1"), "logo")
