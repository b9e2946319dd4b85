"""A site's own file as builders read it, and as one takes it that runs no hook.

``settings.py`` says what is wrong with the file; here it is taken as it is.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from generator.pages.schema import text_of, value_of

#: The Markdown extension, by the name that builders import it by.
EXTENSION: Final = "generator.pages.extension"
_HOOK: Final = "generator/pages/hooks.py"


class _Loader(yaml.SafeLoader):
    """Reads the environment as MkDocs does. What names Python stands for nothing: none of it is run."""


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    # Of several, the last one is what holds where the environment says nothing.
    *names, last = nodes if len(nodes) > 1 else (*nodes, None)
    for name in names:
        if (value := os.environ.get(name.value)) is not None:
            return yaml.safe_load(value)  # a number, say, or a truth value
    return None if last is None else loader.construct_object(last)


_Loader.add_constructor("!ENV", _environment)
_Loader.add_multi_constructor("!", lambda *_: None)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def read_settings(path: Path) -> dict[str, Any]:
    """Return what a site's own file says, and the files that it inherits from."""
    settings = _Loader("").construct_document(_compose(path))
    return settings if isinstance(settings, dict) else {}


def builder_settings(
    path: Path, told: Mapping[str, Any], prepared: Path, *, unlisted: Iterable[str] = ()
) -> str:
    """Return a site's own file for a builder that runs no hook: with all that the hook would tell it.

    Args:
        path: the site's own file. The result belongs beside it.
        told: what holds in the place of what the file says, by its key; None where nothing else does. With
            ``docs_dir`` the content is a copy, without the pages that are left out.
        prepared: what the extension has to know.
        unlisted: pages that only the copy has, and that belong in no navigation.
    """
    root = _compose(path)
    given = yaml.SafeDumper(io.StringIO()).represent_data
    for key, value in told.items():
        if value is not None:
            _put(root, key, given(value))
    if told.get("docs_dir"):
        # Some builders look at links before the extension leads them elsewhere. Our check has looked at them.
        links = _within(_within(root, "validation"), "links")
        for kind in ("not_found", "anchors"):
            _put(links, kind, given("ignore"))
        before = (text_of(value_of(root, "not_in_nav")) or "").splitlines()
        _put(root, "not_in_nav", given("\n".join([*before, *(f"/{page}" for page in unlisted)])))
    extensions = value_of(root, "markdown_extensions")
    options = {"prepared": str(prepared.resolve())}
    if isinstance(extensions, yaml.SequenceNode):
        extensions.value.append(given({EXTENSION: options}))
    else:
        _put(_within(root, "markdown_extensions"), EXTENSION, given(options))
    hooks = value_of(root, "hooks")
    if isinstance(hooks, yaml.SequenceNode):
        hooks.value = [one for one in hooks.value if not str(one.value).endswith(_HOOK)]
    theme = value_of(root, "theme")
    if isinstance(theme, yaml.ScalarNode):
        theme = given({"name": theme.value})
        _put(root, "theme", theme)
    # Zensical has two looks. The forms and their style sheets are made for that of Material.
    if value_of(theme, "variant") is None:
        _put(_within(root, "theme"), "variant", given("classic"))
    note = f"# Written by 'python -m generator prepare' for builders that run no hook. Change {path.name}.\n"
    return note + yaml.serialize(root, allow_unicode=True, width=1000)


def _compose(path: Path) -> yaml.MappingNode:
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    root = node if isinstance(node, yaml.MappingNode) else yaml.MappingNode("tag:yaml.org,2002:map", [])
    parent = value_of(root, "INHERIT")
    if parent is None:
        return root
    root.value = [(key, value) for key, value in root.value if key.value != "INHERIT"]
    return _merged(_compose(path.parent / str(parent.value)), root)


def _merged(below: yaml.MappingNode, above: yaml.MappingNode) -> yaml.MappingNode:
    """Return two files as one, as MkDocs does: mappings go together, of anything else the later holds."""
    for key, value in above.value:
        old = value_of(below, key.value)
        if isinstance(old, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            value = _merged(old, value)
        _put(below, key.value, value)
    return below


def _within(root: yaml.MappingNode, name: str) -> yaml.MappingNode:
    """Return the mapping that stands under ``name``, which may be a new one."""
    found = value_of(root, name)
    if not isinstance(found, yaml.MappingNode):
        found = yaml.MappingNode("tag:yaml.org,2002:map", [])
        _put(root, name, found)
    return found


def _put(root: yaml.MappingNode, name: str, value: yaml.Node) -> None:
    for number, (key, _) in enumerate(root.value):
        if key.value == name:
            root.value[number] = key, value
            return
    root.value.append((yaml.ScalarNode("tag:yaml.org,2002:str", name), value))
