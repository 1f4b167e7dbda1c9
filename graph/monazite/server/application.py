"""The application: all routes behind all guards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from monazite.core.errors import MonaziteError
from monazite.server import access_log, entities, findings, pages, sparql
from monazite.server.access_log import AccessLog, Counts, open_log
from monazite.server.answers import refuse_error, refuse_status
from monazite.server.dispatcher import Dispatcher
from monazite.server.guards import HostGuard, RequestGuard, SecurityHeaders
from monazite.server.settings import Settings


def application(settings: Settings) -> Starlette:
    """Return the application of a server."""
    door = Dispatcher(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            async with door:
                yield
        except MonaziteError as error:
            served.state.fault = error  # the server knows of a fault at the start, and not which
            raise
        finally:
            for each in log.handlers:
                each.close()

    counts, log = Counts(door), open_log(settings.log)
    guards = [
        Middleware(AccessLog, log=log, counts=counts),
        Middleware(SecurityHeaders),
        Middleware(HostGuard, hosts=settings.hosts),
        Middleware(RequestGuard, most=settings.body_bytes, seconds=settings.body_seconds),
    ]
    if settings.origins:
        guards.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["Accept", "Content-Type"],
                max_age=600,
            )
        )
    rooms = (sparql, findings, access_log, entities, pages)
    served = Starlette(
        routes=[each for room in rooms for each in room.routes(door)],
        middleware=guards,
        exception_handlers={MonaziteError: refuse_error, HTTPException: refuse_status},
        lifespan=lifespan,
    )
    served.state.counts, served.state.door, served.state.log = counts, door, log
    served.state.fault = None
    served.router.redirect_slashes = False
    return served
