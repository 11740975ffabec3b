"""An assistant uses docs/integrations/livret_mcp.py on LIVRET_URL: its tools only read, with the tutor's rights."""

import asyncio
import os
import pathlib
import sys

from fastmcp import Client
from fastmcp.exceptions import ToolError

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "docs/integrations"))
import livret_mcp

ACCOUNT = (os.environ["LIVRET_URL"], "tutrice@horizon.example", "livret de demonstration")


def answered(result):
    """FastMCP wraps what is no plain object in its schema."""
    return result.structured_content.get("result", result.structured_content)


async def main():
    async with Client(livret_mcp.server(*ACCOUNT)) as assistant:
        tools = {tool.name for tool in await assistant.list_tools()}
        assert {"list_booklets", "get_full_booklet", "list_to_do"} <= tools, tools
        assert not any(name.startswith(("create_", "update_", "delete_", "sign_")) for name in tools), tools
        assert "list_service_accounts" not in tools, "not a tutor's"
        booklets = answered(await assistant.call_tool("list_booklets", {"limit": 2}))["items"]
        full = await assistant.call_tool("get_full_booklet", {"id": booklets[0]["id"]})
        assert answered(full)["booklet"]["id"] == booklets[0]["id"]
        try:
            await assistant.call_tool("get_booklet", {"id": "00000000-0000-7000-8000-000000000000"})
        except ToolError as refusal:
            assert "404" in str(refusal), refusal
        else:
            raise AssertionError("a booklet that is not there")
    async with Client(livret_mcp.server(*ACCOUNT, write=True)) as assistant:
        note = {"id": booklets[0]["id"], "body": "Écrit par un assistant.", "visibility": "private"}
        written = answered(await assistant.call_tool("create_note", note))
        changed = {"id": written["id"], "If-Match": written["etag"], "pinned": True}
        assert answered(await assistant.call_tool("update_note", changed))["pinned"]
        writing = len(await assistant.list_tools())
    print(f"MCP: {len(tools)} tools that read, {writing} with those that write; a note written and changed")


asyncio.run(main())
