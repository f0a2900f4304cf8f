"""A first week in a new company, as the guide tells it: from an empty company to the month's reports."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QWidget
from sqlalchemy import func, select

from crm_desktop.activities import timeline
from crm_desktop.activities.model import Activity
from crm_desktop.app.checks import check_database
from crm_desktop.app.founding import NewCompany, create
from crm_desktop.app.ui import tour
from crm_desktop.app.ui.speech import speak
from crm_desktop.contacts.model import Contact
from crm_desktop.orders.model import Delivery, Order, Quote
from crm_desktop.orders.ui import order_record, quote_record
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.receivables.collecting import balances
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.ui.settings import Settings
from tools.first_week import CALLS, CHINESE, ENGLISH, FirstWeek, Material

WORDS = "four words i know"
GUIDE = Path(__file__).parents[2] / "docs" / "guide"


@pytest.fixture(autouse=True)
def _english_again(qapp):
    yield
    speak(qapp, "en")


@pytest.mark.parametrize("folder", ["en", "zh"])
def test_the_guide_names_the_keys_of_its_verbs(folder: str) -> None:
    """The walk triggers the verbs by name; whoever reads the guide presses the keys it names."""
    key = {one.name: one.shortcut for one in (*quote_record.ACTIONS, *order_record.ACTIONS)}
    text = (GUIDE / folder / "first-week.md").read_text(encoding="utf-8")
    assert re.findall(r"\*\*(F\d+)\*\*", text) == [key["send"], key["make_order"], key["confirm"]]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "folder", "material"), [("en", "en", ENGLISH), ("zh_Hans", "zh", CHINESE)])
def test_the_week_of_the_guide(qapp, tmp_path: Path, language: str, folder: str, material: Material) -> None:
    tour.application(language, "light")
    address = str(tmp_path / "week.crm")
    create(address, NewCompany("Harbour & Lin", "CNY", "CN", "Asia/Shanghai", language, "Lin Wei", "lin", WORDS))
    seen: list[str] = []

    def show(name: str, shown: QWidget) -> None:
        assert shown.isVisible(), name
        seen.append(name)

    with tour.window_of(address, Settings(tmp_path / "settings.ini"), "lin", WORDS) as window:
        window.resize(1366, 768)
        week = FirstWeek(window, material, tmp_path, show)
        week.walk()
        here = window.session
        with here.database.read(here.actor) as work:

            def count(entity: type, *only: object) -> int:
                return work.session.scalar(select(func.count()).select_from(entity).where(*only)) or 0  # type: ignore[arg-type]

            assert count(Contact) == len(material.customers)
            assert count(Activity, Activity.state == "done") == CALLS
            assert count(Activity, Activity.state == "planned") == CALLS
            assert count(Contact, Contact.last_contact_at.is_not(None)) == CALLS
            won = work.session.scalars(select(Opportunity).where(Opportunity.state == "won")).one()
            assert count(Opportunity, Opportunity.state == "open") == 1
            quote, order = (work.session.scalars(select(one)).one() for one in (Quote, Order))
            assert (quote.state, quote.opportunity_id) == ("accepted", won.id)
            assert (order.state, order.opportunity_id) == ("confirmed", won.id)
            assert (order.delivered_percent, order.invoiced_percent) == (100, 100)
            assert count(Delivery) == 1
            invoice = work.session.scalars(select(Invoice)).one()
            paid = work.session.scalars(select(Receipt)).one()
            assert (invoice.state, invoice.total, paid.amount) == ("posted", order.total, 200_000)
            owed = balances.totals(work)
            assert sum(one.balance for one in owed) == Decimal(order.total - paid.amount) / 100
            entries = timeline.page(work, won.contact_id, limit=100)
            told = [one.source for one in entries if one.whole_day]
            assert told == ["receipt", "invoice", "delivery", "opportunity_end", "order", "quote", "opportunity"]
            assert {one.source for one in entries} >= {"activity", "change"}
        assert check_database(here.database) == []
    assert len(load_workbook(week.pack).sheetnames) > 5
    guide = (GUIDE / folder / "first-week.md").read_text(encoding="utf-8")
    assert [name for name in seen if f"/{name}.png" not in guide] == [], "the guide pictures every step"
