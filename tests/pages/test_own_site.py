"""What a site of one's own says otherwise, in its data and its pages alone: each change, made on a small site, and built.

Nothing else of the site is touched but what the guide for forks says.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest

from generator.__main__ import main
from generator.pages.data import read_data
from generator.pages.publisher import PUBLISHER, footer
from tests.tools.site import ROOT, SITE, build

ADDRESS = "https://careers.example/kit/"
NEW = """---
title: After a second visit
description: An email for those who were shown around once more.
group: talked
place: 15
when: They showed me around
line: thanks for a tour.
---
# After a second visit

```email
Subject: Thank you, from [Your Name]

Dear [Interviewer's Name],

Thank you for the tour of [Company].
```
"""


class Own:
    """A copy of the small site."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.docs, self.site = folder, folder / "docs", folder / "site"
        shutil.copytree(SITE / "docs", self.docs)
        self.config = folder / "mkdocs.yml"
        text = (SITE / "mkdocs.yml").read_text(encoding="utf-8")
        self.config.write_text(
            text.replace("../../generator/", f"{ROOT.as_posix()}/generator/"), encoding="utf-8"
        )

    def say(self, text: str) -> None:
        """Add lines to the site's data."""
        with (self.docs / "_data" / "site.yml").open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    def change(self, page: str, change: Callable[[str], str]) -> None:
        path = self.docs / page
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    def problems(self, capsys: pytest.CaptureFixture[str]) -> list[str]:
        main(["check", "--docs", str(self.docs)])
        return [line for line in capsys.readouterr().err.splitlines() if re.match(r"\S+:\d+:\d+: ", line)]

    def publish(self) -> dict[str, str]:
        """Build the site strictly; return its pages by their addresses."""
        result = build(self.site, config=self.config, address=ADDRESS)
        assert result.returncode == 0, result.stderr
        assert "WARNING" not in result.stderr
        pages = {path.relative_to(self.site).as_posix(): path for path in sorted(self.site.rglob("*.html"))}
        return {name.removesuffix("index.html"): path.read_text("utf-8") for name, path in pages.items()}

    def texts(self) -> str:
        """Return all that the site publishes as text beside its pages, but the engine."""
        names = ("search/search_index.json", "sitemap.xml", "offline.mjs", "manifest.webmanifest")
        return "".join((self.site / name).read_text(encoding="utf-8") for name in names)


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path)


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def dead(pages: dict[str, str]) -> list[str]:
    """Return each link of a page to a page or a place that is not there."""
    found = []
    for name, page in pages.items():
        for link in _Links(page).found:
            target, _, anchor = urljoin(ADDRESS + name, link).partition("#")
            if not target.startswith(ADDRESS) or target.endswith(".txt"):
                continue
            there = pages.get(unquote(target.removeprefix(ADDRESS)))
            if there is None or (anchor and f'id="{unquote(anchor)}"' not in there):
                found.append(f"{name}: {link}")
    return found


def test_what_is_left_out_is_nowhere_and_stays_in_the_folder(
    own: Own, capsys: pytest.CaptureFixture[str]
) -> None:
    own.say("leave_out: [check-in, panel, guide/why.md]")
    # A mistake of upstream's in a page that nobody publishes stops nobody.
    own.change("emails/panel.md", lambda text: text.replace("Subject:", "Subjekt:") + "\n[there](nowhere.md)\n")
    own.change(
        "guide/index.md",
        lambda text: (
            text + "\nSee [a *panel*](../emails/panel.md#the-form 'x'), [this][1] and"
            " [the wait](../emails/index.md#no-answer).\n\n- [Only a link](../emails/check-in.md)\n\n"
            "[1]: ../emails/check-in.md\n"
        ),
    )
    own.change("old.md", lambda text: text.replace("moved: emails/index.md", "moved: emails/check-in.md"))
    assert own.problems(capsys) == []
    pages = own.publish()
    assert dead(pages) == []
    gone = ("emails/check-in/", "emails/panel/", "guide/why/", "old/")
    assert not {*gone} & {*pages}
    for text in (*pages.values(), own.texts()):
        assert not [name for name in gone if f"{name.rstrip('/')}/" in text or f'"{name}' in text]
    guide = pages["guide/"]
    assert "See <span>a <em>panel</em></span>, <span>this</span> and <span>the wait</span>." in guide
    assert "<li><span>Only a link</span></li>" in guide
    for page in (pages[""], pages["404.html"]):  # the ways
        assert "No answer" not in page.partition("<main")[2]
        assert "Say thanks" in page
    chooser = pages["emails/"].partition("<main")[2]
    assert "I met one person" in chooser
    assert "I met several people" not in chooser
    assert "<summary>I wait</summary>" not in chooser
    # All emails in one form, too.
    assert "Ask for news" not in pages["write/"]
    assert "Thanks to a panel" not in pages["write/"]


