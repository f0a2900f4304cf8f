"""What the demo company sells: bearings, drives, seals, tools and spare parts, with names in three languages."""

from decimal import Decimal
from typing import Final, NamedTuple


class Good(NamedTuple):
    """One product of the demo: `price` in yuan as listed, `share` what it costs in percent of that without tax.

    `tax` names its rate in `TAXES`, `names` are in the order of `LANGUAGES`.
    """

    code: str
    category: str
    unit: str
    price: str
    share: int
    tax: str
    names: tuple[str, str, str]


LANGUAGES: Final = ("en", "zh_Hans", "zh_Hant")
TAXES: Final = {
    "goods": (Decimal(13), Decimal(5)),
    "books": (Decimal(9), Decimal(5)),
    "services": (Decimal(6), Decimal(5)),
}
"""Tax in percent in China and in Taiwan. Printed books and transport are taxed at 9 in China."""
CATEGORIES: Final = {
    "bearings": ("Bearings", "轴承", "軸承"),
    "drives": ("Drives", "传动件", "傳動件"),
    "seals": ("Seals", "密封件", "密封件"),
    "fluids": ("Pneumatics and hydraulics", "气动液压", "氣動液壓"),
    "tools": ("Tools", "工具", "工具"),
    "fasteners": ("Fasteners", "紧固件", "緊固件"),
    "upkeep": ("Lubricants and filters", "润滑与滤芯", "潤滑與濾芯"),
    "electric": ("Electrical spares", "电气备件", "電氣備件"),
    "services": ("Services", "服务", "服務"),
}
UNITS: Final = {
    "pc": ("pc", "个", "個"),
    "set": ("set", "套", "套"),
    "box": ("box", "盒", "盒"),
    "can": ("can", "桶", "桶"),
    "drum": ("drum", "桶", "桶"),
    "m": ("m", "米", "米"),
    "hour": ("hour", "小时", "小時"),
    "trip": ("trip", "趟", "趟"),
}
_TABLE: Final = """
BRG-6000-2RS|bearings|pc|6.80|62|goods|Ball bearing 6000-2RS|深沟球轴承 6000-2RS|深溝球軸承 6000-2RS
BRG-6202-ZZ|bearings|pc|8.20|61|goods|Ball bearing 6202-ZZ|深沟球轴承 6202-ZZ|深溝球軸承 6202-ZZ
BRG-6204-2RS|bearings|pc|12.50|60|goods|Ball bearing 6204-2RS|深沟球轴承 6204-2RS|深溝球軸承 6204-2RS
BRG-6205-ZZ|bearings|pc|15.80|60|goods|Ball bearing 6205-ZZ|深沟球轴承 6205-ZZ|深溝球軸承 6205-ZZ
BRG-6308-C3|bearings|pc|48.00|64|goods|Ball bearing 6308 C3|深沟球轴承 6308 C3|深溝球軸承 6308 C3
BRG-30206|bearings|pc|32.00|63|goods|Tapered roller bearing 30206|圆锥滚子轴承 30206|圓錐滾子軸承 30206
BRG-22212|bearings|pc|268.00|66|goods|Spherical roller bearing 22212|调心滚子轴承 22212|調心滾子軸承 22212
BRG-51108|bearings|pc|38.50|62|goods|Thrust ball bearing 51108|推力球轴承 51108|推力球軸承 51108
BRG-UCP205|bearings|pc|45.00|58|goods|Pillow block unit UCP205|带座轴承 UCP205|帶座軸承 UCP205
BRG-UCF206|bearings|pc|52.00|58|goods|Flange unit UCF206|法兰座轴承 UCF206|法蘭座軸承 UCF206
BRG-NK20|bearings|pc|18.60|61|goods|Needle bearing NK 20/16|滚针轴承 NK 20/16|滾針軸承 NK 20/16
BRG-LM20UU|bearings|pc|22.00|57|goods|Linear bearing LM20UU|直线轴承 LM20UU|直線軸承 LM20UU
BLT-A42|drives|pc|14.00|55|goods|V-belt A 42|三角皮带 A42|三角皮帶 A42
BLT-B68|drives|pc|26.50|55|goods|V-belt B 68|三角皮带 B68|三角皮帶 B68
BLT-SPZ1250|drives|pc|39.00|56|goods|Narrow V-belt SPZ 1250|窄V带 SPZ1250|窄V帶 SPZ1250
BLT-HTD5M-600|drives|pc|33.00|54|goods|Timing belt HTD 5M-600|同步带 HTD 5M-600|同步帶 HTD 5M-600
BLT-T10-1210|drives|pc|78.00|56|goods|Timing belt T10-1210|同步带 T10-1210|同步帶 T10-1210
CHN-08B|drives|m|42.00|60|goods|Roller chain 08B-1|滚子链 08B-1|滾子鏈 08B-1
CHN-12A|drives|m|86.00|61|goods|Roller chain 12A-1|滚子链 12A-1|滾子鏈 12A-1
SPR-08B-17|drives|pc|36.00|57|goods|Sprocket 08B, 17 teeth|链轮 08B 17齿|鏈輪 08B 17齒
CPL-GE24|drives|pc|128.00|59|goods|Jaw coupling GE 24|梅花联轴器 GE24|梅花聯軸器 GE24
CPL-MJ40|drives|pc|165.00|60|goods|Flexible coupling MJ 40|弹性联轴器 MJ40|彈性聯軸器 MJ40
GBX-NMRV50|drives|pc|680.00|68|goods|Worm gearbox NMRV 50|蜗轮减速机 NMRV50|蝸輪減速機 NMRV50
MOT-075-4|drives|pc|920.00|70|goods|Motor 0.75 kW, 4-pole|三相电机 0.75kW 4极|三相馬達 0.75kW 4極
SEA-TC35|seals|pc|5.60|50|goods|Shaft seal TC 35×52×7|骨架油封 TC 35×52×7|骨架油封 TC 35×52×7
SEA-TC50|seals|pc|8.40|50|goods|Shaft seal TC 50×72×8|骨架油封 TC 50×72×8|骨架油封 TC 50×72×8
ORG-SET386|seals|set|98.00|48|goods|O-ring set, 386 pieces|O型圈套装 386件|O型圈組 386件
GSK-DN80|seals|pc|12.00|45|goods|Flange gasket DN 80|法兰垫片 DN80|法蘭墊片 DN80
PKG-GR10|seals|m|46.00|52|goods|Graphite packing 10 mm|石墨盘根 10mm|石墨盤根 10mm
PNE-CYL40|fluids|pc|215.00|63|goods|Pneumatic cylinder 40×100|气缸 40×100|氣缸 40×100
PNE-VLV52|fluids|pc|168.00|62|goods|Solenoid valve 5/2, 24 V|电磁阀 5/2 24V|電磁閥 5/2 24V
PNE-FIT8|fluids|pc|4.20|48|goods|Push-in fitting 8 mm|快插接头 8mm|快插接頭 8mm
PNE-TUB8|fluids|m|3.60|50|goods|Air hose PU 8×5|气管 PU 8×5|氣管 PU 8×5
PNE-FRL|fluids|set|320.00|64|goods|Air preparation unit G 1/4|气源处理器 G1/4|氣源處理器 G1/4
HYD-HOS12|fluids|m|58.00|60|goods|Hydraulic hose DN 12|液压软管 DN12|液壓軟管 DN12
HYD-PMP16|fluids|pc|1480.00|72|goods|Gear pump 16 cm³|齿轮泵 16cm³|齒輪泵 16cm³
TOL-WRN14|tools|set|186.00|58|goods|Spanner set, 14 pieces|扳手套装 14件|扳手組 14件
TOL-SCK46|tools|set|238.00|57|goods|Socket set, 46 pieces|套筒套装 46件|套筒組 46件
TOL-TRQ200|tools|pc|460.00|62|goods|Torque wrench 40–200 Nm|扭力扳手 40–200Nm|扭力扳手 40–200Nm
TOL-CAL150|tools|pc|145.00|55|goods|Vernier caliper 150 mm|游标卡尺 150mm|游標卡尺 150mm
TOL-MIC25|tools|pc|320.00|60|goods|Micrometer 0–25 mm|千分尺 0–25mm|千分尺 0–25mm
TOL-PUL3|tools|pc|268.00|58|goods|Bearing puller, 3 arms|三爪拉马|三爪拉拔器
TOL-IND-HTR|tools|pc|5800.00|74|goods|Induction heater for bearings|轴承感应加热器|軸承感應加熱器
CUT-DRL19|tools|set|128.00|52|goods|Drill set HSS, 19 pieces|高速钢钻头套装 19支|高速鋼鑽頭組 19支
CUT-EM10|tools|pc|85.00|58|goods|Carbide end mill 10 mm|硬质合金立铣刀 10mm|硬質合金立銑刀 10mm
CUT-INS-CN|tools|box|240.00|60|goods|Turning inserts CNMG, 10 a box|车刀片 CNMG 10片/盒|車刀片 CNMG 10片/盒
FAS-M8X30|fasteners|box|38.00|55|goods|Hex bolts M8×30, 100 a box|六角螺栓 M8×30 100只/盒|六角螺栓 M8×30 100支/盒
FAS-M12X60|fasteners|box|96.00|56|goods|Hex bolts M12×60, 50 a box|六角螺栓 M12×60 50只/盒|六角螺栓 M12×60 50支/盒
FAS-NUT-M8|fasteners|box|16.00|52|goods|Hex nuts M8, 200 a box|六角螺母 M8 200只/盒|六角螺母 M8 200顆/盒
FAS-ANC-M10|fasteners|box|72.00|54|goods|Anchor bolts M10, 25 a box|膨胀螺栓 M10 25只/盒|膨脹螺栓 M10 25支/盒
LUB-EP2|upkeep|can|118.00|63|goods|Bearing grease EP 2, 5 kg|轴承润滑脂 EP2 5kg|軸承潤滑脂 EP2 5kg
LUB-ISO46|upkeep|drum|1980.00|76|goods|Hydraulic oil ISO 46, 200 l|液压油 ISO46 200L|液壓油 ISO46 200L
LUB-SPR400|upkeep|pc|24.00|50|goods|Rust remover spray 400 ml|除锈润滑喷剂 400ml|除鏽潤滑噴劑 400ml
LUB-CHN400|upkeep|pc|28.00|50|goods|Chain lubricant spray 400 ml|链条润滑喷剂 400ml|鏈條潤滑噴劑 400ml
SPA-FLT-OIL|upkeep|pc|86.00|52|goods|Oil filter cartridge|机油滤芯|機油濾芯
SPA-FLT-AIR|upkeep|pc|64.00|50|goods|Air filter cartridge|空气滤芯|空氣濾芯
SPA-SNS-M12|electric|pc|92.00|55|goods|Proximity switch M12|接近开关 M12|近接開關 M12
SPA-CNT-25|electric|pc|138.00|60|goods|Contactor 25 A|接触器 25A|電磁接觸器 25A
SPA-VFD-15|electric|pc|1160.00|70|goods|Frequency inverter 1.5 kW|变频器 1.5kW|變頻器 1.5kW
SPA-CBL-3G|electric|m|9.80|64|goods|Control cable 3 × 1.5 mm²|控制电缆 3×1.5mm²|控制電纜線 3×1.5mm²
BKS-MANUAL|services|pc|68.00|60|books|Bearing handbook, printed|轴承手册 印刷版|軸承手冊 印刷版
SRV-FREIGHT|services|trip|260.00|80|books|Freight, up to 500 kg|运费 500公斤以内|運費 500公斤以內
SRV-INSTALL|services|hour|320.00|55|services|Assembly on site|现场安装|現場安裝
SRV-CALIB|services|pc|180.00|50|services|Calibration with certificate|校准并出证书|校準並出證書
"""


def _good(line: str) -> Good:
    code, category, unit, price, share, tax, *names = (part.strip() for part in line.split("|"))
    english, simplified, traditional = names
    return Good(code, category, unit, price, int(share), tax, (english, simplified, traditional))


GOODS: Final = tuple(_good(line) for line in _TABLE.strip().splitlines())
