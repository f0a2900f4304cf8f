"""Make the fonts of resources/fonts/paper from the originals; run by hand when a new version is wanted.

`python -m tools.paper_fonts SC TC LATIN` takes three static TrueType files: Noto Sans SC, TC and Noto Sans
in Regular. Which characters are kept is said below and in resources/fonts/paper/LICENSE.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "resources/fonts/paper"
NAMES = ("NotoSansSC", "NotoSansTC", "NotoSans")
# Latin, Greek, Cyrillic, punctuation, currencies, figures in circles, kana, bopomofo, full-width forms.
COMMON = (
    (0x20, 0x180), (0x1CD, 0x1DD), (0x370, 0x460), (0x2000, 0x2070), (0x20A0, 0x20C0), (0x2100, 0x2300),
    (0x2460, 0x2680), (0x3000, 0x3130), (0x3200, 0x3400), (0xFE30, 0xFE50), (0xFF00, 0xFFF0),
)  # fmt: skip
LATIN = ((0x20, 0x530), (0x1E00, 0x2070), (0x20A0, 0x20C1), (0x2100, 0x2300), (0xFFFD, 0xFFFE))
RARE = {0x3400}
DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "gasp", "STAT", "DSIG", "meta"]


def main() -> int:
    """Write the three files."""
    if len(sys.argv) != 4:
        print(__doc__)
        return 2
    sources = [Path(name) for name in sys.argv[1:]]
    simplified = set(TTFont(sources[0]).getBestCmap())
    common, gb, big5 = _ranges(COMMON), _decoded("gb2312"), _decoded("big5")
    wanted = (
        common | gb | (_decoded("gbk") - big5) | {code for code in simplified if code > 0x20000} | RARE,
        common | big5 | _decoded("cp950") | {code for code in _decoded("big5hkscs") - simplified if code < 0x10000},
        _ranges(LATIN),
    )
    for name, source, codes in zip(NAMES, sources, wanted, strict=True):
        target = TARGET / f"{name}-Regular.ttf"
        _make(source, target, codes)
        print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


def _ranges(pairs: Iterable[tuple[int, int]]) -> set[int]:
    return {code for first, end in pairs for code in range(first, end)}


def _decoded(codec: str) -> set[int]:
    """Every character of a Chinese code page."""
    pairs = (bytes((first, second)) for first in range(0x81, 0xFF) for second in range(0x40, 0xFF))
    return {ord(char) for pair in pairs for char in pair.decode(codec, "ignore")}


def _make(source: Path, target: Path, codes: set[int]) -> None:
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += DROPPED
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    sys.exit(main())
