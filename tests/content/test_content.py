"""The content keeps its quality: every page and every email, those of a fork too.

What can be judged on one page alone is told by the check (``generator/pages/house.py``); the limits are data, in
``docs/_data/style.yml``. Here is what is about all pages together.
What is marked as ``original`` is house style that only the Follow-Up Kit itself has to keep.
"""

from __future__ import annotations

import html.parser
import json
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml

from generator.core.review import review
from generator.core.schedule import RULES, parse_send, schedule, window
from generator.core.template import Passage, Piece, Slot, Template, Text
from generator.pages.source import Email, read_content
from tests.content.conftest import SITE
from tests.tools import prose
from tests.tools.site import must_build

STYLE = prose.style()
PAGES = [page.relative_to(prose.DOCS).as_posix() for page in prose.pages()]
SITUATIONS = [page for page in PAGES if page.startswith("emails/") and page != "emails/index.md"]
original = pytest.mark.original
each_page = pytest.mark.parametrize("path", PAGES)
each_situation = pytest.mark.parametrize("path", SITUATIONS)
each_email = pytest.mark.parametrize("email", prose.filled(), ids=lambda email: email.name)


def text_of(page: str) -> str:
    return (prose.DOCS / page).read_text(encoding="utf-8-sig")


def emails_of(path: str) -> tuple[Email, ...]:
    emails = read_content(prose.DOCS, [prose.DOCS / path]).pages.get(f"docs/{path}", ())
    assert emails, f"{path}: a page in docs/emails/ holds an 'email' block"
    return emails


@original
@pytest.mark.long  # `make check` does the same
def test_the_content_keeps_its_house_rules() -> None:
    """Spelling, grammar, length and how easy a text is to read: what the check tells, and does not stop for."""
    command = [sys.executable, "-m", "generator", "check", "--strict"]
    result = subprocess.run(command, cwd=prose.ROOT, capture_output=True, text=True, check=False)
    assert (result.stderr, result.returncode) == ("", 0)
    assert "warning" not in result.stdout


# ---- pages ----


@original
@pytest.mark.parametrize("key", ["title", "description"])
def test_no_two_pages_share_a_title_or_a_description(key: str) -> None:
    found = defaultdict(list)
    for page in PAGES:
        found[prose.meta(prose.DOCS / page).get(key)].append(page)
    assert {value: pages for value, pages in found.items() if len(pages) > 1} == {}


# ---- emails ----


@original
@each_email
def test_a_filled_email_is_complete_and_has_its_length(email: prose.Filled) -> None:
    for text in (email.subject, email.body):
        assert not re.search(r"[\[\]]", text), f"{email.name}: a bracket is left in:\n{text}"
    assert "[" not in email.shortest
    least, most = email.template.words or (0, 10_000)
    for body in (email.body, email.shortest):
        count = len(body.split())
        assert least <= count <= most, f"{email.name}: {count} words, not {least} to {most}:\n{body}"


def slots(pieces: tuple[Piece, ...]) -> Iterator[Text | Slot]:
    for piece in pieces:
        yield from piece.pieces if isinstance(piece, Passage) else (piece,)


@original
@each_situation
def test_a_subject_of_each_page_has_the_writers_name(path: str) -> None:
    own = {key for key, field in prose.content().data.fields.items() if field.role == "own-name"}
    subjects = [piece for email in emails_of(path) for one in email.wordings for piece in slots(one.subject)]
    assert own & {piece.key for piece in subjects if isinstance(piece, Slot)}, (
        f"{path}: put the writer's name into the subject of one wording"
    )


def runs(template: Template, length: int) -> Iterator[str]:
    """Yield each run of so many words between the greeting and the close; nothing runs across a placeholder."""
    text = "".join(piece.text if isinstance(piece, Text) else "\0" for piece in slots(template.body))
    for sentence in re.split(r"\0|\n|[.?!:;](?=\s|$)", "\n".join(text.split("\n\n")[1:-1])):
        own = re.findall(r"[\w'’]+", sentence.lower())
        yield from (" ".join(own[at : at + length]) for at in range(len(own) - length + 1))


@original
def test_no_run_of_words_comes_back_everywhere() -> None:
    limit = STYLE["repeated"]
    if not limit["words"]:
        return
    found = defaultdict(set)
    for path in SITUATIONS:
        for email in emails_of(path):
            for template in email.wordings:
                for run in runs(template, limit["words"]):
                    found[run].add(path)
    assert {run: sorted(pages) for run, pages in found.items() if len(pages) > limit["pages"]} == {}


#: What the review tells of an email because of what that email is.
REMINDERS = {
    "docs/emails/accept.md:signed": {"attach-it"},
    "docs/emails/promised-material.md:attached": {"attach-it"},
    "docs/emails/linkedin-note.md:premium": {"over-free-limit"},
}


