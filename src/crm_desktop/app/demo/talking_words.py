"""What the demo's people say to customers, plan and hope to sell, in three languages."""

from dataclasses import dataclass
from typing import Final

Talk = tuple[str, str, str]
"""The key of a kind, the key of a result ("" for none), what was said."""


@dataclass(frozen=True, slots=True)
class TalkingWords:
    """Material for one language."""

    talks: tuple[Talk, ...]
    supplier_talks: tuple[Talk, ...]
    quote_talks: tuple[Talk, ...]
    """With `{number}` of the quote."""
    order_talks: tuple[Talk, ...]
    """With `{number}` of the order."""
    debt_talks: tuple[Talk, ...]
    plans: tuple[tuple[str, str], ...]
    """The key of a kind, and what is to be done."""
    quote_plans: tuple[tuple[str, str], ...]
    """With `{number}` of the quote."""
    debt_plans: tuple[tuple[str, str], ...]
    chances: tuple[str, ...]
    """What opportunities are called."""
    chance_notes: tuple[str, ...]
    lost_notes: tuple[str, ...]


EN: Final = TalkingWords(
    talks=(
        ("call", "reached", "Happy with the last delivery. Wants to see the new catalogue."),
        ("call", "no_answer", ""),
        ("call", "no_answer", "Rang twice, nobody there."),
        ("call", "call_back", "In a meeting, call again on Thursday."),
        ("call", "interested", "Line 2 is overhauled in spring; they will need bearings and seals."),
        ("call", "wants_quote", "Wants a price for 200 pieces, delivery within four weeks."),
        ("call", "not_interested", "Has a contract with another supplier until the end of the year."),
        ("call", "reached", "New buyer since this month. Introduced ourselves, sent our terms."),
        ("visit", "reached", "Walked through the workshop. They use three brands of bearings and want only one."),
        ("visit", "interested", "Showed the samples. Engineering tests them for two weeks."),
        ("visit", "reached", "Lunch with the managing director. A second plant opens next year."),
        ("message", "reached", "Sent the data sheets by e-mail as promised."),
        ("message", "", "Wrote about the new price list from the first of next month."),
        ("message", "reached", "Confirmed on WeChat that the parcel arrived."),
        ("meeting", "interested", "Met with purchasing and engineering about a yearly contract."),
        ("meeting", "reached", "Quarterly talk: complaints none, wishes shorter delivery times."),
        ("note", "", "Closed for two weeks in August."),
        ("note", "", "Their forwarder changed; ask for the new address before shipping."),
    ),
    supplier_talks=(
        ("call", "reached", "Prices stay until the end of the quarter."),
        ("message", "reached", "Asked for the test certificates of the last batch."),
        ("visit", "reached", "Looked at the new production line; delivery times fall to three weeks."),
    ),
    quote_talks=(
        ("call", "reached", "Received {number}. Compares it with one other offer, decides next week."),
        ("call", "interested", "Talked through {number}. Would order with 3% off."),
        ("call", "no_answer", "Called about {number}, nobody there."),
        ("call", "call_back", "{number} is with engineering. Call again in a week."),
        ("message", "reached", "Explained the delivery time in {number} by e-mail."),
        ("meeting", "interested", "Went through {number} line by line. The seals can be cheaper ones."),
    ),
    order_talks=(
        ("call", "reached", "Confirmed the delivery date of {number} with the warehouse there."),
        ("message", "reached", "Sent the confirmation of {number} by e-mail."),
        ("call", "reached", "Everything of {number} arrived complete and undamaged."),
    ),
    debt_talks=(
        ("call", "no_answer", "Called about the overdue invoices, nobody in accounts."),
        ("call", "reached", "The invoice waits for a signature. Should be paid this week."),
        ("call", "call_back", "Ms Wu of accounts is away until Monday."),
        ("call", "reached", "Says the money left on Friday. Nothing has arrived; asked for the bank slip."),
        ("message", "reached", "Sent the statement and copies of both invoices again."),
        ("call", "reached", "Short of money until their own customer pays. Wants two instalments."),
        ("visit", "reached", "Spoke with the director in person. He promises to pay half before the holidays."),
    ),
    plans=(
        ("call", "Ask how the samples did"),
        ("call", "Ask about the spring overhaul"),
        ("visit", "Show the new catalogue"),
        ("task", "Send the data sheets"),
        ("meeting", "Talk about a yearly contract"),
        ("call", "Ask when the next order comes"),
        ("task", "Find out who buys for the second plant"),
    ),
    quote_plans=(
        ("call", "Ask for a decision on {number}"),
        ("call", "Talk through {number}"),
        ("task", "Offer a cheaper seal for {number}"),
    ),
    debt_plans=(
        ("call", "Ask for the overdue payment"),
        ("call", "Check whether the promised money came"),
        ("task", "Send the statement again"),
    ),
    chances=(
        "Bearings for line 2",
        "Spare parts contract for a year",
        "New packing line",
        "Retrofit of the conveyor",
        "Stock of fasteners",
        "Second plant, first fitting",
        "Replacement of pumps",
        "Seals and gaskets, yearly need",
        "Sensors for the test bench",
        "Overhaul in spring",
    ),
    chance_notes=(
        "The buyer decides together with engineering.",
        "They buy from one competitor now and are not happy with the delivery times.",
        "Budget is approved, the date is not.",
        "Met at the spring fair.",
    ),
    lost_notes=(
        "The competitor was 8% cheaper.",
        "Could not wait six weeks.",
        "Nobody there answers any more.",
        "The budget moved to next year.",
    ),
)
ZH_HANS: Final = TalkingWords(
    talks=(
        ("call", "reached", "上批货很满意，想看新样本。"),
        ("call", "no_answer", ""),
        ("call", "no_answer", "打了两次，没人接。"),
        ("call", "call_back", "在开会，周四再打。"),
        ("call", "interested", "二号线明年春天大修，需要轴承和密封件。"),
        ("call", "wants_quote", "要 200 件的报价，四周内交货。"),
        ("call", "not_interested", "与别家签了合同，到年底。"),
        ("call", "reached", "本月换了采购，做了介绍，发了我们的条款。"),
        ("visit", "reached", "参观车间，现用三个牌子的轴承，想统一成一个。"),
        ("visit", "interested", "看了样品，工程部试用两周。"),
        ("visit", "reached", "和总经理吃午饭，明年开第二工厂。"),
        ("message", "reached", "按约定把技术资料发了邮件。"),
        ("message", "", "通知下月一日起的新价目表。"),
        ("message", "reached", "微信确认货已收到。"),
        ("meeting", "interested", "与采购、工程开会谈年度合同。"),
        ("meeting", "reached", "季度回访：没有投诉，希望交期再短些。"),
        ("note", "", "八月停产两周。"),
        ("note", "", "换了货代，发货前要问新地址。"),
    ),
    supplier_talks=(
        ("call", "reached", "价格维持到季度末。"),
        ("message", "reached", "要上一批的检验报告。"),
        ("visit", "reached", "看了新产线，交期缩到三周。"),
    ),
    quote_talks=(
        ("call", "reached", "{number} 已收到，在和另一家比价，下周定。"),
        ("call", "interested", "谈了 {number}，再让 3% 就下单。"),
        ("call", "no_answer", "打电话问 {number}，没人接。"),
        ("call", "call_back", "{number} 在工程部，一周后再打。"),
        ("message", "reached", "邮件说明了 {number} 的交期。"),
        ("meeting", "interested", "逐行过了 {number}，密封件可以用便宜的。"),
    ),
    order_talks=(
        ("call", "reached", "与对方仓库确认了 {number} 的交货日期。"),
        ("message", "reached", "{number} 的确认函已发邮件。"),
        ("call", "reached", "{number} 的货全部收到，完好。"),
    ),
    debt_talks=(
        ("call", "no_answer", "催逾期货款，财务没人接。"),
        ("call", "reached", "发票在等签字，本周内付。"),
        ("call", "call_back", "财务吴小姐周一才回来。"),
        ("call", "reached", "说周五已付，我们没收到，请对方发水单。"),
        ("message", "reached", "对账单和两张发票复印件又发了一遍。"),
        ("call", "reached", "等下游回款，想分两期付。"),
        ("visit", "reached", "上门见了总经理，答应节前付一半。"),
    ),
    plans=(
        ("call", "问样品试用情况"),
        ("call", "问春季大修的事"),
        ("visit", "送新样本上门"),
        ("task", "发技术资料"),
        ("meeting", "谈年度合同"),
        ("call", "问下次订货时间"),
        ("task", "打听第二工厂谁管采购"),
    ),
    quote_plans=(
        ("call", "问 {number} 的决定"),
        ("call", "谈 {number}"),
        ("task", "为 {number} 找便宜的密封件"),
    ),
    debt_plans=(
        ("call", "催逾期货款"),
        ("call", "核对答应的款到了没有"),
        ("task", "再发一次对账单"),
    ),
    chances=(
        "二号线轴承",
        "备件年度合同",
        "新包装线",
        "输送线改造",
        "紧固件备货",
        "第二工厂首批配件",
        "泵更换",
        "密封件年度需求",
        "试验台传感器",
        "春季大修",
    ),
    chance_notes=(
        "采购和工程一起定。",
        "现在从别家买，对交期不满意。",
        "预算已批，时间没定。",
        "春季展会上认识。",
    ),
    lost_notes=("竞争对手便宜 8%。", "等不了六周。", "对方一直不回复。", "预算推到明年。"),
)
ZH_HANT: Final = TalkingWords(
    talks=(
        ("call", "reached", "上批貨很滿意，想看新型錄。"),
        ("call", "no_answer", ""),
        ("call", "no_answer", "打了兩次，沒人接。"),
        ("call", "call_back", "在開會，週四再打。"),
        ("call", "interested", "二號線明年春天大修，需要軸承和油封。"),
        ("call", "wants_quote", "要 200 件的報價，四週內交貨。"),
        ("call", "not_interested", "與別家簽了合約，到年底。"),
        ("call", "reached", "本月換了採購，做了介紹，寄了我們的條款。"),
        ("visit", "reached", "參觀廠房，現用三個牌子的軸承，想統一成一個。"),
        ("visit", "interested", "看了樣品，工程部試用兩週。"),
        ("visit", "reached", "和總經理吃午餐，明年開第二工廠。"),
        ("message", "reached", "依約把技術資料寄了電子郵件。"),
        ("message", "", "通知下月一日起的新價目表。"),
        ("message", "reached", "LINE 上確認貨已收到。"),
        ("meeting", "interested", "與採購、工程開會談年度合約。"),
        ("meeting", "reached", "季度拜訪：沒有客訴，希望交期再短些。"),
        ("note", "", "八月停工兩週。"),
        ("note", "", "換了貨運，出貨前要問新地址。"),
    ),
    supplier_talks=(
        ("call", "reached", "價格維持到季末。"),
        ("message", "reached", "要上一批的檢驗報告。"),
        ("visit", "reached", "看了新產線，交期縮到三週。"),
    ),
    quote_talks=(
        ("call", "reached", "{number} 已收到，在和另一家比價，下週決定。"),
        ("call", "interested", "談了 {number}，再讓 3% 就下單。"),
        ("call", "no_answer", "打電話問 {number}，沒人接。"),
        ("call", "call_back", "{number} 在工程部，一週後再打。"),
        ("message", "reached", "電子郵件說明了 {number} 的交期。"),
        ("meeting", "interested", "逐行看了 {number}，油封可以用便宜的。"),
    ),
    order_talks=(
        ("call", "reached", "與對方倉庫確認了 {number} 的交貨日期。"),
        ("message", "reached", "{number} 的確認函已寄電子郵件。"),
        ("call", "reached", "{number} 的貨全部收到，完好。"),
    ),
    debt_talks=(
        ("call", "no_answer", "催逾期貨款，會計沒人接。"),
        ("call", "reached", "發票在等簽名，本週內付。"),
        ("call", "call_back", "會計吳小姐週一才回來。"),
        ("call", "reached", "說週五已付，我們沒收到，請對方傳匯款單。"),
        ("message", "reached", "對帳單和兩張發票影本又寄了一次。"),
        ("call", "reached", "等下游付款，想分兩期付。"),
        ("visit", "reached", "上門見了總經理，答應節前付一半。"),
    ),
    plans=(
        ("call", "問樣品試用情況"),
        ("call", "問春季大修的事"),
        ("visit", "送新型錄上門"),
        ("task", "寄技術資料"),
        ("meeting", "談年度合約"),
        ("call", "問下次訂貨時間"),
        ("task", "打聽第二工廠誰管採購"),
    ),
    quote_plans=(
        ("call", "問 {number} 的決定"),
        ("call", "談 {number}"),
        ("task", "為 {number} 找便宜的油封"),
    ),
    debt_plans=(
        ("call", "催逾期貨款"),
        ("call", "核對答應的款到了沒有"),
        ("task", "再寄一次對帳單"),
    ),
    chances=(
        "二號線軸承",
        "備件年度合約",
        "新包裝線",
        "輸送線改造",
        "緊固件備貨",
        "第二工廠首批配件",
        "泵浦更換",
        "油封年度需求",
        "試驗台感測器",
        "春季大修",
    ),
    chance_notes=(
        "採購和工程一起決定。",
        "現在向別家買，對交期不滿意。",
        "預算已核准，時間沒定。",
        "春季展會上認識。",
    ),
    lost_notes=("競爭對手便宜 8%。", "等不了六週。", "對方一直不回覆。", "預算延到明年。"),
)
TALKING_WORDS: Final = {"en": EN, "zh_Hans": ZH_HANS, "zh_Hant": ZH_HANT}
