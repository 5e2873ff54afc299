"""The tables of a corpus file, and how a file of an older format becomes one of this."""

from __future__ import annotations

FORMAT = 2

_REPORTS = """
create table meta (key text primary key, value text not null) strict;
create table reports (
    id integer primary key autoincrement,
    revision integer not null unique,
    name text not null unique,
    path text not null unique,
    sha256 text not null unique,
    title text, district text, year integer, published text, source text,
    model text,
    text text not null
) strict;
create table sections (
    report integer not null references reports(id) on delete cascade,
    number integer not null, level integer not null, ordinal text not null, heading text not null, role text not null,
    start integer not null, stop integer not null,
    primary key (report, number)
) strict, without rowid;
create table paragraphs (
    report integer not null references reports(id) on delete cascade,
    number integer not null, start integer not null, stop integer not null, section integer not null,
    primary key (report, number)
) strict, without rowid;
create table sentences (
    id integer primary key autoincrement,
    report integer not null references reports(id) on delete cascade,
    number integer not null, section integer not null, paragraph integer not null,
    start integer not null, stop integer not null, text text not null,
    code integer, probability real, second integer, second_probability real,
    unique (report, number)
) strict;
"""

# Labels name their report instead of referring to it: they outlive it, and may come before it.
_LABELS = """
create table label_batches (
    id integer primary key autoincrement,
    source text not null, at text not null, undone text
) strict;
create table labels (
    id integer primary key autoincrement,
    batch integer not null references label_batches(id),
    text text not null, code integer not null, annotator text not null,
    report text, number integer, slice text, extra text
) strict;
create index labels_of_batch on labels (batch);
create table evaluation_sets (sha256 text primary key, name text not null, at text not null) strict, without rowid;
create table evaluation_sentences (
    hash blob not null, evaluation_set text not null references evaluation_sets(sha256) on delete cascade,
    primary key (hash, evaluation_set)
) strict, without rowid;
"""

# What was handed out to be labelled, with the tags that it had.
_REVIEWS = """
create table reviews (
    id integer primary key autoincrement,
    at text not null, file text not null, seed integer not null, again integer not null, revision integer not null, batch integer not null
) strict;
create table review_sentences (
    review integer not null references reviews(id) on delete cascade,
    report text not null, number integer not null, text text not null, slice text not null,
    code integer not null, probability real not null, second integer not null, second_probability real not null, model text not null,
    primary key (review, report, number)
) strict, without rowid;
"""

SCHEMA = _REPORTS + _LABELS + _REVIEWS

#: What makes a file of a format one of the next.
UPGRADES = {1: _LABELS + _REVIEWS}
