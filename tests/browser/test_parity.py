"""One core, two Pythons: every golden case gives the same reply here and in the real worker."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from generator.bridge import handle
from tests.cases_data import load

#: Start an engine of our own beside the form's and put all requests to it, one after the other.
ASK_ALL = """async (requests) => {
    const form = document.querySelector("email-form");
    const script = document.querySelector('script[src*="/email-form.mjs"]').src;
    const { Engine } = await import(new URL("./engine.mjs", script).href);
    const engine = new Engine(JSON.parse(form.dataset.form).engine, new URL("../../engine/", script));
    const replies = [];
    for (const request of requests) replies.push(await engine.ask(request));
    return replies;
}"""


def ask_all(page: Page, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the replies of the real worker."""
    replies: list[dict[str, Any]] = page.evaluate(ASK_ALL, requests)
    return replies


@pytest.mark.parametrize("name", ["filling", "errors"])
def test_every_case_gives_the_same_reply(page: Page, name: str) -> None:
    page.goto("/emails/thank-you/")
    cases = load(name)
    requests = [{"type": "fill", "template": case["template"], "values": case["values"]} for case in cases]
    expected = [json.loads(handle(json.dumps(request))) for request in requests]
    replies = ask_all(page, requests)
    assert len(replies) == len(cases)
    for case, reply, here in zip(cases, replies, expected, strict=True):
        assert reply == here, case["name"]
