"""The units and classifiers that figures carry."""

from __future__ import annotations

from pipeline.indicators.numerals import listed

# Whole units of which the first character alone would be another unit.
LONG = listed(
    "个百分点 百分点 个工作日 工作日 个自然日 自然日 个小时 小时 个钟头 钟头 个月 个季度 个学时 个课时 学时 课时 个学分 学分 分钟 微克/立方米 毫克/立方米 微克每立方米 "
    "元/平方米 元/吨 元/人 平方公里 平方千米 平方米 立方米 立方 公里 千米 厘米 毫米 公顷 公斤 千克 毫克 微克 千瓦时 千瓦 兆瓦 摄氏度 美元 港元 欧元 人民币 "
    "人份 人次 户次 件次 场次 批次 条次 家次 车次 台次 艘次 船次 航次 架次 班次 项次 轮次 人天 人日 个班次 频次 篇次 组次 头次 起次 点次 万次 例次 册次 份次 亩次 人/次 "
    "周年 昼夜 海里 英里 标准箱 字节 课次 节课 堂课 帧 毫升 标箱 余亩"
)
_SHORT = (
    "人件起项部份个家名次场期条宗户位处篇册本张块支只辆艘台套座栋幢间所亩米吨克斤升元角天日年岁周秒分类种门节堂例桩样道笔单批轮组队颗株棵头匹口眼路片段方环步层"
    "面幅枚顿遍趟回倍成度字页卷架床根具把羽尾尊箱桶瓶盒包袋剂副讲盏株对双拨盘枝孔管台艇款股栏列串夜晚代厘里尺丈担簇集首曲封通番月"
)
# What makes a unit the beginning of another word.
_NOT_BEFORE = {
    "部": "门队分委属", "家": "庭具长政风", "名": "单义录称", "个": "人体税性案别", "人": "大民才员均社保防防为", "户": "籍口外型", "场": "所景地馆域", "项": "目", "条": "例", "处": "罚理置分级室长以于方",
    "所": "在有属谓以", "位": "于", "分": "别类级管工析局批组之属流", "天": "然津气", "日": "常报均", "年": "度底初末版代检报审中", "类": "似", "门": "店牌类诊", "期": "间限末满待货", "组": "织建长合",
    "支": "持付部委行撑出援", "路": "口面网灯径", "队": "伍员", "本": "级地区县市年镇街村院局身土轮", "份": "额", "批": "评准复示量发", "起": "草诉来到点步飞降", "面": "对向积粉貌临试", "台": "风账湾阶",
    "套": "餐路牌", "座": "谈位椅", "张": "贴家", "块": "状", "轮": "训换流候值岗胎", "节": "点假约能日", "片": "区警剂", "道": "路德闸", "封": "闭存控堵", "口": "岸头径罩", "度": "假汛夏过", "倍": "增",
    "篇": "章幅", "把": "关握", "盘": "活", "卷": "入宗", "双": "方向随拥", "对": "于接方外比标口照象话", "元": "旦件", "次": "日年月生序", "米": "粉面", "件": "均", "样": "本品式", "回": "复应访头归", "夜": "间", "堂": "食",
    "成": "立为功果员效长本都交型品", "种": "植子粮", "例": "行如外会", "环": "保境节卫评", "步": "骤行入", "根": "据治", "床": "位", "顿": "时", "笔": "试录", "单": "位独", "首": "次家批", "遍": "布", "端": "午", "级": "联",
}  # fmt: skip
LONG_UNIT = "|".join(sorted(LONG, key=lambda unit: (-len(unit), unit)))


def _short(chars: str) -> str:
    """A pattern for units of one character, each only where no other word begins with it; 支队 is a unit of people but 三支队伍 counts."""
    plain = "".join(char for char in chars if char not in _NOT_BEFORE)
    guarded = "|".join(f"{char}(?![{after}])" for char, after in _NOT_BEFORE.items() if char in chars)
    return f"[{plain}]|{guarded}"


UNIT = f"%|‰|℃|{LONG_UNIT}|{_short(_SHORT)}"
# Behind a Chinese numeral fewer characters are classifiers: 三级, 四方, 二号 and 十大 name something.
_HAN_SHORT = "".join(dict.fromkeys(char for char in _SHORT if char not in "方步层面里月队单对管号代首环孔节路包方角分"))
HAN_UNIT = f"{LONG_UNIT}|方面|{_short(_HAN_SHORT)}|分(?=[。,、;的提升降增调到至]|$)|节(?=课|[。,;])|首(?=[歌诗,。、;])"
SHARES = {"%", "‰", "成", "倍", "个百分点", "百分点", "番"}
TIMES = {
    "天",
    "日",
    "个工作日",
    "工作日",
    "个自然日",
    "自然日",
    "个小时",
    "小时",
    "分钟",
    "秒",
    "个月",
    "年",
    "周",
    "周年",
    "昼夜",
    "夜",
    "晚",
    "个钟头",
    "钟头",
    "月",
    "个季度",
}
# Units that count how often something was done: what stands behind them is an act.
ADVERBIAL = {"次", "度", "趟", "遍", "回", "轮", "场", "顿", "番"} | TIMES
_FUNCTION = "的和与及以为等至到之了着也是在由被将均都并或而且比较余多几者后前中内外上下左右及其个第共达"
ODD_UNIT = f"(?![{_FUNCTION}])[\u4e00-\u9fff]"  # misprints and rare classifiers, behind Arabic digits only
