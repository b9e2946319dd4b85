"""The boundary with the browser: JSON text in, JSON text out.

The worker calls :func:`handle` and nothing else. It never raises: whatever goes wrong is a reply.

Requests and replies::

    {"type": "fill", "template": "<text>", "values": {"Position": "Analyst"}}
    {"type": "draft", "subject": "…", "body": "…", "html": "…", "missing": ["…"],
     "segments": {"subject": [["text", "…", ""], …], "body": […]},
     "removed": [{"field": "…", "count": 1}]}

    {"type": "error", "name": "TemplateError", "message": "…"}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeGuard

from generator.core.handoff import clipboard_html
from generator.core.template import Template


class RequestError(ValueError):
    """A request that does not follow the protocol."""


def handle(request: str) -> str:
    """Answer one request; see the module's docstring for the protocol."""
    try:
        return json.dumps(_answer(json.loads(request)), ensure_ascii=True)
    except Exception as error:
        # Python exceptions cannot cross into JavaScript as such; the reply carries what they say.
        return json.dumps({"type": "error", "name": type(error).__name__, "message": str(error)})


@lru_cache(maxsize=64)
def _template(text: str) -> Template:
    return Template.parse(text)


def _answer(request: Any) -> dict[str, Any]:
    if not isinstance(request, dict) or request.get("type") != "fill":
        raise RequestError("a request is an object with the type 'fill'")
    template, values = request.get("template"), request.get("values")
    if not isinstance(template, str) or not _is_text_mapping(values):
        raise RequestError("'fill' needs a 'template' text and 'values' that map names to texts")
    draft = _template(template).fill(values)
    return {
        "type": "draft",
        "subject": draft.subject,
        "body": draft.body,
        "html": clipboard_html(draft.body),
        "missing": draft.missing,
        "segments": {"subject": draft.subject_segments, "body": draft.body_segments},
        "removed": [{"field": removed.field, "count": removed.count} for removed in draft.removed],
    }


def _is_text_mapping(values: Any) -> TypeGuard[Mapping[str, str]]:
    return isinstance(values, Mapping) and all(
        isinstance(name, str) and isinstance(value, str) for name, value in values.items()
    )
