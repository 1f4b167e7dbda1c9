"""The server of the Model Context Protocol: tools, records, prompts, and the page as an app."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import mcp.types as types
from mcp.server import Server
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from monazite.core.errors import MonaziteError, UnknownNameError, did_you_mean
from monazite.core.formats import in_brief, visible
from monazite.core.limited_process import outlive_readers
from monazite.core.package import VERSION
from monazite.core.spoken_commands import for_assistant
from monazite.server.assistants.arguments import check_arguments
from monazite.server.assistants.schemas import answer_schema
from monazite.server.assistants.tools import Offer, of_view, offers, read_instructions, read_table
from monazite.server.assistants.work_of_tools import AssistantWorker, filters_of
from monazite.server.settings import Settings

APP = "ui://monazite/graph.html"  # the page that a client shows with an answer
DRAWS = "graph"
PAGE = "page"  # the tool that the app asks for its page; no model sees it
ROW = "monazite://row/"
_READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_ROW_KEY = re.compile(re.escape(ROW) + r"([a-z_]+/[^\s\x00-\x1f]{1,300})")


class AssistantServer:
    """Answers a client, by a worker."""

    def __init__(self, settings: Settings) -> None:
        self.worker = AssistantWorker(settings)
        self.server: Server[Any] = Server(
            "monazite",
            version=VERSION,
            title="Monazite",
            description="What in the rare-earth supply chain can stop you, how sure that is, and "
            "who says so.",
            instructions=read_instructions(),
            lifespan=self._live,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
            on_list_prompts=self._list_prompts,
            on_get_prompt=self._get_prompt,
        )
        self.server.extensions[EXTENSION_ID] = {}

    @asynccontextmanager
    async def _live(self, _: Server[Any]) -> AsyncIterator[dict[str, Any]]:
        try:
            yield {}
        finally:
            await self.worker.close()

    # Tools

    async def _list_tools(self, *_: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[*map(_tool, offers().values()), _page_tool()])

    async def _call_tool(
        self, _: object, asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            return await self._answer(asked.name, asked.arguments or {})
        except MonaziteError as error:
            said = _text(visible(for_assistant(str(error))))
            return types.CallToolResult(content=[said], is_error=True)

    async def _answer(self, name: str, given: Mapping[str, Any]) -> types.CallToolResult:
        offer = offers().get(DRAWS if name == PAGE else name)
        if offer is None:
            fix = did_you_mean(name, offers()) or f"tools are {', '.join(offers())}."
            raise UnknownNameError(f'There is no tool "{in_brief(visible(name), 60)}"; {fix}')
        arguments = check_arguments(offer, given)
        task = {"tool": offer.tool, "arguments": arguments}
        if name == PAGE:
            page = await self.worker.work("draw_page", task, filters_of(arguments))
            return types.CallToolResult(
                content=[_text("The page is for the app; ask graph for an answer.")],
                structured_content={"html": page.decode()},
            )
        found = await self.worker.work("answer_tool", task, filters_of(arguments))
        text = found.decode()
        return types.CallToolResult(content=[_text(text)], structured_content=json.loads(text))

    # Resources

    async def _list_resources(self, *_: object) -> types.ListResourcesResult:
        page = types.Resource(
            uri=APP,
            name="graph",
            title="The chain as a page",
            description="Draws what the tool graph was asked; works offline.",
            mime_type=APP_MIME_TYPE,
            _meta=_APP_META,
        )
        return types.ListResourcesResult(resources=[page])

    async def _list_templates(self, *_: object) -> types.ListResourceTemplatesResult:
        row = types.ResourceTemplate(
            uri_template=f"{ROW}{{+key}}",
            name="row",
            title="A record with its sources",
            description="key is the key of a record, as rows of an answer have it.",
            mime_type="application/json",
        )
        return types.ListResourceTemplatesResult(resource_templates=[row])

    async def _read_resource(
        self, _: object, asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        if asked.uri == APP:
            page = Path(__file__).with_name("graph_app.html").read_text(encoding="utf-8")
            return _contents(asked.uri, APP_MIME_TYPE, page, _APP_META)
        key = _ROW_KEY.fullmatch(asked.uri)
        if key is None:
            shown = in_brief(visible(asked.uri), 100)
            raise _wrong(f'There is no resource "{shown}"; there are {APP} and {ROW}table/key.')
        try:
            row = await self.worker.work("quote_row", {"row": key[1]}, {})
        except MonaziteError as error:
            raise _wrong(for_assistant(visible(error))) from None
        return _contents(asked.uri, "application/json", row.decode(), None)

    # Prompts

    async def _list_prompts(self, *_: object) -> types.ListPromptsResult:
        prompts = []
        for each in read_table("prompts"):
            name, title, names = each["prompt"], each["title"], each["parameters"].split()
            needed = [types.PromptArgument(name=one, required=True) for one in names]
            prompt = types.Prompt(name=name, title=title, description=title, arguments=needed)
            prompts.append(prompt)
        return types.ListPromptsResult(prompts=prompts)

    async def _get_prompt(
        self, _: object, asked: types.GetPromptRequestParams
    ) -> types.GetPromptResult:
        prompts = {each["prompt"]: each for each in read_table("prompts")}
        chosen, given = prompts.get(asked.name), asked.arguments or {}
        if chosen is None:
            fix = did_you_mean(asked.name, prompts) or f"prompts are {', '.join(prompts)}."
            raise _wrong(f'There is no prompt "{in_brief(visible(asked.name), 60)}"; {fix}')
        missing = [name for name in chosen["parameters"].split() if not given.get(name)]
        if missing:
            raise _wrong(f"{asked.name} needs {', '.join(missing)}.")
        text = re.sub(r"\{(\w+)\}", lambda name: visible(given[name[1]]), chosen["text"])
        message = types.PromptMessage(role="user", content=_text(text))
        return types.GetPromptResult(description=chosen["title"], messages=[message])


def run(settings: Settings) -> None:
    """Answer the client on stdin and stdout, until it ends."""
    outlive_readers()
    anyio.run(_serve, settings)


async def _serve(settings: Settings) -> None:
    server = AssistantServer(settings).server
    async with stdio_server() as (asked, answered):
        await server.run(asked, answered, server.create_initialization_options())


_APP_META: dict[str, Any] = {"ui": {"prefersBorder": True}}


def _tool(offer: Offer) -> types.Tool:
    return types.Tool(
        name=offer.tool,
        title=offer.title,
        description=offer.description,
        input_schema=_plain(offer.schema),
        output_schema=answer_schema(offer),
        annotations=_READ_ONLY,
        _meta={"ui": {"resourceUri": APP}} if offer.tool == DRAWS else None,
    )


def _page_tool() -> types.Tool:
    asked = {**offers()[DRAWS].parameters, **of_view()}
    html = {"html": {"type": "string", "description": "The page"}}
    closed = {"additionalProperties": False}
    return types.Tool(
        name=PAGE,
        title="The page of the chain",
        description="What the app of the tool graph shows: HTML for a person, not for a model.",
        input_schema=_plain({"type": "object", "properties": asked, **closed}),
        output_schema={"type": "object", "properties": html, "required": ["html"], **closed},
        annotations=_READ_ONLY,
        _meta={"ui": {"resourceUri": APP, "visibility": ["app"]}},
    )


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


def _wrong(sentence: str) -> MCPError:
    return MCPError(code=types.INVALID_PARAMS, message=sentence)


def _contents(
    uri: str, mime: str, text: str, meta: dict[str, Any] | None
) -> types.ReadResourceResult:
    return types.ReadResourceResult(
        contents=[types.TextResourceContents(uri=uri, mime_type=mime, text=text, _meta=meta)]
    )


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema as JSON has it: nothing in it is frozen."""
    found: dict[str, Any] = json.loads(json.dumps(schema, default=dict))
    return found
