"""What the check calls wrong, what it only warns of, and the house rules, which a site has where it wants them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.__main__ import main
from tests.tools.site import FORK_PAGES, ROOT, build, make_fork

HARD = "Notwithstanding considerable organizational complexities, interdisciplinary collaboration necessitates extraordinarily comprehensive documentation of administrative responsibilities everywhere."
PAGE = f"""---
title: A
description: Short.
group: waiting
when: They wait
---
# A

{HARD}

We delve into it. Here is a [source](https://numbers.zipdo.example/a). A mispeling.

```email
Name: Wait
Subject: An email with a subject that is longer than most [Position] subjects are, by [Your Name]

Dear [Company], we delve.
```
"""
STYLE = """site: Our House
description: {least: 20, most: 155}
reading_ease: 65
length: {"a": 20}
avoid: [delve]
subject: 60
long_title: 40
long_name: 18
wordings: 2
sections: [What to say]
never_cite: [zipdo.example]
grammar:
  dialect: american
"""
FOUND = [
    "docs/a.md:1:1: 'Wait' has 1 wording, not 2 — ",
    "docs/a.md:1:1: its email has no filled example — ",
    "docs/a.md:1:1: its reading ease is ",
    "docs/a.md:1:1: its sections are not those of this house — have these: What to say",
    "docs/a.md:1:1: the page has 25 words, and 20 are the most — ",
    "docs/a.md:3:14: the description has 6 characters — write 20 to 155",
    "docs/a.md:11:1: 'delve' is a word that this house avoids — ",
    "docs/a.md:11:38: 'numbers.zipdo.example' is not to be cited — ",
    "docs/a.md:11:74: 'mispeling' in “",
    "docs/a.md:13:1: 'delve' is a word that this house avoids — ",
    "docs/a.md:13:1: its subject has ",
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    data = tmp_path / "docs" / "_data"
    data.mkdir(parents=True)
    (data / "style.yml").write_text(STYLE, encoding="utf-8")
    (data / "site.yml").write_text("questions:\n  I wait:\n    waiting: Waiting\n", encoding="utf-8")
    (tmp_path / "docs" / "a.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Our House\n", encoding="utf-8")
    return tmp_path


def warnings(site: Path, capsys: pytest.CaptureFixture[str], *more: str, code: int = 0) -> list[str]:
    """Return the first line of each message of the check."""
    assert main(["check", "--docs", str(site / "docs"), *more]) == code
    return [line for line in capsys.readouterr().err.splitlines() if not line.startswith("    ")]


def test_house_rules_are_told_and_stop_nobody(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = warnings(site, capsys)
    assert len(said) == len(FOUND), said
    for one, expected in zip(said, FOUND, strict=True):
        assert one.startswith(f"warning: {expected}")
    assert len(warnings(site, capsys, str(site / "docs" / "a.md"))) == len(FOUND)


def test_who_asks_for_it_is_stopped_by_them(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = warnings(site, capsys, "--strict", code=1)
    assert said.pop() == f"{len(FOUND)} problem(s)"
    assert [one.startswith(expected) for one, expected in zip(said, FOUND, strict=True)] == [True] * len(FOUND)


def test_house_rules_rest_on_another_site_until_it_says_otherwise(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "mkdocs.yml").write_text("site_name: Another\n", encoding="utf-8")
    assert warnings(site, capsys) == []
    assert warnings(site, capsys, "--strict") == []
    data = site / "docs" / "_data" / "site.yml"
    said = data.read_text(encoding="utf-8")
    data.write_text(f"{said}house_rules: true\n", encoding="utf-8")
    assert len(warnings(site, capsys)) == len(FOUND)
    (site / "mkdocs.yml").write_text("site_name: Our House\n", encoding="utf-8")
    data.write_text(f"{said}house_rules: false\n", encoding="utf-8")
    assert warnings(site, capsys) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('avoid: "x', ":2:8: this is not YAML"),
        ("avoids: []", ":2:1: unknown key 'avoids' — did you mean 'avoid'?"),
        ("avoid: delve", ":2:8: 'avoid' must be a list of texts — "),
        ("avoid: [1]", ":2:9: this must be a text — "),
        ("reading_ease: much", ":2:15: 'reading_ease' must be a whole number — "),
        ("description: 70", ":2:14: 'description' must be a list of 'name: value' lines — "),
        ("description: {lest: 70}", ":2:15: unknown key 'lest' — did you mean 'least'?"),
        ("length: {guide/: long}", ":2:18: this must be a whole number — "),
        ("characters: {a.md: 300}", ":2:20: this must be a list of 'name: value' lines — "),
        ("grammar: {dialect: amercan}", ":2:20: 'amercan' is no dialect — did you mean 'american'?"),
        ("grammar: {dialect: american, rules_off: {Spelcheck: no reason}}", "has no rule 'Spelcheck' — did you mean 'SpellCheck'?"),
    ],
)  # fmt: skip
def test_house_rules_that_nobody_can_read_are_wrong(
    text: str, said: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "docs" / "_data" / "style.yml").write_text(f"site: Our House\n{text}\n", encoding="utf-8")
    (*found, count) = warnings(site, capsys, code=1)
    assert count.partition(",")[0] == "1 problem(s)"
    assert said in found[0]


def test_a_page_that_is_left_out_has_no_house_to_please(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs" / "b.md").write_text("# B\n\nPlain words.\n", encoding="utf-8")
    with (site / "docs" / "_data" / "site.yml").open("a", encoding="utf-8") as file:
        file.write("leave_out: [a.md]\n")
    assert {one.split(":")[1].strip() for one in warnings(site, capsys)} == {"docs/b.md"}


def test_in_a_workflow_each_message_stands_at_its_line(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (site / "docs" / "b,100%.md").write_text("# B\n\n[there](nowhere.md)\n", encoding="utf-8")
    said = warnings(site, capsys, code=1)
    assert said[0] == (
        "::error file=docs/b%2C100%25.md,line=3,col=9::docs/b,100%25.md:3:9: there is no page 'nowhere.md' — "
        "link to another page, or take the link out%0A    [there](nowhere.md)%0A            ^"
    )
    assert said[1].startswith("::warning file=docs/a.md,line=1,col=1::docs/a.md:1:1: ")
    assert said[-1].startswith("1 problem(s), ")


@pytest.mark.long
def test_a_placeholder_that_nobody_describes_is_only_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = FORK_PAGES | {
        "two.md": FORK_PAGES["two.md"].replace("Hello", "Hello from [the room of the talk] in")
    }
    config = make_fork(tmp_path, pages)
    (said,) = warnings(tmp_path, capsys)
    assert said == (
        "warning: docs/two.md:16:12: [the room of the talk] is described nowhere, so its question has no hint"
        " — add 'the room of the talk:' to _data/fields.yml, with a hint and an example"
    )
    assert len(warnings(tmp_path, capsys, "--strict")) == 1
    assert build(tmp_path / "site", config=config).returncode == 0


def test_a_role_without_an_email_is_only_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever deletes a page leaves its questions behind."""
    make_fork(tmp_path)
    fields = tmp_path / "docs" / "_data" / "fields.yml"
    fields.write_text("day of the move:\n  role: detail\n", encoding="utf-8")
    (said,) = warnings(tmp_path, capsys)
    assert "docs/_data/fields.yml:1:1: no email has [day of the move], whose role is 'detail'" in said


def test_what_is_published_is_held_to_the_same_check() -> None:
    """The workflow builds with `make build`, which begins with the check, and stops only for what is wrong."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    build_lines = text.partition("\nbuild-mkdocs:")[2].partition("\n\n")[0].splitlines()
    assert build_lines[1].strip() == "$(BIN)/python -m generator check"
    assert "run: make build" in (ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
