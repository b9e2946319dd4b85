"""What authors are told: about their pages, the shared data and a whole build."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from generator.core.handoff import LINKS
from generator.core.review import review
from generator.core.schedule import CALENDARS
from generator.core.template import Template
from generator.pages.data import read_data
from generator.pages.reference import HAND_OFFS, TABLES, render_reference
from generator.pages.source import read_content
from tests.tools.site import FORK_PAGES, ROOT, SITE, build, make_fork, site_data


def problems(tmp_path: Path, **files: str) -> list[str]:
    """Return the first lines of all problems of a content folder in which ``files`` differ from the kit's."""
    docs = tmp_path / "docs"
    (docs / "_data").mkdir(parents=True)
    for name, text in files.items():
        path = docs / name.replace("__", "/").replace("_yml", ".yml").replace("_md", ".md")
        path.write_text(text, encoding="utf-8")
    return [str(problem).split("\n")[0] for problem in read_content(docs).problems]


EMAIL = "```email\nSubject: To [Company]\n\nDear [Interviewer's Name]\n```\n"


def test_sound_content_has_no_problem() -> None:
    assert read_content(SITE / "docs").problems == []


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        a_md="# A\n\n" + EMAIL.replace("[Company]", "[Compny]"),
        b_md="---\ntitle: B\n---\n# B\n\n" + EMAIL.replace("Name]", "Name"),
    )
    assert said == [
        "docs/a.md:4:13: [Compny] is nearly [Company] — did you mean 'Company'? If not, add 'Compny:' to _data/fields.yml",
        "docs/b.md:9:6: this bracket is not closed — add the ']', or write '\\[' for a bracket in the text",
    ]


def test_a_placeholder_of_its_own_needs_no_entry(tmp_path: Path) -> None:
    assert problems(tmp_path, a_md=EMAIL.replace("[Company]", "[the color of the door]")) == []


def test_blocks_that_only_look_like_emails(tmp_path: Path) -> None:
    assert problems(tmp_path, a_md=f"````markdown\n{EMAIL}````\n\n~~~\n```email\n~~~\n") == []
    assert problems(tmp_path / "b", a_md="- a list\n\n    ```email\n    Subject: s\n\n    b\n    ```\n") == [
        "docs/a.md:3:1: an email block that is indented — begin it at the left margin of the page"
    ]
    assert problems(tmp_path / "c", a_md="```email\nSubject: s\n\nb\n") == [
        "docs/a.md:1:1: this block is not closed — end it with a line of its own: ```"
    ]


