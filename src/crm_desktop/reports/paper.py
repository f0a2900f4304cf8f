"""What a business document says on paper: ready strings in the customer's language, and nothing else (pure)."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from crm_desktop.shared.i18n import ENGLISH

DEFAULT_COLOUR: Final = "#0B6677"


class Align(Enum):
    """Where the text of a column stands; figures go right."""

    LEFT = auto()
    CENTER = auto()
    RIGHT = auto()


class LineKind(Enum):
    """What a line of a document is."""

    ITEM = auto()
    TEXT = auto()
    """A remark over the whole width; only the first cell is read."""
    HEADING = auto()
    """A heading over the lines that follow; it never stays alone at the foot of a page."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `weight` is its share of the width."""

    title: str
    align: Align = Align.LEFT
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line; `detail` is a smaller text under the column named by `Paper.detail_column`."""

    cells: tuple[str, ...]
    detail: str = ""
    kind: LineKind = LineKind.ITEM


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the document states about itself: its number, its date, its currency."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """A headed text; `lines` may hold line breaks and are wrapped."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A row of the totals; the strong one is what is to be paid."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class SmallTable:
    """Taxes by rate, instalments: a few rows that stay together."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign; `party` heads it ("Seller"), `seal` is a PNG or JPEG laid over it."""

    party: str
    name: str = ""
    lines: tuple[str, ...] = ()
    """Labels to fill in by hand: representative, date."""
    seal: bytes = b""


@dataclass(frozen=True, slots=True)
class Sender:
    """The letterhead in the language of one document; `logo` is a PNG or JPEG, `colour` "#RRGGBB"."""

    name: str = ""
    address: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    """Phone, mail, website, tax number, each with its label."""
    bank: tuple[str, ...] = ()
    footer: str = ""
    colour: str = DEFAULT_COLOUR
    logo: bytes = b""
    seal: bytes = b""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document for printing, from top to bottom.

    Each line has as many cells as there are columns. Whatever is empty takes no room. The watermark
    ("Draft") lies across each page. `recipient` is name first, then the address.
    """

    title: str
    number: str = ""
    language: str = ENGLISH
    sender: Sender = Sender()
    recipient: Block = Block("", ())
    facts: tuple[Fact, ...] = ()
    intro: str = ""
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    detail_column: int = 0
    totals: tuple[Total, ...] = ()
    taxes: SmallTable | None = None
    words_label: str = ""
    amount_words: str = ""
    instalments: SmallTable | None = None
    texts: tuple[Block, ...] = ()
    signatures: tuple[Signature, ...] = ()
    watermark: str = ""

    def __post_init__(self) -> None:
        for line in self.lines:
            if line.kind is LineKind.ITEM and len(line.cells) != len(self.columns):
                raise ValueError(f"{len(line.cells)} cells for {len(self.columns)} columns: {line.cells}")

    @property
    def file_name(self) -> str:
        """Return a name for the file that any system takes: title and number."""
        bare = " ".join(part for part in (self.title, self.number) if part)
        return "".join("-" if char in '\\/:*?"<>|' or ord(char) < 32 else char for char in bare).strip(". ") + ".pdf"
