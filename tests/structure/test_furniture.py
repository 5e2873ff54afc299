from __future__ import annotations

import pytest

from pipeline.data import RawText
from pipeline.structure import parse
from pipeline.structure.furniture import is_addressee, is_closing_word, is_furniture

FURNITURE = [
    # breadcrumbs, site headers, widgets
    "当前位置: 首页>政务公开>法定主动公开内容>法治政府建设年度报告",
    "您的位置：首页 > 法治政府",
    "首页 > 信息公开 > 年度报告",
    "首页>正文",
    "今天是:2024年3月28日 星期四",
    "无障碍 简体|繁体",
    "无障碍浏览 长者版",
    "简体 | 繁体 | 关怀版",
    "语音播报",
    "朗读 听全文 分享",
    "设为首页 加入收藏",
    "请输入关键字 站内搜索",
    # index blocks
    "索引号：00285417-X/2023-00417 发布机构：澄湖市司法局",
    "[ 索引号 ] 004-2024-0001",
    "[ 成文日期 ] 2024-03-20",
    "【发布机构】青禾区司法局",
    "索 引 号:QH-2024-31",
    "发文字号：青政办发〔2024〕12号",
    "公开类别：主动公开",
    "公开方式：主动公开",
    "主题分类：司法",
    "有 效 性：有效",
    "名　　称：青禾区2023年法治政府建设情况报告",
    "索引号 | 004 | 发布机构 | 某局 |",
    "成文日期",
    "发布机构：",
    "信息来源",
    # source and date lines
    "来源:区政府办  日期:2024-03-28 10:49 打印 【字体:",
    "来源：区司法局 发布时间：2024-03-28 09:18",
    "日期:2024-03-28 来源: 打印 【字体:大 中 小】",
    "信息来源: 区司法局 浏览次数:1024",
    "更新时间:2021/03/29 11:30:01",
    "时间:2023年2月28日",
    "发布时间： 来源：",
    "浏览次数：",
    "作者：李明",
    "字体：【大】【中】【小】 视力保护色：",
    "2024-03-28 09:18:22",
    "2024年3月28日",
    "（2024年3月28日）",
    "二〇二四年三月二十八日",
    "二○一五年十二月三十日",
    # bottom
    "专此报告。",
    "特此报告。",
    "特此报告",
    "（此件公开发布）",
    "(此件主动公开)",
    "附件：1.2023年行政执法统计表",
    "附件:",
    "附件1.行政复议统计表.xlsx",
    "2023年法治政府建设情况报告.pdf",
    "打印 关闭窗口",
    "【打印本页】【关闭窗口】",
    "分享到：微信 微博",
    "扫一扫在手机打开当前页",
    "相关文章",
    "相关链接：",
    "上一篇：2022年度报告 下一篇：没有了",
    "上一条：关于印发通知",
    "京ICP备05083640号 京公网安备11010102001号",
    "主办：青禾区人民政府办公室 承办：青禾区大数据局",
    "版权所有：青禾区人民政府 网站标识码1101010001",
    "Copyright © 2024",
    "编辑:王芳 校对:李强 审核:赵敏",
    "责任编辑：周洋",
    "青禾区人民政府办公室 2024年3月20日印发",
    # numbers, captions, tables, glosses
    "青政发〔2024〕3号",
    "青司〔2024〕 17 号",
    "图1:行政复议案件类型",
    "表2 行政执法案件统计",
    "（图3：示意）",
    "类别 | 受理 | 办结 |",
    "| 12 | 34 |",
    "fǎ zhì zhèng fǔ jiàn shè",
    "——2021年4月29日在青禾区第十七届人民代表大会常务委员会第三十次会议上",
    "—2022年1月10日在区十七届人大一次会议上",
]