def test_wordings_and_examples(tmp_path: Path) -> None:
    named = EMAIL.replace("```email\n", "```email\nName: N\n")
    assert problems(tmp_path, a_md=named + "\n" + named) == [
        "docs/a.md:8:1: the wording '' of 'N' stands here twice — give each block of one name a 'Wording:' of its own"
    ]
    example = "```example\nCompny: x\nCompany: y\nno value\nCompany: z\n```\n"
    assert problems(tmp_path / "b", a_md=named + example) == [
        "docs/a.md:8:1: the email has no [Compny] — did you mean 'Company'?",
        "docs/a.md:10:1: this is no example value — write 'Placeholder: value'",
        "docs/a.md:11:1: 'Company' stands here twice — keep one of the two lines",
    ]
    assert problems(tmp_path / "c", a_md=example.replace("Compny: x\n", "")) == [
        "docs/a.md:1:1: an example without an email — put it under the email that it fills"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Company:\n  hnt: x\n", "docs/_data/fields.yml:2:3: unknown key 'hnt' — did you mean 'hint'?"),
        ("Company:\n  kind: nam\n", "docs/_data/fields.yml:2:9: 'nam' is no kind — did you mean 'name'?"),
        (
            "Company:\n  hint: 12\n",
            "docs/_data/fields.yml:2:9: 'hint' must be a text — put it in quotes: hint: \"12\"",
        ),
        (
            "Company:\n  hint: a\n  hint: b\n",
            "docs/_data/fields.yml:3:3: 'hint' stands here twice (first on line 2) — keep one of them",
        ),
        (
            "Company:\n  hint: a\nCompany:\n  hint: b\n",
            "docs/_data/fields.yml:3:1: 'Company' stands here twice (first on line 1) — keep one of them",
        ),
        (
            "Company:\n  required: maybe\n",
            "docs/_data/fields.yml:2:13: 'required' must be true or false — write 'required: true' or 'required: false'",
        ),
        (
            "Company:\n  words: many\n",
            "docs/_data/fields.yml:2:10: 'words' is not a range — write the least and the most: 'words: 4-25'",
        ),
        (
            "Company:\n  kind: choice\n",
            "docs/_data/fields.yml:1:1: 'Company' needs both or neither of 'kind: choice' and 'choices' — add the missing one",
        ),
        (
            "Company: x\n",
            "docs/_data/fields.yml:1:10: 'Company' is not a list of 'name: value' lines — write one 'name: value' a line",
        ),
        (
            "- a\n",
            "docs/_data/fields.yml:1:1: the file is not a list of 'name: value' lines — write one 'name: value' a line",
        ),
        (
            "Interviewer's Name:\n  hint: a\nInterviewer’s Name:\n  hint: b\n",
            "docs/_data/fields.yml:3:1: 'Interviewer’s Name' is the same field as 'Interviewer's Name' — keep one of them",
        ),
        (
            "Company_X:\n  hint: a\n",
            "docs/_data/fields.yml:1:1: 'Company_X' is no placeholder name — write it as between the brackets",
        ),
    ],
)
def test_mistakes_in_fields(tmp_path: Path, text: str, said: str) -> None:
    assert problems(tmp_path, _data__fields_yml=text) == [said]


def test_a_file_that_is_not_yaml(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, _data__fields_yml='Company:\n  hint: "open\n')
    assert said.startswith(
        "docs/_data/fields.yml:2:9: this is not YAML (found unexpected end of stream) — look for"
    )


def test_mistakes_in_words(tmp_path: Path) -> None:
    said = problems(tmp_path, _data__words_yml='copy_emial: Copy\nmissing_one: "Fill in: {nmae}"\n')
    assert said == [
        "docs/_data/words.yml:1:1: unknown key 'copy_emial' — did you mean 'copy_email'?",
        "docs/_data/words.yml:2:14: nothing fills in '{nmae}' here — did you mean '{name}'?",
        "docs/_data/words.yml:2:14: the text lacks '{name}' — put '{name}' where it belongs",
    ]


def test_a_site_that_says_nothing_says_it_in_english(tmp_path: Path) -> None:
    english = read_data(tmp_path / "docs" / "_data", tmp_path)
    assert english.problems == []
    assert english.words["copy_email"] == "Copy email"
    assert english.checks.rules["flattery"].level == "warns"
    assert english.fields["Company"].role == "company"


