"""The blocks of a body: headings, split off where they run into their paragraph, and the text between them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.structure import headings, sentences
from pipeline.structure.lines import Line

#: Headings of the national outlines: where one stands at the start and the text goes on without any mark, it is cut off there.
_CANONICAL = re.compile(
    r"健全政府机构职能体系|健全依法行政制度体系|健全行政决策制度体系|健全行政执法工作体系|健全突发事件应对体系|健全社会矛盾纠纷行政预防调处化解体系|"
    r"健全行政权力制约和监督体系|健全法治政府建设科技保障体系|依法全面履行政府职能|完善依法行政制度体系|推进行政决策科学化、民主化、法治化|"
    r"坚持严格规范公正文明执法|强化对行政权力的制约和监督|依法有效化解社会矛盾纠纷|全面提高政府工作人员法治思维和依法行政能力|加强组织领导|加强党的领导"
)
_VERB = re.compile(
    r"强化|加强|健全|完善|推进|推动|深化|优化|规范|提升|提高|坚持|突出|狠抓|落实|聚焦|夯实|压实|严格|抓好|抓实|注重|创新|构建|做实|做好|做优|做强|筑牢|严守|守牢|严把|深入|全面|持续|依法|着力|扎实|广泛|"
    r"积极|主动|自觉|建立|建强|打造|化解|凝聚|厚植|紧盯|盯紧|拓宽|拓展|织密|擦亮|锻造|锤炼|抓住|用好|管好|畅通|激发|释放|统筹|高位|多元|从严|科学|民主|培育|营造|保障|维护|增强|整合|理顺|简化|把好|把牢|守住|立足|围绕|以"
)
_CLOSING = re.compile(
    r"^(?:以上|上述|上列|如上)(?:报告|汇报|情况|是|为|系|各项|所述|内容).{0,40}|请予?(?:以)?(?:审议|审阅|审查|批示|监督)|敬请.{0,20}(?:监督|批评|指正|意见|审议|关注)"
    r"|(?:专此|特此|谨此|现此|谨作)(?:报告|汇报)|(?:欢迎|恳请|恭请|诚请|诚望|诚挚|恳望).{0,30}(?:监督|批评|指正|意见|建议|支持)|不当之处|不妥之处|如有不妥|妥否|报告完毕|汇报完毕"
    r"|特此.{0,6}报告|特将.{0,12}报告|请.{0,12}(?:批评指正|审议|审阅)"
)
#: The first part of a report, where it lost its number and a heading follows it at once.
_PART = re.compile(r".{0,20}(?:主要(?:举措|做法|措施|工作|成效)|工作(?:开展|进展)?情况|推进情况|亮点).{0,8}")
_GAP = re.compile(r"(?:[ \u3000]+|[:：]|——)(?=\S)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the text: its kind of number (``plain`` and ``lead`` have none), the number, and all of it as it stands."""

    kind: str
    number: str
    ordinal: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, or a paragraph where ``heading`` is ``None``; offsets into the report's text."""

    start: int
    end: int
    heading: Heading | None = None


@dataclass(slots=True)
class _Piece:
    """A line, or the part of a line that begins with a number; ``cut`` is where its heading would end, counted in ``text``."""

    text: str
    start: int
    line: int
    number: headings.Number | None
    cut: int = 0
    more: bool = False
    heading: bool = False

    @property
    def words(self) -> str:
        """What would be the heading, without number and final stop."""
        skip = len(self.number.written) if self.number else 0
        return self.text[skip : self.cut].strip().rstrip("。｡：:")


def is_closing(text: str) -> bool:
    """Whether a sentence is a closing formula.

    >>> is_closing("以上报告,请予审议。"), is_closing("请群众代表审议方案3次。")
    (True, False)
    """
    return len(text) <= 45 and not re.search(r"\d", text) and bool(_CLOSING.search(text))


def blocks(text: str, rows: Sequence[Line]) -> Iterator[Block]:
    """Yield the headings and paragraphs of the lines of a body, in order."""
    pieces = [piece for i, row in enumerate(rows) for piece in _pieces(row, i)]
    _decide(pieces)
    run: list[_Piece] = []
    for piece in pieces:
        if run and (piece.heading or run[-1].line != piece.line):
            yield Block(run[0].start, run[-1].start + len(run[-1].text))
            run = []
        if not piece.heading:
            run.append(piece)
            continue
        yield _heading_block(piece)
        rest = piece.text[piece.cut :]
        if rest.strip():
            start = piece.start + piece.cut + len(rest) - len(rest.lstrip(" \u3000:：—"))
            run = [_Piece(text[start : piece.start + len(piece.text)], start, piece.line, None)]
    if run:
        yield Block(run[0].start, run[-1].start + len(run[-1].text))


def _heading_block(piece: _Piece) -> Block:
    written = piece.number.written.strip() if piece.number else ""
    words = piece.text[: piece.cut].strip().rstrip("。｡：: —")
    kind = piece.number.kind if piece.number else ("lead" if piece.more else "plain")
    heading = Heading(kind, written, piece.number.ordinal if piece.number else 0, words)
    return Block(piece.start, piece.start + piece.cut, heading)


