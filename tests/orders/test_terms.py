"""Payment terms and standing texts, on both engines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.orders import rules, terms
from crm_desktop.orders.instalments import Part
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from tests.companies import Firm
from tests.orders.documents import customer, new_order, order_of

THIRDS = (Part("percent", Decimal("33.3333")), Part("percent", Decimal("33.3333"), 30), Part("remainder", days=60))


def test_a_payment_term_is_kept_changed_and_put_away(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        term_id = terms.save_payment_term(work, None, 0, name=" Thirds ", parts=THIRDS)
    with database.read(firm.anna) as work:
        (term,) = terms.payment_terms(work)
        shown = terms.plan_for(work, term_id, Decimal(100), "CNY", date(2026, 1, 31))
    assert (term.id, term.name, term.parts) == (term_id, "Thirds", THIRDS)
    assert [one["amount"] for one in shown] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert [one["due_on"] for one in shown] == [date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 1)]
    order_id = new_order(database, firm.anna, customer(database, firm.anna), payment_term_id=term_id)
    with pytest.raises(rules.WrongState, match="inactive"), database.begin(firm.boss) as work:
        terms.delete_payment_term(work, term_id, term.version)
    with database.begin(firm.boss) as work:
        terms.save_payment_term(work, term_id, term.version, name="Old", parts=THIRDS[2:], active=False)
        assert terms.payment_terms(work) == ()
        assert [one.name for one in terms.payment_terms(work, inactive=True)] == ["Old"]
    assert len(order_of(database, firm.anna, order_id)["instalments"]) == 3
    with pytest.raises(Conflict), database.begin(firm.boss) as work:
        terms.save_payment_term(work, term_id, term.version, name="New", parts=THIRDS)
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        terms.save_payment_term(work, None, 0, name="Mine", parts=THIRDS)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((), "parts"),
        (THIRDS[:2], "parts"),
        ((Part("remainder"), Part("remainder")), "parts"),
        ((Part("percent", Decimal(101)), Part("remainder")), "parts"),
        ((Part("fixed", Decimal(-1)), Part("remainder")), "parts"),
        ((Part("remainder", days=-1),), "parts"),
        (THIRDS, "name"),
    ],
)
def test_a_term_that_does_not_add_up_is_refused(database: Database, firm: Firm, parts: Any, field: str) -> None:
    with pytest.raises(Invalid) as caught, database.begin(firm.boss) as work:
        terms.save_payment_term(work, None, 0, name="" if field == "name" else "T", parts=parts)
    assert caught.value.field == field


def test_standing_texts_are_kept_by_kind(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        for kind, name in (("terms", "FOB"), ("opening", "Polite"), ("opening", "brief")):
            terms.save_standing_text(work, None, 0, {"kind": kind, "name": name, "body": "Words\n", "language": "en"})
    with database.read(firm.anna) as work:
        assert [(one.kind, one.name) for one in terms.standing_texts(work)] == [
            ("opening", "brief"),
            ("opening", "Polite"),
            ("terms", "FOB"),
        ]
        (fob,) = terms.standing_texts(work, "terms")
    assert fob.body == "Words"
    for wrong, field in (({"kind": "x"}, "kind"), ({"body": " "}, "body"), ({"language": "xx"}, "language")):
        with pytest.raises(Invalid) as caught, database.begin(firm.boss) as work:
            terms.save_standing_text(work, fob.id, fob.version, {"kind": "terms", "name": "n", "body": "b"} | wrong)
        assert caught.value.field == field
    with database.begin(firm.boss) as work:
        terms.delete_standing_text(work, fob.id, fob.version)
        assert terms.standing_texts(work, "terms") == ()