@original
@each_email
def test_a_filled_email_passes_its_own_review(email: prose.Filled) -> None:
    """As ``python -m generator review PAGE --example`` says it."""
    content = prose.content()
    shared = content.data.fields
    values = {one.key: one.example for one in email.email.fields(shared)} | (email.email.example or {})
    findings = review(
        email.template.fill(values),
        fields=[replace(one.described_by(shared.get(one.key)), example="") for one in email.template.fields],
        values=values,
        checks=content.data.checks,
        situation=content.situations[email.page],
        words=email.template.words,
        characters=email.template.characters,
    )
    praise = [one for one in findings if one.level == "good"]
    assert len(praise) <= 1
    reminders = REMINDERS.get(email.name, set())
    assert [one for one in findings if one not in praise and one.rule not in reminders] == []


@original
def test_every_placeholder_is_described_and_used() -> None:
    content = prose.content()
    shared = content.data.fields
    used = {
        field.key: f"{page}: [{field.name}]"
        for page, emails in content.pages.items()
        for email in emails
        for template in email.wordings
        for field in template.fields
    }
    lacking = [
        where
        for key, where in used.items()
        if key not in shared or not (shared[key].hint and shared[key].example)
    ]
    assert lacking == [], "add them to docs/_data/fields.yml, with a hint and an example"
    unused = [field.name for key, field in shared.items() if key not in used]
    assert unused == [], "docs/_data/fields.yml describes placeholders that no email has"


@original
@each_situation
def test_a_situation_page_has_its_parts(path: str) -> None:
    text = text_of(path)
    onward = re.findall(r"\]\(([^)#:]+\.md)", text.split(f"## {STYLE['sections'][-1]}")[1])
    assert len(set(onward)) >= 2, f"{path}: the last section links to fewer than two pages"


@each_situation
@original
def test_an_example_fills_every_placeholder_of_its_page(path: str) -> None:
    for email in emails_of(path):
        names = {field.key: field.name for template in email.wordings for field in template.fields}
        assert [name for key, name in names.items() if key not in (email.example or {})] == []


def test_the_content_has_no_problem() -> None:
    content = read_content(prose.DOCS, settings=prose.ROOT / "mkdocs.yml")
    assert [str(problem) for problem in content.problems] == []
    assert content.pages, "no page holds an 'email' block"


@each_email
def test_an_example_is_an_email_that_nothing_stops(email: prose.Filled) -> None:
    content = prose.content()
    fields = email.email.fields(content.data.fields)
    values = {field.key: field.example for field in fields} | (email.email.example or {})
    draft = email.template.fill(values)
    if email.email.example is None and draft.missing:
        pytest.skip("there is no example to fill it with")
    found = review(
        draft,
        fields=fields,
        values=values,
        checks=content.data.checks,
        situation=content.situations.get(email.page, ""),
        words=email.template.words,
    )
    assert [one.message for one in found if one.level == "blocks" and one.rule != "example-kept"] == []


def test_a_described_placeholder_says_what_to_type() -> None:
    """Who describes a placeholder in fields.yml says with an example and a hint what goes there."""
    file = prose.DOCS / "_data" / "fields.yml"
    own = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}) if file.is_file() else {}
    assert [name for name, described in own.items() if not (described and described.get("hint"))] == []


@original
@each_situation
def test_wordings_differ(path: str) -> None:
    for email in emails_of(path):
        own = [one for one in prose.filled() if one.page == f"docs/{path}" and one.email.name == email.name]
        openings = Counter("".join(one.body.split("\n\n")[1:2]) for one in own)
        assert max(openings.values()) == 1, f"{path}: two wordings begin alike"
        assert len({one.subject for one in own}) >= min(2, len(own)), f"{path}: all subjects are the same"


# ---- dates ----


@original
def test_the_emails_the_plan_and_the_guide_agree_on_when_to_ask() -> None:
    """One advice on three places: the line ``Send:``, the plan under the email and the page in the guide."""
    of_the_plan = {
        "emails/check-in-date-given.md": RULES.first_chase_promised,
        "emails/check-in.md": RULES.first_chase,
        "emails/second-check-in.md": RULES.second_chase,
        "emails/last-note.md": RULES.stop,
    }
    day = date(2026, 5, 5)
    for path, rule in of_the_plan.items():
        for email in emails_of(path):
            for template in email.wordings:
                assert window(parse_send(template.headers["Send"]), day) == window(rule, day), path
    said = text_of("guide/no-answer.md").split("**An example.**")[1].split("\n\n")[0]
    for promised in (date(2026, 5, 14), None):
        planned = [one.when for one in schedule(day, promised=promised) if one.kind != "send"]
        for when in planned if promised else (planned[0], planned[-1]):
            assert f"{when:%A, %B} {when.day}" in said, f"guide/no-answer.md: the plan says {when:%A, %B %d}"


