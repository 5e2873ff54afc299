"""An SQLite file that is whole or not there: connection, transactions, errors. The one file that knows sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from pipeline.errors import CorpusBusy, CorpusError, NotACorpus


class SqliteFile:
    """An open corpus file. Any number may read; one writes, and a second one waits for it."""

    def __init__(self, path: Path, *, schema: str, format: int, upgrades: Mapping[int, str], create: bool = False) -> None:
        self.path = path
        self._schema, self._format, self._upgrades, self._writer = schema, format, upgrades, RLock()
        if not create and not path.is_file():
            raise NotACorpus(str(path.parent), "the folder holds no corpus", "add reports to it with `fazhi add`, or name the right folder with --corpus")
        if create:
            _create(path, schema, format)
        with _mapped(path):
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            try:
                self._connection.execute("pragma foreign_keys = on")
                self._connection.execute("pragma journal_mode = wal")
                self._check_format()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file; a closed one cannot be used again."""
        self._connection.close()

    def run(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement; what comes back can be iterated over."""
        with _mapped(self.path):
            return self._connection.execute(statement, values)

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        with _mapped(self.path):
            self._connection.executemany(statement, rows)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction: all of its changes happen, or none. Threads that share the file take turns."""
        with self._writer:
            with _mapped(self.path):
                self._connection.execute("begin immediate")
            try:
                yield
                with _mapped(self.path):
                    self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def counted(self, key: str) -> int:
        """A counter of the file, 0 where it was never counted up."""
        return int(self.run("select coalesce((select value from meta where key = ?), '0')", (key,)).fetchone()[0])

    def count_up(self, key: str) -> int:
        """Count a counter of the file up by one; returns its new value."""
        row = self.run("insert into meta values (?, '1') on conflict (key) do update set value = value + 1 returning value", (key,)).fetchone()
        return int(row[0])

    def _check_format(self) -> None:
        found = self._found_format()
        if found is None and not self._connection.execute("select 1 from sqlite_master").fetchone():
            _create(self.path, self._schema, self._format)  # whoever began to make the file was killed
            found = self._found_format()
        if found in self._upgrades:
            self._upgrade()
            found = self._found_format()
        if found != self._format:
            wrong = f"the corpus has format {'none' if found is None else found}, this version reads {self._format}"
            raise NotACorpus(str(self.path.parent), wrong, "add the reports to a new corpus")

    def _found_format(self) -> int | None:
        try:
            row = self._connection.execute("select value from meta where key = 'format'").fetchone()
        except sqlite3.OperationalError as exc:
            if "locked" in str(exc) or "busy" in str(exc):
                raise
            row = None
        return int(row[0]) if row and row[0].isdigit() else None

    def _upgrade(self) -> None:
        """Make the file one of this format: whole or not at all, however many try at once."""
        with self.writing():
            found = self._found_format()
            while found is not None and found in self._upgrades:
                _run_script(self._connection, self._upgrades[found])
                found += 1
            self._connection.execute("update meta set value = ? where key = 'format'", (str(found),))


def _create(path: Path, schema: str, format: int) -> None:
    """Make the corpus file where there is none: whole or not at all, however many try at once."""
    with _mapped(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            connection.execute("begin exclusive")
            if not connection.execute("select 1 from sqlite_master").fetchone():
                _run_script(connection, schema)
                connection.execute("insert into meta values ('format', ?)", (str(format),))
            connection.execute("commit")
        finally:
            connection.close()


def _run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run statements within the transaction at hand, which ``executescript`` would end."""
    for statement in script.split(";")[:-1]:
        connection.execute(statement)


@contextmanager
def _mapped(path: Path) -> Iterator[None]:
    """Map sqlite's and the system's errors to ours."""
    where = str(path.parent)
    try:
        yield
    except sqlite3.OperationalError as exc:
        message = str(exc)
        if "locked" in message or "busy" in message:
            raise CorpusBusy(where, "another process is writing to the corpus", "wait until it has finished and try again") from exc
        if "full" in message:
            raise CorpusError(where, "the disk is full", "free some space and run the command again; finished reports are kept") from exc
        if "readonly" in message or "unable to open" in message:
            raise CorpusError(where, "the corpus cannot be written here", "check the folder's permissions") from exc
        raise CorpusError(where, f"the corpus file fails ({message})", "restore it from a copy, or add the reports to a new corpus") from exc
    except sqlite3.DatabaseError as exc:
        raise NotACorpus(where, f"the corpus file is damaged ({exc})", "restore it from a copy, or add the reports to a new corpus") from exc
    except OSError as exc:
        raise CorpusError(where, f"the corpus cannot be written ({exc.strerror or exc})", "check the folder, its permissions and the disk") from exc
