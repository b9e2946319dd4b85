"""One core, two Pythons: every golden case gives the same reply here and in the real worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from generator.bridge import handle
from generator.pages.source import read_content
from tests.tools.cases import CASES, load
from tests.tools.site import THANKS

#: Start an engine of our own beside the form's and put all requests to it, one after the other.
ASK_ALL = """async (requests) => {
    const form = document.querySelector("email-form");
    const script = document.querySelector('script[src*="/email-form.mjs"]').src;
    const { Supervisor } = await import(new URL("../python/supervisor.mjs", script).href);
    const engine = new Supervisor(JSON.parse(form.dataset.form).engine, new URL("../../../engine/", script));
    const replies = [];
    for (const request of requests) replies.push(await engine.ask(request));
    return replies;
}"""

REVIEW = [f"review/{path.stem}" for path in sorted((CASES / "review").glob("*.yml"))]


def replies_here(docs: Path, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the core says in this Python, configured as the site configures it."""
    data = read_content(docs).data
    assert json.loads(handle(json.dumps({"type": "configure", **data.setup})))["type"] == "configured"
    return [json.loads(handle(json.dumps(request))) for request in requests]


@pytest.fixture(autouse=True)
def unconfigured_afterwards() -> Iterator[None]:
    yield
    handle('{"type": "configure"}')


def request_of(case: dict[str, Any]) -> dict[str, Any]:
    """Return a case as the page would ask it."""
    if "text" in case:
        return {"type": "draft", **{key: case[key] for key in ("text", "values", "situation")}}
    request = {"type": "fill", "template": case["template"], "values": case["values"]}
    return request | {key: case[key] for key in ("situation", "language", "earlier") if key in case}


def test_every_case_gives_the_same_reply(page: Page, site_config: Path) -> None:
    page.goto(THANKS)
    cases = [case for name in ("filling", "errors", *REVIEW) for case in load(name)]
    requests = [request_of(case) for case in cases]
    requests += [
        {
            "type": "plan",
            "interview": f"2028-02-{day}T10:00",
            "now": f"2028-02-{day}T12:00",
            "stamp": "2028-02-01T00:00:00+00:00",
            "seed": "s",
            "about": "Ä, b",
        }
        for day in range(20, 30)
    ]
    requests += [
        request_of(case) | {"type": "file", "ending": ending, "to": "a@example.org"}
        for case in load("filling")
        for ending in ("eml", "txt")
    ]
    # A panel, what comes next, and the archive of all emails.
    panel = {
        "template": "Subject: To [Name]\n\nDear [Name],\n\nThank you for [Topic] and for your time, Zoë.\n",
        "values": {"Name": "Bea", "Topic": "the tour"},
        "people": [{"Name": "Ann 😊", "Topic": "the tour"}, {"Name": "Cem"}],
        "addresses": ["ann@example.org"],
        "place": 2,
    }
    asked = ({"type": "fill"}, {"type": "file", "ending": "eml"}, {"type": "file", "ending": "txt"})
    requests += [panel | one for one in asked]
    requests += [
        {
            "type": "next",
            "send": send,
            "now": "2028-02-28T12:00",
            "stamp": "2028-02-01T00:00:00+00:00",
            "seed": "s",
            "about": "Ä, b",
        }
        for send in ("within 24 hours of the interview", "7 days after the last email", "at once")
    ]
    replies: list[dict[str, Any]] = page.evaluate(ASK_ALL, requests)
    for request, reply, here in zip(
        requests, replies, replies_here(site_config.parent / "docs", requests), strict=True
    ):
        assert reply == here, request