# ---- ways to the pages ----


def nav() -> Any:
    class Loader(yaml.SafeLoader):
        """Reads the settings without their environment variables."""

    Loader.add_multi_constructor("!", lambda *_: None)
    text = (prose.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader).get("nav")


@original
def test_every_page_is_listed() -> None:
    if nav() is None:  # MkDocs lists all pages by itself
        return
    listed = set(re.findall(r"[\w./-]+\.md", json.dumps(nav())))
    listed |= {page for page in PAGES if prose.meta(prose.DOCS / page).get("moved")}
    in_groups = {one.page for one in prose.content().listed}
    assert [page for page in PAGES if page not in listed | in_groups] == [], "add them to 'nav' in mkdocs.yml"
    assert [page for page in SITUATIONS if page not in in_groups] == [], "give them a 'group' of _data/site.yml"


@original
def test_no_two_situations_are_told_in_the_same_words() -> None:
    for words in ("when", "line"):
        counted = Counter(getattr(one, words) for one in prose.content().listed)
        assert [text for text, count in counted.items() if count > 1] == []


# ---- sources ----


def addresses(text: str) -> set[str]:
    return set(re.findall(r"\]\((https?://[^)\s]+)\)", text))


@original
def test_every_source_is_on_the_list() -> None:
    if not STYLE["sources"]:
        return
    listed = addresses(text_of(STYLE["sources"]))
    cited = {
        address: page
        for page in PAGES
        if page.startswith(("docs/guide/", "docs/emails/", "guide/", "emails/")) and page != STYLE["sources"]
        for address in addresses(text_of(page))
    }
    assert {address: page for address, page in cited.items() if address not in listed} == {}
    assert listed - set(cited) == set(), "nothing cites these any more"
    for line in text_of(STYLE["sources"]).split("\n"):
        if addresses(line):
            assert re.search(r"\): \S", line), f"say what it is used for: {line}"


# ---- the built site ----


