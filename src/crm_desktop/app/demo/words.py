"""What the demo's names are made of. All of them are invented; numbers are from ranges kept for fiction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Material for one language."""

    company: str
    staff: tuple[str, ...]
    """Owner, manager, then reps, purchaser, accountant, administrator in turn."""
    teams: tuple[str, ...]
    tags: tuple[str, ...]
    industries: tuple[str, ...]
    sources: tuple[str, ...]
    roles: tuple[str, ...]
    notes: tuple[str, ...]
    chinese_share: float
    """Share of contacts with a Chinese name."""
    in_taiwan: bool = False


EN = Words(
    company="Harbour & Lin Trading",
    staff=(
        "Lin Wei",
        "Zhou Min",
        "Chen Jie",
        "Anna Weber",
        "Ole Berg",
        "Mia Tan",
        "Bai Ping",
        "Carla Rossi",
        "Ada Min",
    ),
    teams=("Sales", "Asia", "Europe"),
    tags=("Key account", "Fair 2026", "Pays late", "Bearings", "Spare parts", "Newsletter"),
    industries=("Machine tools", "Ship supplies", "Automation", "Hardware", "Electronics", "Packaging", "Textiles"),
    sources=("Trade fair", "Referral", "Website", "Cold call", "Exhibition", "Partner"),
    roles=("buyer", "accounts", "managing director", "warehouse", "engineering", "assistant"),
    notes=(
        "Prefers calls in the morning.",
        "Asks for a delivery note with every parcel.",
        "Met at the spring fair; wants samples of the 6204 bearings.",
        "Pays by bank draft.",
        "Invoices go to the accounts department by e-mail only.",
    ),
    chinese_share=0.45,
)
ZH_HANS = Words(
    company="港林贸易有限公司",
    staff=("林伟", "周敏", "陈洁", "魏安娜", "欧博", "谭美雅", "白萍", "罗佳", "闵艾达"),
    teams=("销售部", "华东组", "华南组"),
    tags=("重点客户", "2026 展会", "付款慢", "轴承", "备件", "通讯"),
    industries=("机床", "船舶物资", "自动化", "五金", "电子", "包装", "纺织"),
    sources=("展会", "转介绍", "网站", "电话", "展览", "合作伙伴"),
    roles=("采购", "财务", "总经理", "仓库", "工程", "助理"),
    notes=(
        "上午来电较方便。",
        "每批货都要送货单。",
        "春季展会上认识，要 6204 轴承样品。",
        "用承兑汇票付款。",
        "发票只发财务邮箱。",
    ),
    chinese_share=0.85,
)
ZH_HANT = Words(
    company="港林貿易有限公司",
    staff=("林偉", "周敏", "陳潔", "魏安娜", "歐博", "譚美雅", "白萍", "羅佳", "閔艾達"),
    teams=("業務部", "北區組", "南區組"),
    tags=("重點客戶", "2026 展會", "付款慢", "軸承", "備件", "電子報"),
    industries=("工具機", "船舶物料", "自動化", "五金", "電子", "包裝", "紡織"),
    sources=("展會", "轉介紹", "網站", "電話", "展覽", "合作夥伴"),
    roles=("採購", "會計", "總經理", "倉庫", "工程", "助理"),
    notes=(
        "上午來電較方便。",
        "每批貨都要送貨單。",
        "春季展會上認識，要 6204 軸承樣品。",
        "用支票付款。",
        "發票只寄會計信箱。",
    ),
    chinese_share=0.85,
    in_taiwan=True,
)
WORDS = {"en": EN, "zh_Hans": ZH_HANS, "zh_Hant": ZH_HANT}

