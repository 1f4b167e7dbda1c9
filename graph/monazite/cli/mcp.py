"""``monazite mcp``: the questions of a view as tools of an assistant."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import ViewOptions, cache_for_workers, with_view
from monazite.errors import NotInstalledError
from monazite.parameters import ANSWER_SECONDS


@with_view
def mcp(
    options: ViewOptions,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", metavar="SECONDS", min=1, help="Seconds that a question may take."
        ),
    ] = ANSWER_SECONDS,
) -> None:
    """Offer the questions to an assistant, by the Model Context Protocol on stdin and stdout.

    A client starts it (Claude, VS Code and others: examples/assistant.md). Each answer has its
    records, range, data used, and what is not known. It reads only, uses no network, and ends
    with its client.

    Example: monazite mcp --tier 2
    """
    try:
        from monazite.assistants.server import run
    except ImportError:
        raise NotInstalledError(
            "An assistant needs the package mcp: pip install 'monazite[mcp]'."
        ) from None
    from monazite.serve.held_files import held_files
    from monazite.serve.settings import Settings

    with cache_for_workers(options) as kept:
        view = kept.open()
        view.open_here()  # the worker opens what lies in the cache
        with held_files(view.data) as data:
            run(
                Settings(
                    ontology=view.ontology,
                    data=data,
                    filters=view.filters,
                    seconds=timeout,
                    memory=4 << 30,
                )
            )