def _pieces(row: Line, line: int) -> Iterator[_Piece]:
    """The pieces of a line: one, or more where numbers stand inside it."""
    starts = [0, *(match.end() for match in headings.INLINE.finditer(row.text) if match.end() > 0)]
    for begin, end in zip(starts, [*starts[1:], len(row.text)], strict=True):
        body = row.text[begin:end].rstrip()
        if body:
            piece = _Piece(body, row.start + begin, line, headings.number(body))
            piece.cut, piece.more = _cut(piece)
            yield piece


def _cut(piece: _Piece) -> tuple[int, bool]:
    """Where the heading of a piece would end, and whether text follows it in the piece."""
    skip = len(piece.number.written) if piece.number else 0
    canonical = _CANONICAL.match(piece.text, skip) if piece.number else None
    if canonical and re.match(r"[\u4e00-\u9fff“]", piece.text[canonical.end() :]) and not re.match(r"[的和与、，,]", piece.text[canonical.end() :]):
        return canonical.end(), True
    spans = list(itertools.islice(sentences.spans(piece.text), 2))
    first = spans[0][1] if spans else len(piece.text)
    if piece.number and piece.number.kind != "item":
        for gap in _GAP.finditer(piece.text, skip + 4, min(first, skip + 40)):
            before = piece.text[skip : gap.start()]
            if headings.is_like(before, longest=24) and not re.search(r"\d|[（(“《][^）)”》]*$", before) and len(piece.text) - gap.end() > 15:
                return gap.start(), True
    return first, len(spans) > 1


def _decide(pieces: Sequence[_Piece]) -> None:
    """Mark the pieces that begin with a heading."""
    for i, piece in enumerate(pieces):
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        piece.heading = _is_heading(piece, after, pieces[i - 1] if i else None)
    for group in _groups(pieces, {"digit", "paren_digit", "circled"}):
        _settle(group, share=0.5)
    followed = [piece for piece, after in itertools.pairwise(pieces) if after.number is None and after.line != piece.line]
    for group in _groups(pieces, {"item"}):
        for piece in group:
            piece.heading = (piece.more or not sentences.ends_sentence(piece.text) or piece in followed) and headings.is_lead_in(piece.words)
        _settle(group, share=0.6, least=2)
        if any(piece.heading for piece in group):
            for piece in group:
                piece.heading = piece.heading or (piece.more and headings.is_like(piece.words, longest=36))
    _mark_lead_ins(pieces)


def _is_heading(piece: _Piece, after: _Piece | None, before: _Piece | None) -> bool:
    stopped = sentences.ends_sentence(piece.text)
    if piece.number is None:
        return (
            not stopped
            and after is not None
            and after.line != piece.line
            and (before is None or before.line != piece.line)
            and not piece.text.endswith((",", "，", "、", "；", ";", "：", ":"))
            and headings.is_like(piece.text, longest=30)
            and (len(after.text) > 20 or after.number is not None or bool(_PART.fullmatch(piece.text)))
        )
    if piece.number.kind == "item" or piece.text.endswith(("；", ";", "，", ",", "、")):
        return False
    longest = 60 if piece.number.kind in {"part", "han", "paren_han"} else 40
    like = headings.is_like(piece.words, longest=longest)
    if piece.more:
        return like
    if not stopped:
        return like or (after is not None and len(piece.words) <= 60 and not re.search(r"\d+\.?\d*[%％件人次]", piece.words))
    followed = after is not None and (after.number is None or _rank(after) > _rank(piece))
    return like and followed and len(piece.words) <= 40


def _rank(piece: _Piece) -> int:
    order = ("part", "han", "paren_han", "digit", "paren_digit", "circled", "item")
    return order.index(piece.number.kind) if piece.number else len(order)


def _groups(pieces: Sequence[_Piece], kinds: set[str]) -> Iterator[list[_Piece]]:
    """Runs of pieces with the same kind of number, each ordinal above the one before, not parted by a higher heading."""
    group: list[_Piece] = []
    for piece in pieces:
        if piece.number and piece.number.kind in kinds:
            if group and (group[-1].number is None or piece.number.ordinal <= group[-1].number.ordinal):
                yield group
                group = []
            group.append(piece)
        elif piece.heading and piece.number and piece.number.kind not in {"digit", "paren_digit", "circled"} and group:
            yield group
            group = []
    if group:
        yield group


def _settle(group: Sequence[_Piece], *, share: float, least: int = 1) -> None:
    """Where too few of a group read like headings, none is one: an enumeration of sentences."""
    marked = sum(piece.heading for piece in group)
    if marked < least or marked < share * len(group):
        for piece in group:
            piece.heading = False


def _mark_lead_ins(pieces: Sequence[_Piece]) -> None:
    """Mark unnumbered lead-ins (``强化思想引领。…``) where most paragraphs of a section open with one."""
    section: list[_Piece] = []
    for piece in [*pieces, None]:
        if piece is None or piece.heading:
            marked = [p for p in section if p.more and len(p.words) <= 12 and headings.is_lead_in(p.words)]
            verbal = sum(bool(_VERB.match(p.words)) for p in marked)
            if len(marked) >= 2 and len(marked) >= 0.6 * len(section) and verbal >= 0.5 * len(marked):
                for p in marked:
                    p.heading = True
            section = []
        elif piece.number is None and (not section or section[-1].line != piece.line):
            section.append(piece)
