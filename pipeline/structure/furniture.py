"""Page furniture: what a page puts around a report, neither title nor sentence.

The wordings come from the project's notes on about 140 published pages.
"""

from __future__ import annotations

import re

from pipeline.structure import headings

_LABELS = (
    r"索\s*引\s*号|信息索引|发文字号|文\s*号|文件编号|字\s*号|发布机构|发文机关|制发机关|发布单位|公开类别|公开方式|公开范围|公开形式|公开时限|公开程序|公开责任部门|成文日期|生成日期|"
    r"发文日期|发布日期|发布时间|发表时间|公开日期|印发日期|更新时间|更新日期|创建时间|有\s*效\s*性|效力状态|时效性|有效期|失效日期|废止日期|生效日期|主题分类|主题词|体裁分类|组配分类|服务对象|信息分类|分类|"
    r"信息来源|稿件来源|文章来源|来\s*源|作\s*者|责任编辑|编\s*辑|校\s*对|审\s*核|责\s*编|初审|复审|终审|一审|二审|三审|供稿|撰稿|编审|"
    r"浏览次数|浏览量|浏览|点击数|点击量|点击率|点击|阅读次数|阅读量|阅读|访问量|字\s*体|字体大小|字号|视力保护色|保护视力色|背景色|名\s*称|标\s*题|内容概述|关键词|"
    r"日\s*期|时\s*间|发布人|发布者|打印|收藏|分享|语\s*种|公文种类|信息类别|所属主题|所属机构|栏目|责任单位|承办单位|主办单位|主办|承办|版权所有|网站标识码|联系电话|联系方式|地址|邮编|电话|传真|附件"
)
_LABELLED = re.compile(rf"[\[【〔(（]?\s*(?:{_LABELS})\s*[\]】〕)）]?\s*[:：|丨\]】]")
_BARE_LABEL = re.compile(rf"[\[【]?\s*(?:{_LABELS})\s*[\]】]?[:：]?")
_ANYWHERE = re.compile(
    r"当前位置|您的位置|您现在的位置|所在位置|今天是[:：]|无障碍|简体\s*[|｜/]\s*繁|繁体|长者模式|长者版|适老|关怀版|语音播报|朗读|听全文|读屏|设为首页|加入收藏|网站地图|我的收藏|"
    r"【?打印本页|【?关闭窗口|打印\s*关闭|关闭本页|返回顶部|返回列表|分享到|分享至|扫一扫|二维码|微信\s+微博|上一篇|下一篇|上一条|下一条|相关文章|相关链接|相关阅读|相关新闻|相关信息|推荐阅读|"
    r"ICP备|公网安备|网站标识码|政府网站找错|技术支持[:：]|最佳浏览|建议使用.{0,30}浏览|分辨率|Copyright|©|版权所有|【?字体[:：]|字号[:：]|大\s*中\s*小|"
    r"^首页\s*[>＞»|·-]|[>＞»]\s*(?:政务公开|政府信息公开|信息公开|法定主动公开|正文)|正在加载|请输入关键字|站内搜索|登录\s*[|｜]?\s*注册|点击(?:这里)?下载|下载附件"
)
#: Those of the words above that no sentence and no heading of a report uses.
_ONLY_PAGES = re.compile(
    r"当前位置|您的位置|现在的位置|所在位置|今天是[:：]|设为首页|加入收藏|打印本页|关闭窗口|返回顶部|上一篇|下一篇|上一条|下一条|分享到[:：]|ICP备|公网安备|网站标识码|政府网站找错|"
    r"技术支持[:：]|最佳浏览|分辨率|Copyright|©|版权所有|正在加载|请输入关键字"
)
_CLOSING_ONLY = re.compile(
    r"(?:专此|特此|谨此|现此)(?:报告|汇报|上报|呈报)[。.！!]?|此\s*[复致]|此致|敬礼[!！]?|汇报完毕[。]?|\(?（?此件.{0,12}公开.{0,6}[)）]?。?|完"
)
_DATE = re.compile(
    r"[(（]?\s*(?:(?:19|20)\d\d\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}\s*日?|[二〇○ＯO零一三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日?)(?:\s*\d{1,2}:\d\d(?::\d\d)?)?(?:\s*印发)?\s*[)）]?"
)
_OCCASION = re.compile(r"[—\-－–]{1,3}\s*(?:(?:19|20)\d\d年)?.{0,50}(?:会议|大会|全会|常委会).{0,8}(?:上|上的报告)?[)）]?")
_ADDRESSEE = re.compile(
    r"(?=.{3,41}$)[^。，,；;]*(?:主任|委员|代表|委员会|常委会|办公室|办|政府|人大|政协|厅|局|部|党委|[省市区县]委|党组|中心|同志们?|朋友们|领导|来宾)[:：]"
)
_OPENING = re.compile(r"报告|汇报|如下|情况|以下|总结|工作")
_CAPTION = re.compile(r"[(（]?(?:图|表|附图|附表)\s*[\d一二三四五六七八九十]+[)）]?\s*[:：.、\s].{0,50}")
_TABLE = re.compile(r"[^|｜]*[|｜][^|｜]*[|｜].*")
_DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}(?:发|字|函|报|办|呈|文|委|政)?\s*[〔\[【(（]\s*(?:19|20)\d\d\s*[〕\]】)）]\s*第?\s*\d{1,4}\s*号?")
_ISSUED = re.compile(r".{2,30}(?:办公室|人民政府|委员会|局|厅)\s*(?:19|20)\d\d年\d{1,2}月\d{1,2}日\s*印发")
_ATTACHMENT = re.compile(r"附\s*件?\s*\d*\s*[:：.].*|.{1,60}\.(?:docx?|pdf|xlsx?|wps|zip|rar|ofd)")
_SPELLED = re.compile(r"[A-Za-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü\s]{6,}")


