"""A TrueType font whose text can be copied out of the PDF again; imported only when a PDF is drawn."""

import re
from typing import Any, Final

from reportlab.pdfbase.ttfonts import TTFont

_MAP: Final = "toUnicodeCMap:"
_BEYOND: Final = re.compile(r"<([0-9A-F]{5,6})>")
"""A character beyond U+FFFF as reportlab 5.1 writes it; a PDF wants the UTF-16 of it (ISO 32000, 9.10.3)."""


class EmbeddedFont(TTFont):
    """Embeds the letters used and says which characters they are, rare ones included."""

    def addObjects(self, doc: Any) -> None:
        """Add the font to the document."""
        known = {name for name in doc.idToObject if name.startswith(_MAP)}
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith(_MAP) and name not in known:
                stream.content = _BEYOND.sub(_utf16, stream.content)


def _utf16(found: re.Match[str]) -> str:
    return f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>"
