"""The ``fazhi`` command: its verbs, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, Any

import typer

from pipeline.cli import (
    add,
    collocates,
    compare,
    demo,
    evaluate,
    explain,
    index,
    indicators,
    keywords,
    labels,
    models,
    ngrams,
    parse,
    remove,
    reports,
    retag,
    review,
    search,
    serve,
    similar,
    suspects,
    tag,
    train,
)
from pipeline.errors import FazhiError, QueryError

app = typer.Typer(
    name="fazhi",
    help="Read, tag and search annual reports on law-based government (法治政府建设年度情况报告).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed, 2 misuse. Add --debug to any command to see where an error comes from.",
)
for verb in (
    demo,
    tag,
    add,
    search,
    keywords,
    collocates,
    ngrams,
    similar,
    compare,
    indicators,
    reports,
    remove,
    index,
    parse,
    explain,
    evaluate,
    train,
    retag,
    serve,
):
    app.command(name=verb.__name__.rpartition(".")[2])(verb.command)
app.add_typer(labels.app, name="labels")
app.add_typer(models.app, name="models")
app.add_typer(review.app, name="review")
labels.app.command(name="suspects")(suspects.command)
#: What typer raises for whatever was typed wrongly.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
#: The exit code of typer after Ctrl-C.
_INTERRUPTED = 130


def _show_version(wanted: bool) -> None:
    if wanted:
        from pipeline import __version__

        typer.echo(f"fazhi {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """Read, tag and search annual reports on law-based government (法治政府建设年度情况报告)."""


def main() -> None:
    """Run the command line of this process."""
    debug = _take_debug(sys.argv)
    _speak_utf8()
    try:
        code = app(prog_name="fazhi", standalone_mode=False)
    except _UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error}\n")
            raise SystemExit(2) from None
        _fail(_misused(error), error, debug, 2)
    except FazhiError as error:
        _fail(str(error), error, debug, 2 if isinstance(error, QueryError) else 1)
    except BrokenPipeError:
        _leave(0)
    except MemoryError as error:
        _fail("memory: there is not enough of it; close other programs, or use --jobs 1", error, debug, 1)
    except Exception as error:
        _fail(f"unexpected error: {type(error).__name__}: {error}; run it again with --debug and report what it shows", error, debug, 1)
    if code == _INTERRUPTED:
        sys.stderr.write("\nfazhi: interrupted; what was finished is kept, and running the command again completes it\n")
        _leave(_INTERRUPTED)
    raise SystemExit(code)


def _misused(error: Any) -> str:
    """A command that was typed wrongly, in one line."""
    path = error.ctx.command_path if error.ctx else "fazhi"
    verb = path.removeprefix("fazhi").strip()
    return f"{verb}{': ' if verb else ''}{error.format_message().rstrip('.')}; `{path} --help` shows what it takes"


def _fail(message: str, error: BaseException, debug: bool, code: int) -> None:
    if debug:
        traceback.print_exception(error)
    sys.stderr.write(f"fazhi: {message}\n")
    raise SystemExit(code)


def _leave(code: int) -> None:
    """End without flushing to a pipe that nobody reads."""
    sys.stderr.flush()
    os._exit(code)


def _take_debug(argv: list[str]) -> bool:
    """Take ``--debug`` out of the arguments, wherever it stands before a ``--``."""
    end = argv.index("--") if "--" in argv else len(argv)
    found = "--debug" in argv[:end]
    if found:
        argv.remove("--debug")
    return found


def _speak_utf8() -> None:
    """Chinese on a console or in a pipe of another encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace" if stream.isatty() else "strict")
