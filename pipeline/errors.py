"""Every error that Fazhi raises on purpose.

::

    FazhiError
    ├── ReadError            a report file that cannot be read
    │   ├── EmptyFile
    │   ├── UnsupportedFile
    │   ├── DamagedFile
    │   ├── EncryptedFile
    │   ├── ScannedFile
    │   └── TooLarge
    ├── CorpusError          a corpus folder that cannot be used
    │   ├── NotACorpus
    │   └── CorpusBusy
    ├── QueryError           a search query that cannot be understood
    ├── LabelError           labelled data that cannot be taken
    ├── ModelError           a model that cannot be used
    │   ├── ModelMissing
    │   ├── ModelMismatch
    │   └── ModelUnsafe
    └── OutputError          a result that cannot be written

An error names the thing, says what is wrong with it, and what to do next, in one line:

>>> str(EmptyFile("a.txt", "the file has no text", "export it again from its source"))
'a.txt: the file has no text; export it again from its source'

Misuse of a function stays ``ValueError`` or ``TypeError``. Every error here pickles, because it travels back
from worker processes.
"""

from __future__ import annotations


class FazhiError(Exception):
    """Base of all errors that Fazhi raises on purpose."""

    def __init__(self, thing: str, wrong: str, remedy: str) -> None:
        super().__init__(thing, wrong, remedy)
        self.thing = thing
        self.wrong = wrong
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(f"{self.thing}: {self.wrong}; {self.remedy}".split())


class ReadError(FazhiError):
    """A report file cannot be read."""


class EmptyFile(ReadError):
    """The file holds no text at all."""


class UnsupportedFile(ReadError):
    """The file is of a kind that Fazhi does not read, or not what its suffix says."""


class DamagedFile(ReadError):
    """The file is broken or cut off."""


class EncryptedFile(ReadError):
    """The file asks for a password."""


class ScannedFile(ReadError):
    """The PDF holds pictures of pages and no text."""


class TooLarge(ReadError):
    """The file, or what it unpacks to, is larger than any report."""


class CorpusError(FazhiError):
    """A corpus folder cannot be used."""


class NotACorpus(CorpusError):
    """The folder holds no corpus, or one of another format."""


class CorpusBusy(CorpusError):
    """Another process is writing to the corpus."""


class QueryError(FazhiError):
    """A search query cannot be understood."""


class LabelError(FazhiError):
    """Labelled data cannot be taken."""


class ModelError(FazhiError):
    """A model cannot be used."""


class ModelMissing(ModelError):
    """There is no such model."""


class ModelMismatch(ModelError):
    """The model was made with another dictionary or library than the ones at hand."""


class ModelUnsafe(ModelError):
    """The model file is damaged, or holds something that is not model data."""


class OutputError(FazhiError):
    """A result cannot be written."""