LATIN_BRANDS = tuple(
    "Alder Amber Anchor Arden Aspen Atlas Aurora Baltic Beacon Berg Birch Blue Boreal Bright Bristol Cedar Coral "
    "Crescent Delta Dover Eastgate Elm Ember Falcon Fjord Garnet Glen Granite Harbour Harlow Hazel Heron Holm Iris "
    "Juniper Kestrel Kings Lark Linden Lotus Lund Maple Marin Meridian Morgan Nordic Northgate Oak Onyx Orchid Osprey "
    "Pine Polar Quarry Raven Redwood Ridge River Rowan Sable Sierra Silver Solent Stone Summit Swift Tamar Thistle "
    "Tidal Union Vale Vega Vista Wester Willow Windsor York Zenith".split()
)
LATIN_TRADES = (
    "Supplies", "Tools", "Marine", "Components", "Fasteners", "Trading", "Automation", "Precision", "Hardware",
    "Instruments", "Engineering", "Packaging", "Textiles", "Controls", "Bearings", "Machinery", "Electric", "Logistics",
)  # fmt: skip
LATIN_FORMS = ("Ltd", "GmbH", "AB", "S.r.l.", "Inc.", "B.V.", "S.A.", "Co., Ltd", "& Sons", "Sp. z o.o.")
LATIN_FIRST = tuple(
    "Alice Anna Ben Carla Clara Daniel David Elena Emma Erik Eva Felix Fiona George Hanna Henry Ian Ines Ivan "
    "Jack Jane John Julia Karl Kate Lara Leo Linda Louis Lucy Marco Maria Mark Mary Max Mia Nina Noah Nora Olga Oscar "
    "Paul Peter Rosa Ruth Sam Sara Simon Sofia Tom Vera Victor".split()
)
LATIN_LAST = tuple(
    "Adler Baker Berg Bianchi Brown Carter Costa Dubois Evans Fischer Garcia Green Hansen Harris Hughes Ito Jansen "
    "Johnson Jones Keller Kim Kowalski Larsen Lee Lopez Martin Meyer Miller Moreau Nielsen Novak Olsen Parker Patel "
    "Petrov Rossi Santos Schmidt Silva Smith Tanaka Taylor Tran Turner Walker Weber White Wilson Wood Young".split()
)
LATIN_CITIES = (
    ("Hamburg", "DE", "20457"), ("Bristol", "GB", "BS1 4DJ"), ("Gothenburg", "SE", "411 04"), ("Milan", "IT", "20121"),
    ("Rotterdam", "NL", "3011"), ("Gdansk", "PL", "80-001"), ("Leeds", "GB", "LS1 4AP"), ("Lyon", "FR", "69002"),
    ("Porto", "PT", "4000"), ("Boston", "US", "02110"), ("Singapore", "SG", "049315"), ("Aarhus", "DK", "8000"),
)  # fmt: skip

HAN_BRAND_FIRST = "华新恒永嘉东南中金宏鑫瑞锦泰康安利盛兴达万德正信汇联海天润丰凯博创远通顺庆祥和荣福昌隆宝源诚优"
HAN_BRAND_LAST = "新润泰达兴盛隆昌源丰安康利信诚联通远博创辉阳光明宇航星海洋山川林森峰岳鼎铭锐捷科维特思美佳华"
HAN_TRADES = (
    "机电",
    "贸易",
    "五金制品",
    "仪表",
    "自动化科技",
    "进出口",
    "船舶配件",
    "精密",
    "包装材料",
    "纺织",
    "电子",
    "实业",
)
HAN_FORMS = ("有限公司", "有限责任公司", "股份有限公司")
HAN_CITIES = (
    ("宁波", "浙江", "315000"), ("上海", "上海", "200000"), ("深圳", "广东", "518000"), ("广州", "广东", "510000"),
    ("杭州", "浙江", "310000"), ("苏州", "江苏", "215000"), ("厦门", "福建", "361000"), ("青岛", "山东", "266000"),
    ("天津", "天津", "300000"), ("大连", "辽宁", "116000"), ("成都", "四川", "610000"), ("武汉", "湖北", "430000"),
)  # fmt: skip
HAN_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
HAN_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国志文云峰晨宇欣怡佳豪雨泽思源子涵浩然"

TRADITIONAL = str.maketrans(
    "华东锦兴达万汇联润丰凯创远顺庆荣宝诚优辉阳铭锐维机电贸制仪动进备装纺织实业张刘陈杨黄赵吴孙马罗郑谢许韩冯邓"
    "蒋叶苏吕丽强军艳杰涛刚红国云静伟责号泽肖",
    "華東錦興達萬匯聯潤豐凱創遠順慶榮寶誠優輝陽銘銳維機電貿製儀動進備裝紡織實業張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧"
    "蔣葉蘇呂麗強軍艷傑濤剛紅國雲靜偉責號澤蕭",
)
"""Of the signs that the names above are made of, those written otherwise in Taiwan."""
TAIWAN_TRADES = (
    "机电",
    "贸易",
    "五金",
    "仪表",
    "自动化科技",
    "进出口",
    "船舶",
    "精密",
    "包装材料",
    "纺织",
    "电子",
    "实业",
)
TAIWAN_FORMS = ("有限公司", "有限公司", "股份有限公司")
TAIWAN_CITIES = (
    ("臺北市", "", "100"), ("新北市", "", "220"), ("桃園市", "", "330"), ("新竹市", "", "300"), ("臺中市", "", "400"),
    ("彰化市", "彰化縣", "500"), ("嘉義市", "", "600"), ("臺南市", "", "700"), ("高雄市", "", "800"),
    ("基隆市", "", "200"),
)  # fmt: skip