def test_a_page_that_is_named_is_checked_although_it_is_left_out(
    own: Own, capsys: pytest.CaptureFixture[str]
) -> None:
    own.say("leave_out: [panel]")
    own.change("emails/panel.md", lambda text: text.replace("Subject:", "Subjekt:"))
    assert main(["check", "--docs", str(own.docs), str(own.docs / "emails" / "panel.md")]) == 1
    assert "unknown header 'Subjekt'" in capsys.readouterr().err


@pytest.mark.long
def test_a_situation_that_is_deleted_leaves_nothing_to_change_but_its_links(
    own: Own, capsys: pytest.CaptureFixture[str]
) -> None:
    (own.docs / "emails" / "check-in.md").unlink()
    said = own.problems(capsys)
    assert [one.partition(":")[0] for one in said] == [
        "docs/_data/site.yml",
        "docs/emails/index.md",
        "docs/emails/thank-you.md",
    ]
    for one in said:
        assert "there is no page 'emails/check-in.md' — " in one
        path, line, column, *_ = one.split(":")
        text = (own.folder / path).read_text(encoding="utf-8").split("\n")[int(line) - 1]
        assert re.match(r"(emails/)?check-in\.md", text[int(column) - 1 :]), one
        own.change(path.removeprefix("docs/"), without_links_to_check_in)
    assert own.problems(capsys) == []
    assert dead(own.publish()) == []


def without_links_to_check_in(text: str) -> str:
    """Do what the check asks for: links become text, and a way goes."""
    return re.sub(r"  No answer: .*\n", "", re.sub(r"\[([^\]]+)\]\([^)]*check-in\.md\)", r"\1", text))


def test_a_situation_that_is_added_is_one_file(own: Own, capsys: pytest.CaptureFixture[str]) -> None:
    (own.docs / "emails" / "second-visit.md").write_text(NEW, encoding="utf-8")
    assert own.problems(capsys) == []
    pages = own.publish()
    assert dead(pages) == []
    assert 'href="second-visit/">They showed me around</a>' in pages["emails/"]
    assert own.texts().count("emails/second-visit/") >= 3
    order = [
        pages["emails/"].index(f">{words}</a>")
        for words in ("I met one person", "They showed me around", "I want to write into a box")
    ]
    assert order == sorted(order)


def test_a_situation_that_is_renamed_is_one_file_and_one_line(
    own: Own, capsys: pytest.CaptureFixture[str]
) -> None:
    (own.docs / "emails" / "linkedin-note.md").rename(own.docs / "emails" / "box-note.md")
    own.change(
        "emails/box-note.md", lambda text: text.replace("---\n", "---\nformerly: emails/linkedin-note.md\n", 1)
    )
    own.change(
        "guide/index.md", lambda text: text + "\n[the note](../emails/linkedin-note.md#a-note-for-a-box)\n"
    )
    (own.docs / "emails" / "panel.md").rename(own.docs / "emails" / "several.md")
    own.change("emails/several.md", lambda text: text.replace("---\n", "---\nformerly: emails/panel.md\n", 1))
    assert own.problems(capsys) == []
    pages = own.publish()
    assert 'href="../emails/several/"' in pages["guide/"] or 'href="several/"' in pages["emails/"]
    assert '"situation": "linkedin-note"' in pages["emails/box-note/"].replace("&#34;", '"').replace(
        '":"', '": "'
    )
    old = pages["emails/panel/"]
    assert '<noscript><meta http-equiv="refresh" content="0; url=../../emails/several/"></noscript>' in old
    assert 'name="robots" content="noindex"' in old
    assert '<a href="../several/">Go on to its new address</a>' in old
    names = json.loads(re.search(r'data-emails="([^"]*)"', old)[1].replace("&#34;", '"'))  # type: ignore[index]
    assert {name: address for name, address in names if name in ("panel", "several")} == {
        "panel": "../../emails/several/",
        "several": "../../emails/several/",
    }
    assert "This page has moved" not in (own.site / "search" / "search_index.json").read_text(encoding="utf-8")