PROSE = [
    "2023年,青禾区扎实推进依法行政。",
    "推进无障碍环境建设。",
    "移动端适老版上线，老年人刷脸即可查养老金、领优待证。",
    "推行扫一扫亮码检查。",
    "推出政务服务地图，二维码扫一扫即可导航到窗口。",
    "发布时间节点清单12张，明确牵头单位。",
    "地址、电话、办公时间全部公开。",
    "时间紧、任务重，全区上下齐心协力完成整改。",
    "审核规范性文件42件，提出意见96条。",
    "来源可查、去向可追、责任可究的监管链条基本形成。",
    "打印店、复印店等小微市场主体实行告知承诺。",
    "相关信息及时向社会公开，接受群众监督。",
    "编辑普法读本2万册，发放到村居。",
    "作者维权案件全部办结。",
    "一、主要举措和成效",
    "（一）加强组织领导",
    "青禾区2023年法治政府建设年度情况报告",
    "存在的不足",
    "附带化解衍生纠纷36件。",
    "完善机制",
    "完成整改。",
    "图书馆、文化馆设立法治角12处。",
    "表彰先进集体8个。",
    "简体版、繁体版办事指南同步上线。",
    "登录平台即可申请法律援助，全年在线受理340件。",
    "搭建网站地图式权责清单，事项一目了然。",
    "分享到基层的执法案例36个。",
    "推进无障碍环境建设，新建坡道36处，改造公厕12座",
    "持续服务大中小企业。新增“首贷”企业42家，帮助解决难题120个",
    "（三）推进无障碍环境建设",
    "突出抓好三项改革：",
    "关闭“散乱污”企业14家。",
    "分类处置历史遗留问题23件。",
    "公开范围由12类扩大到26类。",
    "名称预先核准全程网办。",
    "主办单位向代表报告办理结果，满意率100%。",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_what_a_page_puts_around_a_report(line: str):
    assert is_furniture(line)


@pytest.mark.parametrize("line", PROSE)
def test_what_belongs_to_the_report(line: str):
    assert not is_furniture(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("主任、各位副主任、各位委员:", True), ("县人大常委会：", True), ("各位代表：", True), ("区委全面依法治区委员会办公室：", True), ("市委、市人大常委会、市政府：", True),
        ("现将情况报告如下:", False), ("主要做了以下工作：", False), ("各位代表", False), ("全年受理案件，其中:", False),
        ("突出抓好三项改革：", False), ("一、报送部：", False), ("县委依法治县办：", True), ("同志们：", True),
    ],
)  # fmt: skip
def test_addressees(line: str, expected: bool):
    assert is_addressee(line) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("专此报告。", True),
        ("特此报告", True),
        (" 此致 ", True),
        ("专此报告,敬请监督。", False),
        ("特此报告工作进展12项。", False),
        ("以上报告，请予审议。", False),
    ],
)
def test_closing_words(text: str, expected: bool):
    assert is_closing_word(text) is expected


def test_a_long_line_is_never_furniture():
    assert not is_furniture("当前位置：首页 " + "持续推进依法行政，" * 40)


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_above_the_report_is_no_sentence_and_takes_none_with_it(line: str):
    text = f"{line}\n青禾区2023年法治政府建设情况报告\n2023年，青禾区坚持依法行政。\n一、主要举措\n公布权责清单3200项。\n二、存在的不足\n审核力量仍显薄弱。"
    report = parse(RawText("a", "a.txt", "", text))
    assert [s.text for s in report.sentences] == ["2023年，青禾区坚持依法行政。", "公布权责清单3200项。", "审核力量仍显薄弱。"]
    assert report.metadata.title == "青禾区2023年法治政府建设情况报告"


@pytest.mark.parametrize("line", [line for line in PROSE if line.endswith("。")])
def test_prose_with_words_of_pages_is_a_sentence(line: str):
    text = f"青禾区2023年法治政府建设情况报告\n2023年，青禾区坚持依法行政。\n一、主要举措\n{line}\n公布权责清单3200项。\n二、存在的不足\n审核力量仍显薄弱。"
    assert line in [s.text for s in parse(RawText("a", "a.txt", "", text)).sentences]
