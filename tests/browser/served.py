"""A page of a server in a real browser, which fails on any noise, and on a request elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.browser.conftest import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page


@contextmanager
def opened_page(
    browser: Browser, address: str, path: str = "/", *, refused: int = 0, **options: Any
) -> Iterator[Page]:
    """Open a page of a server; ``refused`` answers of it may be refusals."""
    noise: list[str] = []
    context = browser.new_context(
        **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("console", lambda line: noise.append(f"console {line.type}: {line.text}"))
    page.on("pageerror", lambda error: noise.append(f"error {error}"))

    def heard(url: str) -> None:
        if not url.startswith((f"{address}/", "blob:", "data:")):
            noise.append(f"request {url}")

    page.on("request", lambda request: heard(request.url))
    page.goto(f"{address}{path}")
    if path.startswith("/#"):  # the page comes when the data are open
        page.locator("#view").wait_for(state="attached")
    yield page
    context.close()
    told = [line for line in noise if "Failed to load resource" in line]
    assert [line for line in noise if line not in told] == []
    assert len(told) <= refused


def comes(page: Page, holds: Callable[[], bool]) -> bool:
    """Tell whether something comes true of a page while a busy machine works it out."""
    return any(eventually(page, holds) for _ in range(9))