def test_a_page_of_one_s_own_takes_the_place_of_one_that_is_left_out(
    own: Own, capsys: pytest.CaptureFixture[str]
) -> None:
    own.say("leave_out: [check-in]")
    (own.docs / "emails" / "our-check-in.md").write_text(
        NEW.replace("---\n", "---\nformerly: emails/check-in.md\n", 1), encoding="utf-8"
    )
    assert own.problems(capsys) == []
    pages = own.publish()
    assert dead(pages) == []
    assert 'href="emails/our-check-in/">No answer</a>' in pages[""]
    assert "url=../../emails/our-check-in/" in pages["emails/check-in/"]


def test_who_publishes_a_site_stands_on_each_page_and_on_the_privacy_page(own: Own) -> None:
    own.say(
        "organization: Test <Office> of A*B* College\ncontact: careers@college.example\n"
        'privacy: "See [our rules](https://college.example/rules)."\n'
        "credits:\n  The kit, changed: https://kit.example/\n"
    )
    pages = own.publish()
    for name, page in pages.items():
        foot = page.partition('class="md-copyright"')[2]
        if name != "offline.html":
            assert "Published by Test &lt;Office&gt; of A*B* College" in foot
            assert '<a href="mailto:careers@college.example">careers@college.example</a>' in foot
            assert '<a href="https://kit.example/">The kit, changed</a>' in foot
    privacy = pages["privacy/"]
    assert "<p>Test &lt;Office&gt; of A*B* College publishes this copy and answers for it.</p>" in privacy
    assert (
        '<p>For questions: <a href="mailto:careers@college.example">careers@college.example</a>.</p>' in privacy
    )
    assert '<a href="https://college.example/rules">our rules</a>' in privacy
    assert "The pages load nothing from other sites" in privacy


def test_a_site_that_says_nothing_of_itself_says_nothing(fork_site: Path) -> None:
    assert "Published by" not in (fork_site / "index.html").read_text(encoding="utf-8")


def test_a_contact_may_be_a_page(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text("contact: https://college.example/careers\n", encoding="utf-8")
    data = read_data(tmp_path, tmp_path)
    assert footer(data, "Own line") == 'Own line · <a href="https://college.example/careers">Contact</a>'
    assert "[college.example/careers](<https://college.example/careers>)" in "".join(
        PUBLISHER["publisher"](data)
    )


def test_what_is_allowed_is_let_in_and_the_privacy_page_says_so(
    own: Own, capsys: pytest.CaptureFixture[str]
) -> None:
    own.say(
        "allow:\n  frames: [www.Video.example]\n  pictures: [pictures.example]\n  analytics: [count.example]\n"
    )
    own.config.write_text(
        own.config.read_text("utf-8") + "extra_javascript:\n  - https://count.example/c.js\n", "utf-8"
    )
    frame = '<iframe title="A film" src="https://www.video.example/1"></iframe>'
    own.change(
        "guide/index.md", lambda text: text + f"\n{frame}\n\n![A picture](https://pictures.example/a.png)\n"
    )
    assert own.problems(capsys) == []
    pages = own.publish()
    assert frame in pages["guide/"]
    assert '<script src="https://count.example/c.js"></script>' in pages["guide/"]
    for page in pages.values():
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
        assert "frame-src https://www.video.example;" in policy
        assert "connect-src 'self' https://count.example;" in policy
    privacy = pages["privacy/"]
    assert "The pages load nothing from other sites" not in privacy
    for words in (
        "Frames from <code>www.video.example</code>",
        "Pictures from <code>pictures.example</code>",
        "A counter from <code>count.example</code>",
    ):
        assert words in privacy


def test_who_tells_nobody_who_publishes_a_site_is_advised(own: Own, capsys: pytest.CaptureFixture[str]) -> None:
    own.say("organization: A college")
    own.change("privacy.md", lambda text: text.replace("```publisher\n```\n", ""))
    assert main(["check", "--docs", str(own.docs)]) == 0
    assert (
        "no page tells people what 'organization' says — put the block 'publisher' on the privacy page"
        in capsys.readouterr().err
    )


@pytest.mark.long
def test_no_page_leads_to_a_form_for_drafts_that_is_left_out(
    own: Own, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "kit-check-link" in own.publish()["emails/thank-you/"]
    own.say("leave_out: [check.md]")
    assert own.problems(capsys) == []
    pages = own.publish()
    assert "check/" not in pages
    assert dead(pages) == []
    assert not [name for name, page in pages.items() if "kit-check-link" in page]
