"""Show: results as rows, in files that spreadsheets and programs open as they are."""

from pipeline.show import charts
from pipeline.show.export import FORMATS, Provenance, Row, Value, write_rows
from pipeline.show.rows import PARSE_FIELDS, SEARCH_FIELDS, TAG_FIELDS, hit_row, parse_rows, tag_rows

__all__ = ["FORMATS", "PARSE_FIELDS", "SEARCH_FIELDS", "TAG_FIELDS", "Provenance", "Row", "Value", "charts", "hit_row", "parse_rows", "tag_rows", "write_rows"]