def test_what_a_site_says_is_laid_over_the_english_a_key_at_a_time(tmp_path: Path) -> None:
    files = {
        "words.yml": "copy_email: Take it\n",
        "fields.yml": "Company:\n  hint: Who asked you in.\nShift:\n  example: nights\n",
        "rules.yml": "limits:\n  subject: 50\nrules:\n  flattery:\n    level: tells\n  apology:\n    level: off\n"
        "  our-words:\n    level: warns\n    message: '“{words}”: we say it otherwise.'\n"
        "    phrases:\n      en: [human resources]\n",
        "phrases.yml": "en:\n  want: [miss]\nfr:\n  greeting: [bonjour]\n",
        "situations.yml": "walk-in:\n  words: 20-50\n  leave-out: [our-words]\n",
    }
    folder = tmp_path / "docs" / "_data"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    english, data = read_data(tmp_path / "none", tmp_path), read_data(folder, tmp_path)
    assert data.problems == []
    assert data.words == english.words | {"copy_email": "Take it"}
    assert data.fields["Company"] == replace(english.fields["Company"], hint="Who asked you in.")
    assert set(data.fields) - set(english.fields) == {"Shift"}
    checks, before = data.checks, english.checks
    assert checks.limits == {**before.limits, "subject": 50}
    assert checks.rules["flattery"] == replace(before.rules["flattery"], level="tells")
    assert set(before.rules) ^ set(checks.rules) == {"apology", "our-words"}
    assert checks.phrases["en"].lists["want"] == {"miss"}
    assert checks.phrases["en"].lists["titles"] == before.phrases["en"].lists["titles"]
    assert checks.phrases["fr"].lists == {"greeting": {"bonjour"}}
    template = Template.parse("Subject: x\n\nDear [Name], I work in [Shift].")
    values = {"Name": "Ana", "Shift": "human resources"}
    for situation, found in (("", ["our-words"]), ("walk-in", [])):
        findings = review(
            template.fill(values), fields=template.fields, values=values, checks=checks, situation=situation
        )
        assert [one.rule for one in findings if one.level == "warns" and one.rule != "too-short"] == found


def test_every_word_is_used() -> None:
    engine = ROOT / "generator"
    sources = [*engine.rglob("*.html"), *engine.rglob("*.mjs"), *engine.rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    built = (
        "failed_",
        "group_",
        "level_",
        "gets_",
        "allowed_",
        "plan.",
        "address.",
    )  # keys that code puts together
    words = read_data(ROOT / "nowhere", ROOT).words
    assert [key for key in words if key not in code and not key.startswith(built)] == []
    reached = re.compile(r"""["'](plan|address)\.[\w.]+["']""")
    named = {match[0][1:-1] for match in reached.finditer(code)}
    assert {name for name in named if not name.endswith((".mjs", ".css", ".html"))} <= set(words)


def test_a_strict_build_fails_with_every_mistake_and_writes_nothing(tmp_path: Path) -> None:
    pages = FORK_PAGES | {
        "two.md": "# Two\n\n" + EMAIL.replace("Subject", "Subjct"),
        "three.md": "---\ntitle: Three\n---\n\n" + EMAIL.replace("[Company]", "[]"),
    }
    result = build(tmp_path / "site", config=make_fork(tmp_path, pages))
    assert result.returncode == 1
    assert "docs/two.md:4:1: unknown header 'Subjct' — did you mean 'Subject'?" in result.stderr
    assert "docs/three.md:6:13: an empty placeholder" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "site").exists()


def test_the_table_of_hand_offs_has_every_button_that_hands_words_on() -> None:
    buttons = {
        word
        for path in sorted((ROOT / "generator" / "web").rglob("*.html"))
        for word in re.findall(
            r"data-(?:copy|file|link|share|print-email|plan-add|do=\"link\")[^>]*>\{\{ words\.(?:\w+ if note else words\.)?(\w+) \}\}",
            path.read_text(encoding="utf-8"),
        )
    }
    assert {"copy_email", "share", "download_all", "print", "plan_add", "copy_link"} <= buttons
    scripted = {*CALENDARS, "plan_next_add", "person_copy", "person_send"}
    assert {*buttons, *LINKS, *scripted} == {key for keys in HAND_OFFS for key in keys}
    table = render_reference("hand-offs: Button, Who", site_data())
    for key in {*buttons, *LINKS, *scripted}:
        assert f"<b>{site_data().words[key]}</b>" in table


def test_an_unknown_reference_table_is_a_mistake(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, a_md="# A\n\n```reference\nword: Key, Text\n```\n")
    assert said == "docs/a.md:4:1: there is no reference table 'word' — did you mean 'words'?"


@pytest.mark.parametrize("name", TABLES)
def test_every_reference_table_is_whole_and_safe(name: str) -> None:
    data = replace(site_data(), words=site_data().words | {"copy_email": "<script>"})
    table = render_reference(f"{name}: A, B, C", data)
    assert table.count("<tr>") > 3
    assert "<script>" not in table
