"""The app of an assistant in a real browser: a host as the specification has it shows the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import monazite.server.assistants
from monazite.report.chain_diagram.page import backbone_html
from tests.browser.conftest import OpenFile, eventually
from tests.report.diagrams import small_backbone

pytestmark = [pytest.mark.browser, pytest.mark.whole]

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self' data:; object-src 'none'; connect-src 'none'"
)
"""What a host allows an app that asks for nothing more (MCP Apps, Content Requirements)."""
HOST = """<!doctype html><meta charset="utf-8"><title>Host</title>
<iframe id="app" sandbox="allow-scripts" style="width:1200px;height:720px"></iframe>
<script>
const frame = document.getElementById("app"), seen = window.seen = [];
const given = GIVEN, answer = ANSWER;
const send = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
window.teardown = () => send({ id: 99, method: "ui/resource-teardown", params: {} });
window.addEventListener("message", ({ data, source }) => {
  if (source !== frame.contentWindow) return;
  seen.push(data);
  if (data.method === "ui/initialize") {
    send({ id: data.id, result: { protocolVersion: data.params.protocolVersion,
      hostInfo: { name: "test", version: "1" }, hostCapabilities: { serverTools: {} },
      hostContext: {} } });
  } else if (data.method === "ui/notifications/initialized") {
    send({ method: "ui/notifications/tool-input", params: { arguments: given } });
  } else if (data.method === "tools/call") {
    send({ id: data.id, result: answer });
  }
});
frame.srcdoc = APP;
</script>"""


def write_host(folder: Path, given: Mapping[str, Any], answer: Mapping[str, Any]) -> Path:
    """Write the page of a host that runs the app under its policy."""
    app = Path(monazite.server.assistants.__file__).with_name("graph_app.html").read_text("utf-8")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    app = app.replace("<head>", f"<head>{meta}")
    page = HOST
    for name, value in (("GIVEN", given), ("ANSWER", answer), ("APP", app)):
        page = page.replace(f" {name}", f" {json.dumps(value)}".replace("</", "<\\/"), 1)
    file = folder / "host.html"
    file.write_text(page, encoding="utf-8")
    return file


def test_the_app_asks_for_its_page_and_shows_it(open_file: OpenFile, tmp_path: Path) -> None:
    given = {"element": "Dy", "market": "USA"}
    html = backbone_html(small_backbone())
    file = write_host(tmp_path, given, {"content": [], "structuredContent": {"html": html}})
    page = open_file(file, watch=False)
    outside: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.on("console", lambda line: told.append(line.text))
    frame = page.frame_locator("#app")
    assert eventually(page, lambda: frame.locator("h1").count() == 1)
    assert frame.locator("h1").inner_text().startswith("The United States would lose")
    frame.get_by_text("China", exact=True).first.click()
    seen = page.evaluate("window.seen")
    calls = [each for each in seen if each.get("method") == "tools/call"]
    assert [each["params"] for each in calls] == [{"name": "page", "arguments": given}]
    assert any(each.get("method") == "ui/notifications/size-changed" for each in seen)
    assert [line for line in told if "font" not in line] == [], "a host that names no fonts has its"
    assert [url for url in outside if not url.startswith(("about:", "data:", "blob:"))] == []


def test_the_app_still_answers_its_host_when_the_page_is_there(
    open_file: OpenFile, tmp_path: Path
) -> None:
    html = "<!doctype html><h1>Here</h1>"
    file = write_host(tmp_path, {}, {"content": [], "structuredContent": {"html": html}})
    page = open_file(file, watch=False)
    assert eventually(page, lambda: page.frame_locator("#app").locator("h1").count() == 1)
    page.evaluate("window.teardown()")
    assert eventually(
        page, lambda: {"jsonrpc": "2.0", "id": 99, "result": {}} in page.evaluate("window.seen")
    )


def test_what_is_refused_is_a_text_and_runs_nothing(open_file: OpenFile, tmp_path: Path) -> None:
    sentence = 'There is no element "<img src=x onerror=alert(1)>".'
    content = [{"type": "text", "text": sentence}]
    file = write_host(tmp_path, {"element": "Xx"}, {"isError": True, "content": content})
    page = open_file(file, watch=False)
    frame = page.frame_locator("#app")
    assert eventually(page, lambda: frame.locator("#state").inner_text() == sentence)
    assert frame.locator("img").count() == 0
