"""``fazhi serve``: search, read and tag in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, say


def command(
    corpus: CorpusFolder = DEFAULT_CORPUS,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on; another than this machine's own needs --token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N", help="The port to listen on.")] = 8765,
    token: Annotated[
        str | None, typer.Option("--token", envvar="FAZHI_TOKEN", metavar="WORD", help="What readers must give to be let in.", show_default=False)
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show the corpus and refuse every change.")] = False,
    open: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Serve a page in the browser on which the corpus is searched, read and tagged; makes an empty corpus where there is none."""
    from pipeline.web.settings import Settings

    try:
        settings = Settings(corpus, host, port, token, read_only)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--token") from error
    from pipeline.web.run import address, run

    say(f"fazhi serves {corpus} on {address(settings)} (end with Ctrl+C)")
    run(settings, open_browser=open)
