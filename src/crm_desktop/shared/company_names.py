"""Keys by which the same company or person is recognised however the name is written (pure).

Keys hold letters and digits only. Equal keys: the same; `similarity` from `SIMILAR` up: look.
"""

import re
from typing import Final

from crm_desktop.shared.text import fold, words_only

SAME: Final = 100
"""The similarity of equal keys."""

SIMILAR: Final = 85
"""From this similarity on a person should look before saving."""

_CONTAINED = 92
_SHORTEST_CONTAINED_CHINESE = 2
_SHORTEST_CONTAINED_LATIN = 4
_SHORTEST_FUZZY = 3

_FORMS_AT_END: Final = (
    "股份有限公司", "有限责任公司", "有限公司", "股份公司",
    "责任公司", "控股公司", "集团公司", "总公司", "公司",
    "有限合伙", "普通合伙", "合伙企业", "集团", "控股",
    "股份", "株式会社", "有限会社", "合同会社", "주식회사",
)  # fmt: skip
_FORMS_AT_START: Final = ("株式会社", "有限会社", "合同会社", "주식회사")
_IS_A_BRANCH = "分公司"

_LATIN_FORMS: Final = frozenset(
    tuple(form.split())
    for form in (
        "company limited", "co limited", "co ltd", "coltd", "pte ltd", "pte limited", "pty ltd",
        "pty limited", "pvt ltd", "private limited", "ltd", "limited", "company", "co", "corporation",
        "corp", "corpn", "inc", "incorporated", "llc", "l l c", "llp", "l l p", "lp", "plc", "p l c",
        "limited liability company", "group", "holding", "holdings", "gmbh", "mbh", "gmbh co kg",
        "co kg", "kg", "kgaa", "ag", "ag co kg", "ug", "ohg", "gbr", "e k", "ek",
        "ug haftungsbeschrankt", "se", "s e", "sa", "s a", "sas", "s a s", "sarl", "s a r l", "eurl",
        "srl", "s r l", "srls", "spa", "s p a", "snc", "s n c", "sl", "s l", "slu", "s l u", "lda",
        "ltda", "sa de cv", "s a de c v", "sp z o o", "sp zoo", "spzoo", "spolka z o o", "s r o", "sro",
        "spol s r o", "a s", "as", "d o o", "doo", "d d", "kft", "zrt", "nyrt", "bt", "bv", "b v", "nv",
        "n v", "cv", "vof", "ab", "aps", "a p s", "oy", "oyj", "asa", "kk", "k k", "g k", "gk", "bhd",
        "sdn bhd", "sdn", "tbk", "ooo", "ооо", "зао", "оао", "пао", "ао", "jsc", "ojsc", "zao", "oao",
        "ltd sti", "fze", "fzco", "fzc",
    )
)  # fmt: skip
_LONGEST_FORM = max(map(len, _LATIN_FORMS))
_LATIN_FORMS_AT_START: Final = frozenset({"pt", "ooo", "ооо", "зао", "оао", "пао", "ао", "cv", "the"})

_TOWNS: Final = tuple(sorted(
    [
        "中国", "北京", "上海", "天津", "重庆", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江",
        "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南",
        "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾",
        "深圳", "广州", "珠海", "东莞", "佛山", "中山", "惠州", "汕头", "江门", "湛江", "厦门", "福州",
        "泉州", "漳州", "莆田", "宁波", "杭州", "温州", "嘉兴", "湖州", "绍兴", "金华", "义乌", "台州",
        "舟山", "衢州", "丽水", "南京", "苏州", "无锡", "常州", "南通", "扬州", "镇江", "徐州", "盐城",
        "泰州", "昆山", "连云港", "合肥", "芜湖", "济南", "青岛", "烟台", "威海", "潍坊", "临沂",
        "淄博", "郑州", "洛阳", "武汉", "长沙", "株洲", "南昌", "九江", "成都", "绵阳", "贵阳", "昆明",
        "南宁", "桂林", "柳州", "海口", "三亚", "西安", "兰州", "西宁", "银川", "乌鲁木齐", "呼和浩特",
        "太原", "石家庄", "保定", "唐山", "秦皇岛", "沈阳", "大连", "长春", "哈尔滨", "台北", "新北",
        "桃园", "台中", "台南", "高雄", "新加坡", "日本", "东京", "大阪", "韩国", "美国", "德国",
        "英国", "亚洲", "亚太", "国际",
    ],
    key=len, reverse=True,
))  # fmt: skip
_LATIN_TOWNS: Final = frozenset(
    [
        "china", "shanghai", "beijing", "peking", "shenzhen", "guangzhou", "ningbo", "hangzhou",
        "suzhou", "nanjing", "tianjin", "wuhan", "chengdu", "chongqing", "qingdao", "dalian", "xiamen",
        "dongguan", "foshan", "wuxi", "hongkong", "hk", "macau", "taiwan", "taipei", "kaohsiung",
        "singapore", "japan", "tokyo", "osaka", "korea", "seoul", "usa", "us", "uk", "germany",
        "deutschland", "france", "italia", "italy", "espana", "spain", "europe", "asia", "india",
        "vietnam", "thailand", "malaysia", "indonesia", "philippines", "australia",
    ]
)  # fmt: skip
_AT_TOWN = re.compile(f"({'|'.join(_TOWNS)})(?:特别行政区|自治区|省|市(?!场|政))?")
_BRACKETED = re.compile(r"[(\[{<〈《【〔「]([^()\[\]{}<>〈〉《》【】〔〕「」]*)[)\]}>〉》】〕」]")
_HAS_CHINESE = re.compile("[\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]")
_TITLES: Final = frozenset(
    [
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "frau", "mme", "mlle", "monsieur",
        "madame", "sr", "sra", "sir", "jr", "phd", "mba", "dipl",
    ]
)  # fmt: skip
_CHINESE_TITLES: Final = ("先生", "女士", "小姐", "太太", "老师", "总经理", "经理", "博士", "教授")


