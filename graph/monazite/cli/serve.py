"""``monazite serve``: the graph over HTTP."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import ViewOptions, cache_for_workers, say, to_file, with_view
from monazite.cli.waiting import without_waiting
from monazite.errors import NotInstalledError, UnknownNameError
from monazite.parameters import TIMEOUT, TIMEOUTS, WORKERS, shown

_PER_PROCESSOR = 8
"""Workers for each processor, if so many ask: one takes 50 MB, and short work passes long work."""
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
"""As browsers send it: small letters, and no slash at the end."""
_PACKAGES = ("prometheus_client", "starlette", "uvicorn")


@with_view
def serve(
    options: ViewOptions,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one.")
    ] = 8000,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="A name by which others reach this server; may be repeated.",
        ),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-origin",
            metavar="ORIGIN",
            help="Pages of this origin may read the answers, * is all; may be repeated.",
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(min=TIMEOUTS.low, max=TIMEOUTS.high, help="Seconds that a query may take."),
    ] = TIMEOUT,
    workers: Annotated[
        int,
        typer.Option(
            min=WORKERS.low,
            max=WORKERS.high,
            help="Processes that answer queries. Default: up to eight for each processor.",
        ),
    ] = 0,
    log: Annotated[
        Path | None,
        to_file("--log", metavar="FILE", help="File for a line on each request, not stderr."),
    ] = None,
) -> None:
    """Serve the graph on this machine: SPARQL, questions and findings as JSON, and pages.

    It reads only, and calls no other machine. A query is killed when its time is over. Ctrl-C
    stops it.
    Findings take the options of their commands: /findings/chokepoints?element=Dy&market=USA

    Example: monazite serve --port 8000
    """
    if lacking := [name for name in _PACKAGES if find_spec(name) is None]:
        raise NotInstalledError(
            f"To serve needs the packages {', '.join(lacking)}: pip install 'monazite[serve]'."
        )
    from monazite.serve.held_files import held_files
    from monazite.serve.server import Listening
    from monazite.serve.settings import Settings

    for origin in allow_origin or ():
        _check_origin(origin)
    processors = os.cpu_count() or 1
    asked = Settings(
        ontology=Path(),
        host=host,
        port=port,
        allowed_hosts=tuple(allow_host or ()),
        origins=tuple(allow_origin or ()),
        seconds=timeout,
        workers=workers or _PER_PROCESSOR * processors,
        long_workers=max(2, processors),  # one client has all but one
        log=log,
    )
    _check_host(asked.host, is_local=asked.is_local, has_name=bool(allow_host))
    with cache_for_workers(options) as kept:
        if named := os.environ.get("MONAZITE_CACHE"):  # workers stand in another folder
            os.environ["MONAZITE_CACHE"] = str(Path(named).absolute())
        view = kept.open()
        view.open_here()  # the workers open what lies in the cache
        with held_files(view.data) as data:
            settings = replace(asked, ontology=view.ontology, data=data, filters=view.filters)
            listening = Listening(settings, _say_address)
            with without_waiting():
                listening.run()


def _check_host(host: str, *, is_local: bool, has_name: bool) -> None:
    """Warn of a place that others reach."""
    if is_local:
        return
    if not has_name:
        raise UnknownNameError(
            f"Others can reach {host}; say by which name they do, with --allow-host NAME."
        )
    say(f"Warning: whoever reaches {host} may ask all that this server knows, your tables too.")


def _check_origin(origin: str) -> None:
    """Refuse what no browser sends as the origin of a page."""
    if origin != "*" and _ORIGIN.fullmatch(origin) is None:
        raise UnknownNameError(
            f"{shown(origin)} is not the origin of a page; write it as https://data.example, "
            "without a path, or * for all pages."
        )


def _say_address(address: str) -> None:
    say(f"Monazite is served at {address} (Ctrl-C stops it).")
