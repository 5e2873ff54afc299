import pickle

import pytest
from whoosh import fields, index, query

from pipeline.search import whoosh_reports as whoosh
from pipeline.search.whoosh_reports import Entry, Reports

ENTRIES = [
    Entry(1, "daxing-2023", "北京市大兴区", 2023, "大兴区 法治 政府 建设", "行政复议 应急", "接诉即办 复议"),
    Entry(2, "qinghe-2021", "青禾区", 2021, "青禾区 法治 政府", "行政执法", "执法 检查"),
    Entry(3, "none", None, None, "", "", ""),
]


@pytest.fixture
def parts(tmp_path):
    return whoosh.update(tmp_path, "", ENTRIES, [])


@pytest.mark.parametrize(
    ("field", "values", "wanted"),
    [
        ("district", ("大兴",), [1]),
        ("district", ("区",), [1, 2]),
        ("district", ("海", "青"), [2]),
        ("name", ("2021",), [2]),
        ("year", (2020, 2022), [2]),
        ("year", (0, 9999), [1, 2]),
    ],
)
def test_filters(tmp_path, parts, field, values, wanted):
    assert sorted(Reports(tmp_path, parts).filtered(field, values)) == wanted


def test_ranks_by_title_headings_and_words(tmp_path, parts):
    reports = Reports(tmp_path, parts)
    assert [key for key, _ in reports.ranked(["行政复议", "法治"], None)] == [1, 2]
    assert reports.ranked(["没有"], None) == []
    assert len(reports.ranked(["法治"], 1)) == 1


def test_what_is_replaced_or_dropped_is_gone_and_the_old_state_stays(tmp_path, parts):
    later = whoosh.update(tmp_path, parts, [Entry(9, "new", "云门县", 2024, "", "", "")], [1])
    assert sorted(Reports(tmp_path, later).filtered("year", (0, 9999))) == [2, 9]
    assert sorted(Reports(tmp_path, parts).filtered("year", (0, 9999))) == [1, 2]
    assert set(whoosh.files(later)) <= {path.name for path in tmp_path.iterdir()}
    empty = whoosh.update(tmp_path, later, [], [2, 3, 9])
    assert Reports(tmp_path, empty).filtered("district", ("区",)) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_no_pickle_is_read(tmp_path, parts):
    (name,) = whoosh.files(parts)
    file = tmp_path / name
    data = file.read_bytes()
    directory = int.from_bytes(data[:8], "big")
    file.write_bytes(data[:directory] + pickle.dumps({"a": print}))
    with pytest.raises(ValueError):
        Reports(tmp_path, parts).filtered("district", ("区",))


def test_other_users_of_whoosh_keep_their_format(tmp_path, parts):
    (tmp_path / "theirs").mkdir()
    made = index.create_in(str(tmp_path / "theirs"), fields.Schema(text=fields.TEXT(stored=True)))
    writer = made.writer()
    writer.add_document(text="law based government")
    writer.commit()
    assert Reports(tmp_path, parts).filtered("district", ("大兴",)) == [1]
    with index.open_dir(str(tmp_path / "theirs")).searcher() as searcher:
        assert [hit["text"] for hit in searcher.search(query.Term("text", "law"))] == ["law based government"]