def company_key(name: str) -> str:
    """Return what a company is recognised by, '' for a name without letters or digits.

    Folded; without punctuation, spaces and legal form; a town in brackets counts as if it stood in
    front, so 华新（上海）有限公司 and 上海华新有限公司 agree. A name that is nothing but a legal form
    keeps it.
    """
    # Hong Kong is the one town of two words that is often bracketed.
    folded = fold(name).replace("hong kong", "hongkong")
    words, towns = _take_towns_out(folded)
    kept = _strip_latin_forms(words_only(words).split())
    bare = _strip_chinese_forms("".join(kept)) if _HAS_CHINESE.search(words) else "".join(kept)
    match = _AT_TOWN.match(bare)
    if match and match.end() < len(bare):
        bare = match.group(1) + bare[match.end() :]
    fronts = [town for town in dict.fromkeys(towns) if not bare.startswith(town)]
    key = "".join(fronts) + bare if bare else ""
    return key or "".join(words_only(folded).split())


def person_key(name: str) -> str:
    """Return what a person is recognised by: folded, without titles; Latin words in alphabetical order.

    So `Smith, John`, `Mr John Smith` and `JOHN SMITH` agree, and 王小明先生 with 王 小明.
    """
    words = words_only(fold(name)).split()
    kept = [word for word in words if word not in _TITLES] or words
    if not _HAS_CHINESE.search(name):
        return "".join(sorted(kept))
    key = "".join(kept)
    for title in _CHINESE_TITLES:
        if key.endswith(title) and len(key) > len(title):
            return key.removesuffix(title)
    return key


def similarity(a_key: str, b_key: str) -> int:
    """Return how alike two keys are, 0 to 100; `SAME` only if they are equal and not empty.

    A key inside the other counts as alike, unless it is a mere town. Otherwise the letters are
    compared with the town and without, and the lower number counts: 上海华东 is not 上海华通.
    """
    if not a_key or not b_key:
        return 0
    if a_key == b_key:
        return SAME
    short, long = sorted((a_key, b_key), key=len)
    if short in long and _says_enough(short):
        return _CONTAINED
    if len(short) < _SHORTEST_FUZZY:
        return 0
    from rapidfuzz import fuzz

    with_town = fuzz.ratio(a_key, b_key)
    without_town = fuzz.ratio(_without_town(a_key), _without_town(b_key))
    return min(int(with_town), int(without_town), SAME - 1)


def _says_enough(key: str) -> bool:
    if key in _LATIN_TOWNS or _AT_TOWN.fullmatch(key):
        return False
    least = _SHORTEST_CONTAINED_CHINESE if _HAS_CHINESE.search(key) else _SHORTEST_CONTAINED_LATIN
    return len(key) >= least


def _without_town(key: str) -> str:
    match = _AT_TOWN.match(key)
    return key[match.end() :] if match else key


def _take_towns_out(folded: str) -> tuple[str, list[str]]:
    """Return the name with its brackets opened, and the towns that stood in brackets, taken out."""
    towns: list[str] = []

    def open_bracket(match: re.Match[str]) -> str:
        inside = match.group(1).strip()
        town = _AT_TOWN.fullmatch(inside)
        if town or inside in _LATIN_TOWNS:
            towns.append(town.group(1) if town else inside)
            return " "
        return f" {inside} "

    return _BRACKETED.sub(open_bracket, folded), towns


def _strip_latin_forms(words: list[str]) -> list[str]:
    kept = list(words)
    if len(kept) > 1 and kept[0] in _LATIN_FORMS_AT_START:
        kept = kept[1:]
    size = 1
    while size:
        longest = min(_LONGEST_FORM, len(kept) - 1)
        size = next((n for n in range(longest, 0, -1) if tuple(kept[-n:]) in _LATIN_FORMS), 0)
        kept = kept[: len(kept) - size]
    return kept


def _strip_chinese_forms(name: str) -> str:
    """Strip legal forms off the ends until none is left; a branch (分公司) is another company and stays."""
    form = next((f for f in _FORMS_AT_START if name.startswith(f) and name != f), "")
    bare = name.removeprefix(form)
    while form := _form_at_end(bare):
        bare = bare.removesuffix(form)
    return bare


def _form_at_end(name: str) -> str:
    if name.endswith(_IS_A_BRANCH):
        return ""
    return next((form for form in _FORMS_AT_END if name.endswith(form)), "")
