"""The demo's contacts: firms with their people, typed as offices type them, over a year."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from crm_desktop.app.demo import words as material
from crm_desktop.app.demo.people import Staff
from crm_desktop.app.demo.words import Words

_STATUSES: Final = ("customer", "customer", "customer", "prospect", "prospect", "lapsed")
_LEVELS: Final = ("A", "B", "B", "C", "C", "C", "D", "")
_TYPED_MOBILES: Final = ("138{:04d}{:04d}", "139 {:04d} {:04d}", "+86 186-{:04d}-{:04d}", "135-{:04d}-{:04d}")

_TAIWAN_MOBILES: Final = ("09{:04d}{:04d}", "+886 9{:04d}{:04d}")


class ContactMaker:
    """Makes firms and the people in them from one seeded generator."""

    def __init__(self, words: Words, staff: Staff, tags: Sequence[int], now: datetime, chance: random.Random) -> None:
        self.words = words
        self.staff = staff
        self.tags = tags
        self.now = now
        self.chance = chance

    def make(self, count: int) -> Iterator[Mapping[str, Any]]:
        """Yield `count` contacts as `contacts.bulk.insert_contacts` takes them; a person follows its firm."""
        place = 0
        while place < count:
            firm_place = place
            firm = self._firm()
            yield firm
            place += 1
            for _ in range(self._people()):
                if place >= count:
                    return
                yield self._person(firm, firm_place)
                place += 1

    def _people(self) -> int:
        return self.chance.choice((0, 1, 1, 1, 2, 2, 3))

    def _firm(self) -> dict[str, Any]:
        chance = self.chance
        chinese = chance.random() < self.words.chinese_share
        name, city = self._chinese_firm() if chinese else self._latin_firm()
        supplier = chance.random() < 0.06
        in_pool = chance.random() < 0.07
        created = self.now - timedelta(minutes=chance.randint(60, 365 * 24 * 60))
        firm: dict[str, Any] = {
            "kind": "company",
            "name": name,
            "status": chance.choice(_STATUSES),
            "is_customer": not supplier or chance.random() < 0.3,
            "is_supplier": supplier,
            "owner": self.staff.buyer if supplier else None if in_pool else chance.choice(self.staff.reps),
            "level": chance.choice(_LEVELS),
            "source": chance.choice(self.words.sources),
            "industry": chance.choice(self.words.industries),
            "created_at": created,
            "owned_since": created,
            "updated_at": min(self.now, created + timedelta(minutes=chance.randint(0, 200_000))),
            "created_by": self.staff.owner,
            "addresses": [city],
            "points": self._firm_points(chinese, name),
            "tag_ids": chance.sample(self.tags, chance.choice((0, 0, 0, 1, 1, 2))),
            "notes": chance.choice(self.words.notes) if chance.random() < 0.15 else "",
        }
        if chinese:
            firm["short_name"] = name.removeprefix(city["city"])[:2]
        return firm

    def _chinese_firm(self) -> tuple[str, dict[str, str]]:
        chance, taiwan = self.chance, self.words.in_taiwan
        city, region, postcode = chance.choice(material.TAIWAN_CITIES if taiwan else material.HAN_CITIES)
        brand = self._han(material.HAN_BRAND_FIRST) + self._han(material.HAN_BRAND_LAST)
        trade = self._han(material.TAIWAN_TRADES if taiwan else material.HAN_TRADES)
        name = f"{city}{brand}{trade}{chance.choice(material.TAIWAN_FORMS if taiwan else material.HAN_FORMS)}"
        road = self._han(material.HAN_BRAND_FIRST) + self._han(material.HAN_BRAND_LAST)
        number = chance.randint(1, 999)
        if taiwan:
            street, country = f"{road}路 {number} 號", "TW"
            name = name.removeprefix(city)
        else:
            street, country = f"{road}路 {number} 号", "CN"
        return name, {"street": street, "city": city, "region": region, "postcode": postcode, "country": country}

    def _han(self, signs: Sequence[str]) -> str:
        """Return one of the signs or words, written as they are where the company is."""
        chosen = self.chance.choice(signs)
        return chosen.translate(material.TRADITIONAL) if self.words.in_taiwan else chosen

    def _latin_firm(self) -> tuple[str, dict[str, str]]:
        chance = self.chance
        city, country, postcode = chance.choice(material.LATIN_CITIES)
        words = (chance.choice(material.LATIN_BRANDS), chance.choice(material.LATIN_TRADES))
        second = f"{chance.choice(material.LATIN_LAST)} " if chance.random() < 0.4 else ""
        name = f"{second}{words[0]} {words[1]} {chance.choice(material.LATIN_FORMS)}"
        street = f"{chance.choice(material.LATIN_BRANDS)} Street {chance.randint(1, 250)}"
        return name, {"street": street, "city": city, "region": "", "postcode": postcode, "country": country}

    def _firm_points(self, chinese: bool, name: str) -> list[dict[str, str]]:
        chance = self.chance
        if chinese and self.words.in_taiwan:
            phone = f"0{chance.choice((2, 3, 4, 6, 7))}-{chance.randint(2000, 2999)} {chance.randint(0, 9999):04d}"
            mailbox = f"info{chance.randint(1, 99999)}@example.tw"
        elif chinese:
            area = chance.choice((574, 21, 755, 20, 571, 512))
            phone = f"0{area}-{chance.randint(8000, 8999)} {chance.randint(0, 9999):04d}"
            mailbox = f"info{chance.randint(1, 99999)}@example.cn"
        else:
            phone = f"+44 113 496 {chance.randint(0, 9999):04d}"
            mailbox = f"sales@{''.join(filter(str.isalpha, name)).lower()[:18]}.example"
        points = [{"kind": "phone", "value": phone}]
        if chance.random() < 0.6:
            points.append({"kind": "email", "value": mailbox})
        return points

    def _person(self, firm: Mapping[str, Any], firm_place: int) -> dict[str, Any]:
        chance = self.chance
        chinese = "一" <= firm["name"][0] <= "鿿"
        if chinese:
            given = "".join(self._han(material.HAN_GIVEN) for _ in range(chance.choice((1, 2, 2))))
            name = self._han(material.HAN_SURNAMES) + given
            mobile = chance.choice(_TAIWAN_MOBILES if self.words.in_taiwan else _TYPED_MOBILES).format(
                chance.randint(0, 9999), chance.randint(0, 9999)
            )
            points = [{"kind": "mobile", "value": mobile}]
            if chance.random() < 0.5:
                points.append({"kind": "wechat", "value": f"wx_{chance.randint(10_000, 9_999_999)}"})
        else:
            first, last = chance.choice(material.LATIN_FIRST), chance.choice(material.LATIN_LAST)
            name = f"{first} {last}"
            points = [{"kind": "mobile", "value": f"+44 7700 900{chance.randint(0, 999):03d}"}]
            if chance.random() < 0.7:
                points.append(
                    {"kind": "email", "value": f"{first}.{last}{chance.randint(1, 9999)}@example.com".lower()}
                )
        kept = ("status", "is_customer", "is_supplier", "owner", "created_at", "updated_at", "created_by", "addresses")
        return {
            "kind": "person",
            "name": name,
            "points": points,
            "employer": firm_place,
            "role": chance.choice(self.words.roles),
            **{key: firm[key] for key in kept},
        }