class _Html(html.parser.HTMLParser):
    """What a page links to, what can be linked to, and what its head says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.article: list[str] = []
        self.ids: set[str] = set()
        self.meta: dict[str, str] = {}
        self.canonical = ""
        self.data: list[Any] = []
        self._depth = 0
        self._json: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attributes}
        self.ids.update(got[name] for name in ("id", "name") if name in got)
        if tag == "article":
            self._depth += 1
        for name in ("href", "src"):
            if name in got:
                self.links.append(got[name])
        if tag == "a" and self._depth and "href" in got:
            self.article.append(got["href"])
        if tag == "meta":
            self.meta[got.get("property") or got.get("name", "")] = got.get("content", "")
        if tag == "link" and got.get("rel") == "canonical":
            self.canonical = got["href"]
        if tag == "script" and got.get("type") == "application/ld+json":
            self._json = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._depth -= 1
        if tag == "script" and self._json is not None:
            self.data.append(json.loads(self._json))
            self._json = None

    def handle_data(self, data: str) -> None:
        if self._json is not None:
            self._json += data


@pytest.fixture(scope="session")
def built(content_site: Path) -> dict[str, _Html]:
    """Read every page of the site, by its address."""
    found = {}
    for path in sorted(content_site.rglob("*.html")):
        address = path.relative_to(content_site).as_posix()
        found[address.removesuffix("index.html")] = _Html(path.read_text(encoding="utf-8"))
    return found


def address_of(page: str) -> str:
    plain = page.removesuffix(".md")
    return "" if plain == "index" else plain.removesuffix("index") if plain.endswith("/index") else f"{plain}/"


def test_no_link_is_dead(content_site: Path, built: dict[str, _Html]) -> None:
    dead = []
    for page, parsed in built.items():
        for link in parsed.links:
            target, _, anchor = urljoin(SITE + page, link).partition("#")
            if not target.startswith(SITE):
                continue
            address = unquote(urlsplit(target).path.removeprefix(urlsplit(SITE).path))
            file = content_site / address
            if not (file.is_file() or (file / "index.html").is_file()):
                dead.append(f"{page or 'home'}: {link}")
            elif anchor.startswith("__") or address not in built:  # Material's own switches
                continue
            elif anchor and unquote(anchor) not in built[address].ids:
                dead.append(f"{page or 'home'}: {link}: no such place on that page")
    assert dead == []


@original
@pytest.mark.long
def test_an_email_of_each_group_can_be_left_out_with_one_line(tmp_path: Path) -> None:
    """Nothing else has to be changed for it: what leads there becomes text, in a strict build too."""
    out = {one.group: one.page for one in reversed(prose.content().listed)}
    shutil.copytree(prose.DOCS, tmp_path / "docs")
    with (tmp_path / "docs" / "_data" / "site.yml").open("a", encoding="utf-8") as file:
        file.write(f"\nleave_out: {json.dumps([*out.values()])}\n")
    config = tmp_path / "mkdocs.yml"
    text = (prose.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)(?<= )generator(?=/|$)", f"{prose.ROOT.as_posix()}/generator", text)
    config.write_text(text, encoding="utf-8")
    content = read_content(tmp_path / "docs", settings=config)
    assert [str(problem) for problem in (*content.problems, *content.advice)] == []
    must_build(tmp_path / "built", config, SITE)
    pages = {path.relative_to(tmp_path / "built").as_posix() for path in (tmp_path / "built").rglob("*.html")}
    assert {f"{address_of(page)}index.html" for page in out.values()} & pages == set()
    for page in pages:
        found = [
            urljoin(SITE + page, link) for link in _Html((tmp_path / "built" / page).read_text("utf-8")).links
        ]
        assert {f"{SITE}{address_of(gone)}" for gone in out.values()} & {
            link.partition("#")[0] for link in found
        } == set()


@original
def test_every_email_is_two_presses_from_home(built: dict[str, _Html]) -> None:
    def leads_to(page: str) -> set[str]:
        links = {urljoin(SITE + page, link).partition("#")[0] for link in built[page].article}
        return {link.removeprefix(SITE) for link in links if link.startswith(SITE)}

    first = leads_to("")
    assert "emails/" in first
    reached = first.union(*(leads_to(page) for page in first if page in built))
    assert [page for page in SITUATIONS if address_of(page) not in reached] == []
    assert [page for page in SITUATIONS if address_of(page) not in leads_to("emails/")] == []


@original
@each_page
def test_a_page_tells_search_engines_what_it_is(path: str, content_site: Path, built: dict[str, _Html]) -> None:
    address = address_of(path)
    parsed, meta = built[address], prose.meta(prose.DOCS / path)
    assert parsed.canonical == SITE + address
    assert parsed.meta["description"] == meta["description"]
    assert parsed.meta["og:title"] == meta["title"]
    assert parsed.meta["og:description"] == meta["description"]
    assert parsed.meta["og:url"] == SITE + address
    assert f"<loc>{SITE}{address}</loc>" in (content_site / "sitemap.xml").read_text(encoding="utf-8")
    picture = parsed.meta.get("og:image")
    if picture:
        assert picture.startswith(SITE)
        assert (content_site / picture.removeprefix(SITE)).read_bytes().startswith(b"\x89PNG")
        assert parsed.meta["og:image:alt"]


@original
@each_page
def test_structured_data_says_what_the_page_says(path: str, built: dict[str, _Html]) -> None:
    parsed, meta = built[address_of(path)], prose.meta(prose.DOCS / path)
    for data in parsed.data:
        assert data["@context"] == "https://schema.org"
        if data["@type"] in ("Article", "HowTo"):
            assert data["headline" if data["@type"] == "Article" else "name"] == meta["title"]
            assert data["description"] == meta["description"]
            assert data["url"] == parsed.canonical
        if data["@type"] == "HowTo":
            assert len(data["step"]) == meta["how_to_steps"]
            for step in data["step"]:
                assert step["name"] in prose.plain(text_of(path))
                assert step["url"].partition("#")[2] in parsed.ids
    if path.startswith("guide/") and path != "guide/index.md":
        assert [data["@type"] for data in parsed.data] == ["HowTo" if "how_to_steps" in meta else "Article"]


@original
def test_the_search_knows_the_words_that_people_use(content_site: Path) -> None:
    index = json.loads((content_site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found: dict[str, str] = defaultdict(str)
    for entry in index["docs"]:
        page = entry["location"].partition("#")[0]
        found[page] += re.sub(
            r"<[^>]+>", " ", f" {entry['title']} {entry['text']} {entry.get('tags', '')}"
        ).lower()
    missing = [
        f"'{word}' on {page}"
        for word, pages in STYLE["search"].items()
        for page in pages
        if word.lower() not in found[address_of(page)]
    ]
    assert missing == []


@original
def test_the_whole_guide_is_kept_on_a_device(content_site: Path, built: dict[str, _Html]) -> None:
    """It is small: all its pages together stay within the limit."""
    match = re.search(r"const BUILD = (\{.*\});", (content_site / "offline.mjs").read_text(encoding="utf-8"))
    assert match
    kept = json.loads(match[1])["files"]
    assert {page for page in built if not page.endswith(".html")} <= {*kept}


@original
def test_home_shows_the_email_of_the_thank_you_page() -> None:
    home, page = (emails_of(path)[0] for path in ("index.md", "emails/thank-you.md"))
    assert home.wordings[0].body == page.wordings[0].body