def is_furniture(line: str) -> bool:
    """Whether a line belongs to the page and not to the report.

    >>> is_furniture("索引号：004-2023    发布机构：某局"), is_furniture("2023年,我区扎实推进依法行政。")
    (True, False)
    """
    if len(line) > 300:
        return False
    whole = (_CLOSING_ONLY, _DATE, _OCCASION, _CAPTION, _TABLE, _DOC_NUMBER, _ISSUED, _SPELLED)
    if any(pattern.fullmatch(line) for pattern in whole):
        return True
    if _BARE_LABEL.fullmatch(line):
        return True
    if _LABELLED.match(line) or _ATTACHMENT.fullmatch(line):
        return not _reads_on(line)
    if not _ANYWHERE.search(line) or _reads_on(line):
        return False
    is_text = "。" in line or line.endswith(("；", "！")) or (len(line) > 20 and "，" in line) or headings.NUMBER.match(line)
    return not is_text or bool(_ONLY_PAGES.search(line))


def is_addressee(line: str) -> bool:
    """Whether a line names whom the report addresses (``县人大常委会:``, ``各位代表:``).

    >>> is_addressee("主任、各位副主任、各位委员:"), is_addressee("现将情况报告如下:")
    (True, False)
    """
    return bool(_ADDRESSEE.fullmatch(line)) and not _OPENING.search(line) and not headings.NUMBER.match(line)


def is_closing_word(text: str) -> bool:
    """Whether a text is only the word that closes an official letter (``特此报告。``).

    >>> is_closing_word("专此报告。"), is_closing_word("专此报告,敬请监督。")
    (True, False)
    """
    return bool(_CLOSING_ONLY.fullmatch(text.strip()))


def _reads_on(line: str) -> bool:
    """Whether a line with a furniture word in it is prose all the same."""
    return len(line) > 30 and line.rstrip().endswith(("。", "；", "！")) and not re.search(r"[:：].*[:：]|[>＞|｜]", line)
