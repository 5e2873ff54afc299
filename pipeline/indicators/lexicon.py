"""Classes of words, by which an indicator's span is found."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from pipeline.indicators.numerals import listed

# Verbs that hand their object on to the next verb: 组织干部旁听庭审 counts hearings attended.
CAUSE = listed(
    "组织 邀请 推动 促进 指导 督促 帮助 协助 聘请 引导 支持 选派 派 派出 动员 请 让 安排 发动 带动 抽调 选聘 助力 推进 参与 牵头 派员 陪同 带领 代表 会同 协同 责成 允许 鼓励 吸引 代 替 助 确保 实现 做到 力争 "
    "督导 委托 调动 调集 出动 帮 指派 累计 深化 坚持 落实 依托 利用 运用 按照 针对 围绕 通过 结合 依据 根据 聚焦 运行 依靠 争取 加快 主动 采取 加强 强化 完善 健全 统筹 持续 启动"
)
# Words that are as often nouns as verbs: verbs only where a clause begins with them.
WEAK = listed(
    "服务 培训 调解 复议 检查 处罚 审查 审核 保障 调查 评估 登记 审理 监测 监督 管理 治理 执法 建设 研究 审批 备案 公示 公开 罚款 投诉 申请 调研 评查 排查 巡查 巡护 督查 督察 核查 抽查 普法 宣传 宣讲 信访 应诉 出庭 诉讼 仲裁 "
    "演练 救援 和解 调处 整改 考核 考试 验收 测评 评议 述法 述职 接访 下访 走访 回访 走进 承诺 决定 规划 报告 通报 建议 提案 咨询 答复 认定 鉴定 评审 评定 讲座 讨论 论证 研讨 征求意见 听证 补贴 奖励 补助 投资 改革 改造 清理 审计 会商 "
    "防控 处置 化解 举报 反馈 来电 来访 补偿 赔偿 活动 执行 保护 学习 轮训 教育 监管 采购 贷款 融资 就业 招商 交易 交流 联动 合作 负责 代办 帮扶 立案 结案 办案 报备 指挥 值守 值班 指引 提示 提醒 警示 约谈 预约 规定 规范 要求 领导 编制 统计 "
    "储备 发放率 覆盖 使用 创业 就医 上报 登录 浏览 点击 阅读 转载 存款 损失 收入 支出 行为 需求 诉求 服务中心 参考 志愿 设计 施工 生产 经营 流转 运营 运行 示范 试点 更新 创新 检验 检测 抽检 合同 协议 起草 修订 制定 修改 废止 解答 代理 援助 "
    "贷 捐赠 租赁 出租 供水 供电 供热 供暖 供气 运输 配送 旅游 救助 收养 安置 移民 搬迁 征收 拆迁 违建 拆除 处分 起诉 上诉 判决 裁决 裁定 撤诉 执勤 巡逻 安保 实训 集训 学法 讲法 旁听 庭审 观摩 审判 质证 辩论 陈述 申辩 预警 值 认证 认可 沟通 协商 磋商 座谈 上门"
)
# What may stand before an act without being part of it.
SKIP = listed(
    "全年 年内 当年 本年 本年度 年度 今年 今年以来 去年 上年 同期 期间 期内 当日 当天 当月 每年 每月 每周 每季度 每日 目前 截至目前 截至 年底 年末 年初 上半年 下半年 已 已经 共 共计 总共 累计 合计 总计 一共 一年来 先后 分别 均 都 日均 月均 年均 平均 "
    "被 也 还 又 再 就 则 即 便 才 将 会 可 能 应 须 要 仅 只 约 近 超 超过 达 达到 完成率 至 到 不断 持续 继续 深入 扎实 大力 积极 主动 自觉 严格 认真 切实 全面 全力 全程 全部 率先 带头 亲自 集中 联合 提前 专题 专门 定期 不定期 及时 依法 稳妥 有序 高效 顺利 "
    "圆满 广泛 充分 有效 精准 规范 常态化 大幅 进一步 逐步 逐一 逐项 逐件 逐条 逐户 逐个 随机 现场 当场 统一 同步 同时 并 并且 而且 以及 且 和 与 及 其中 其余 另 另有 另外 此外 包括 涉及 有 是 为 由 按 按期 如期 按时 全市 全区 全县 全镇 全省 全国 全州 全旗 "
    "全街道 全乡 全园 全系统 本市 本区 本县 本级 我市 我区 我县 我镇 我局 辖区 辖区内 区内 市内 县内 境内 全域 各地 各级 各类 原 现 现有 共有 拥有 已有 实有 直接 免费 线上 线下 网上 就地 就近 初步 多次 反复 一次性 统筹 协同 密切 创新 着力 坚决 果断 连夜 "
    "从严 从快 从重 依规 依纪 依程序 一律 一并 普遍 最终 最多 最少 最长 最短 最快 最低 最高 至少 至多 不少于 实际 应 确保 力争 务必 后 前 时 中 内 上 下 里 间 起 来 以来 了 着 过 经 经过 仍 仍有 尚有 尚 依然 主要 基本 稳定 连续 始终 长期 一直 保持 保持在 维持 稳定在 "
    "顺势 趁势 跟进 督促 指导 快速 迅速 立即 随即 即时 实时 当即 全天候 首批 首次 首创 分批 分期 轮流 轮番 多方 各方 各自 自行 独立 自主 因地制宜 妥善 有力 成功 真正 更 更加 越来越 比较 相对 略 稍 逾 将近 大约 左右 余 多 不足 不到 突破 满 高达 多达 先 始终保持 海上 陆上 年 据此 月 只有 还有 仅有 约有 合 折合 "
    "未 凡 拟 共同 统筹 累 计 其 该 此 本 这 那 每 各 某 兜底 组团 驻点 巡回 滚动 分层 分级 分类 集体 当面 书面 口头 电话 面对面 一对一 点对点 零距离 第一时间 第一 首先 其次 最后 再次 随后 此前 事前 事中 事后 会前 会后 庭前 庭后 诉前 灾前 灾后 用 以 靠 借助 使 令 把"
)
PREPOSITION = listed(
    "对照 所 对 对于 为 在 就 向 围绕 与 同 给 从 由 按 按照 依照 将 把 以 通过 根据 依托 针对 因 经 于 用 往 随 结合 聚焦 比 较 自 被 让 沿 依据 关于 至 替 受 经由 跟 除 除了 凭 凭借 借助 利用 叫"
)
CONJUNCTION = listed("和 与 及 以及 、 或 暨")
REACH = listed(
    "达到 达 为 均为 皆为 都是 都为 均 均达 均达到 都达到 都 各 分别 共 共计 累计 合计 总计 升至 降至 增至 提高到 提升到 提升至 提高至 缩短至 缩短到 压缩至 压缩到 压减至 压减到 减少至 减少到 减至 增加至 增加到 增长到 增长至 下降到 下降至 降到 升到 保持 保持在 稳定在 维持在 稳定 实现 "
    "至 到 仅 仅为 只 只有 约 近 超 超过 突破 逾 是 有 已 已达 已达到 高达 多达 总 平均 占 占到 不低于 不少于 不超过 不足 不到 低于 高于 连续 由 从 满 最高 最低 最长 最短 不 多 共有 计 在 也 又 则 还 就 再 全部 同 涨至 涨到 扩大到 扩大至 扩至 扩为 增为 减为 变为 改为 提到 降为 升为 缩至 缩到 压至 压到 "
    "回升至 回落至 上升至 上升到 上升为 提至 调至 提 升 降 增 减 缩 压 全年 上调至 下调至 延长至 延长到 控制在 严格控制 总计达 率先 基本 首次 大约 左右 了 仍 仍有 尚 尚有 里有 中有 还有 至少 至多 最多 最少 不少 整"
)


# Words that the dictionary of verbs holds but that stand before a noun as what it is like.
LIKE_NOUNS = listed("退休 外聘 失信 在建 存量 涉嫌 新任 离任 在职 外来 务工 重点 处级 科级 突出 满意 规模以上 涉企 涉农 残疾 流动 困难")
# Weak verbs that are nouns at the end of a noun.
THINGS = listed("协议 建议 提案 合同 报告 规定 贷款 补贴 奖励 服务 活动 改革 收入 需求 承诺 决定 指引 投资 规划 讲座 编制 补助 诉求 行为 支出 损失 存款")
# What may begin a long word of manner: 专题研究 is 专题 and 研究.
MANNER = ("专题", "集中", "联合", "现场", "专项", "公开", "主动", "旁听", "就地", "带头", "及时", "依法")
# Movements that may stand before 至, 到 and 为.
MOVES = listed(
    "缩短 压缩 压减 提高 提升 上升 下降 增长 增加 减少 拓展 扩大 扩展 整合 合并 归并 调整 精简 控制 稳定 维持 降低 回升 回落 上涨 攀升 跃升 下调 上调 增至 降至 覆盖 始终 保持 扩 缩 归集 细化 改 延长 延伸 增 减 升 降 提 压 累积 突破 增多 扩充 充实 增配"
)
# Nouns that the classifier counts although more nouns follow: 26个领域政务公开目录.
COUNTED = listed("领域 场景 部门 街道 镇街 乡镇 单位 方面 环节 社区 行业 村 业态 事项 窗口 科室 县区")
# Words of time and place before a rate; adverbs stay with it: 按期办复率.
TIME_PLACE = listed(
    "全年 年内 当年 本年 本年度 年度 今年 今年以来 去年 上年 期间 目前 截至目前 截至 年底 年末 年初 上半年 下半年 共 累计 合计 其中 且 并 并且 而且 而 和 与 及 以及 全市 全区 全县 全镇 全省 全国 全州 全旗 全街道 全乡 全园 本市 本区 本县 本级 我市 我区 我县 我镇 辖区 "
    "辖区内 区内 市内 县内 境内 实现 使 令 确保 力争 推动 促进 带动 将 把 总体 整体 分别 均 都 另 同时 截止 连续 做到 让 有 中 内 后 前 时 总"
)


HANDS_ON = listed("推动 促进 指导 督促 帮助 协助 支持 引导 参与 推进 助力")
PERSONS = tuple(
    sorted(listed("人员 干部 律师 党员 群众 企业 部门 学生 居民 骨干 力量 代表 委员 队伍 组 队 户 员 者 生 民 工 团 机构 单位 镇 街道 县 区 局 所 院"))
)
HUMANS = tuple(sorted(listed("人员 干部 律师 党员 群众 企业 学生 居民 骨干 委员 员 者 户 民 工")))
PLACES = listed("区 县 市 镇 全区 全县 全市 区域 辖区 街道 园区 片区 新区")
THEN = listed("去年 上年 年初 同期 原来 过去 此前 以前 最初 原先 前年 年 原有")
COUNTING = listed("共 共计 累计 合计 总计 近 约 超 超过 逾 、 和 及 与 已 先后 了 只 仅 又 还 再 全部 全年 有 总 整 也 则 就 新 不") | (SKIP - REACH)
LEADING = listed("至 到 为 成 扩 升 降 增 减")


@cache
def verbs() -> frozenset[str]:
    """Verbs that take an object, without the weak ones."""
    lines = Path(__file__).with_name("verbs.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#")) - WEAK - REACH


@lru_cache(maxsize=50_000)
def kind_of(word: str) -> str:
    """The class of a word: ``m`` mark, ``s`` skip, ``p`` preposition, ``c`` conjunction, ``d`` the particle 的, ``k`` causing verb, ``v`` verb, ``w`` weak verb, ``n`` all else."""
    if word == "的":
        return "d"
    if word in LIKE_NOUNS:
        return "n"
    for kind, words in (("c", CONJUNCTION), ("p", PREPOSITION), ("w", WEAK), ("k", CAUSE), ("v", verbs()), ("s", SKIP)):
        if word in words:
            return kind
    if not any(char.isalnum() for char in word):
        return "m"
    return "n"
