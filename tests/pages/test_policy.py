"""The policy of the built pages, and the service worker that is written beside them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from generator.pages.offline import PAGES_LIMIT, write_offline
from generator.pages.policy import PolicyError, content_policy, protect
from tests.tools.site import ROOT

SOURCE = ROOT / "generator" / "web" / "offline.mjs"
PAGE = '<!doctype html><html><head><meta charset="utf-8"><title>x</title></head><body>{}</body></html>'


def write(site: Path, name: str, body: str) -> Path:
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PAGE.format(body), encoding="utf-8")
    return path


def test_no_text_is_run_as_code_and_nothing_is_foreign() -> None:
    policy = content_policy(["let a"])
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy
    assert "http" not in policy
    # A meta element cannot carry these: a browser would ignore them with a warning.
    assert not re.search("frame-ancestors|sandbox|report-", policy)


def test_each_kind_that_is_allowed_opens_its_own_lines_and_no_other() -> None:
    closed = dict(line.split(" ", 1) for line in content_policy(["let a"]).split("; "))
    for kind, lines in {
        "frames": {"frame-src": "https://a.example https://b.example"},
        "pictures": {"img-src": "'self' data: https://a.example https://b.example"},
        "analytics": {
            "script-src": f"{closed['script-src']} https://a.example https://b.example",
            "connect-src": "'self' https://a.example https://b.example",
            "img-src": "'self' data: https://a.example https://b.example",
        },
    }.items():
        policy = content_policy(["let a"], allowed={kind: ["b.example", "a.example"]})
        assert dict(line.split(" ", 1) for line in policy.split("; ")) == closed | lines


def test_every_page_has_the_same_policy_before_any_script(site: Path) -> None:
    policies = set()
    pages = [*site.rglob("*.html")]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        policies.add(policy)
        assert "<script" not in text[: text.index("Content-Security-Policy")]
    assert len(policies) == 1
    assert len(pages) > 10


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("<script>alert(1)</script>", "unknown inline script 'alert(1)"),
        ("<SCRIPT type=module>let x</SCRIPT>", "unknown inline script 'let x"),
        ('<p style="color: red">', "the attribute 'style'"),
        ('<button onclick="go()">', "the attribute 'onclick'"),
    ],
)
def test_code_that_is_not_known_stops_the_build(tmp_path: Path, body: str, named: str) -> None:
    good = write(tmp_path, "index.html", "<p>good</p>")
    write(tmp_path, "sub/index.html", body)
    before = good.read_text(encoding="utf-8")
    with pytest.raises(PolicyError, match="extra_javascript") as caught:
        protect(tmp_path)
    assert named in str(caught.value)
    assert "sub/index.html: " in str(caught.value)
    assert good.read_text(encoding="utf-8") == before


def test_what_stands_on_every_page_is_told_once(tmp_path: Path) -> None:
    for number in range(50):
        write(tmp_path, f"p{number:02}/index.html", "<script>count()</script>")
    with pytest.raises(PolicyError) as caught:
        protect(tmp_path)
    said, remedy = str(caught.value).split("\n")
    assert said.startswith("p00/index.html: unknown inline script 'count()'")
    assert said.endswith("(and on 49 more pages)")
    assert "mkdocs.yml" in remedy
    assert "generator/" not in remedy


def test_data_and_files_are_no_inline_scripts(tmp_path: Path) -> None:
    body = '<script type="application/json">{"a": 1}</script><script src="a.js"></script><p>a style = b</p>'
    page = write(tmp_path, "index.html", body)
    protect(tmp_path)
    assert "sha256" not in page.read_text(encoding="utf-8")


class _Links(HTMLParser):
    """Collects what a page loads, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and values.get("rel") in ("stylesheet", "icon"):
            self.loaded.append(values.get("href") or "")
        elif tag in ("script", "img"):
            self.loaded.append(values.get("src") or "")


def offline_build(site: Path) -> dict[str, Any]:
    match = re.search(r"const BUILD = (\{.*\});", (site / "offline.mjs").read_text(encoding="utf-8"))
    assert match
    build: dict[str, Any] = json.loads(match[1])
    return build


def kept(site: Path) -> list[str]:
    return [*offline_build(site)["files"]]


def test_what_is_kept_exists_and_is_all_that_a_page_with_a_form_loads(site: Path) -> None:
    files = kept(site)
    for name in files:
        path = site / name
        assert (path / "index.html" if path.is_dir() else path).is_file(), name
    pages = [name for name in files if name == "" or name.endswith("/")]
    assert len(pages) > 10
    for name in pages:
        links = _Links()
        links.feed((site / name / "index.html").read_text(encoding="utf-8"))
        for link in filter(None, links.loaded):
            assert (site / name / link).resolve().relative_to(site.resolve()).as_posix() in files, (name, link)


def test_what_is_kept_unpacked_is_known_by_its_hash(site: Path) -> None:
    packed = offline_build(site)["packed"]
    assert {re.sub(r"\W.*", "", Path(name).name) for name in packed} == {"wasm", "snapshot"}
    for name, integrity in packed.items():
        content = (site / name).read_bytes()
        assert gzip.decompress(content)
        assert base64.b64decode(integrity.removeprefix("sha256-")) == hashlib.sha256(content).digest()


def test_many_pages_do_not_fill_a_phone(tmp_path: Path) -> None:
    for number in range(50):
        write(tmp_path, f"p{number}/index.html", "<email-form>" + "x" * (PAGES_LIMIT // 10))
    write_offline(tmp_path, SOURCE, [])
    assert 5 < len(kept(tmp_path)) < 11


def test_every_page_is_kept_with_its_pictures_those_with_a_form_first(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a picture.png").write_bytes(b"x" * (PAGES_LIMIT // 4))
    (tmp_path / "assets" / "nobody shows it.png").write_bytes(b"x")
    picture = '<img alt="" src="../assets/a%20picture.png"><img src="https://elsewhere.example/b.png"><img src="../../c.png">'
    write(tmp_path, "a/index.html", "to read " + "x" * (PAGES_LIMIT // 2))
    write(tmp_path, "b/index.html", "to read, small " + picture)
    write(tmp_path, "z/index.html", "<email-form>" + "x" * (PAGES_LIMIT // 2))
    write_offline(tmp_path, SOURCE, [])
    assert kept(tmp_path) == ["z/", "b/", "assets/a picture.png"]


def test_a_small_site_is_kept_whole(site: Path) -> None:
    """All its pages together stay within the limit."""
    pages = {path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("index.html")}
    assert pages <= {*kept(site)}


def test_without_a_build_it_removes_itself(tmp_path: Path) -> None:
    write_offline(tmp_path, SOURCE, None)
    assert "const BUILD = /** @type {Build | null} */ (null);" in (tmp_path / "offline.mjs").read_text("utf-8")
