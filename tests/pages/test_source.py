"""What authors are told: about their pages, the shared data and a whole build."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.pages.data import INTERFACE, read_data
from generator.pages.source import read_content
from tests.tools.site import ENGLISH, FORK_PAGES, ROOT, build, lay_data, make_fork


def problems(tmp_path: Path, **files: str) -> list[str]:
    """Return the first lines of all problems of a content folder in which ``files`` differ from the kit's."""
    docs = tmp_path / "docs"
    lay_data(docs / "_data")
    for name, text in files.items():
        path = docs / name.replace("__", "/").replace("_yml", ".yml").replace("_md", ".md")
        path.write_text(text, encoding="utf-8")
    return [str(problem).split("\n")[0] for problem in read_content(docs).problems]


EMAIL = "```email\nSubject: To [Company]\n\nDear [Interviewer's Name]\n```\n"


def test_sound_content_has_no_problem(site_config: Path) -> None:
    assert read_content(site_config.parent / "docs").problems == []


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


def test_mistakes_in_interface(tmp_path: Path) -> None:
    text = (ENGLISH / "interface.yml").read_text(encoding="utf-8")
    text = text.replace("copy_email:", "copy_emial:").replace("Fill in: {name}", "Fill in: {nmae}")
    said = problems(tmp_path, _data__interface_yml=text)
    line = 1 + text[: text.index("copy_emial")].count("\n")
    fill = 1 + text[: text.index("{nmae}")].count("\n")
    assert said == [
        f"docs/_data/interface.yml:{line}:1: unknown key 'copy_emial' — did you mean 'copy_email'?",
        f"docs/_data/interface.yml:{fill}:14: nothing fills in '{{nmae}}' here — did you mean '{{name}}'?",
        f"docs/_data/interface.yml:{fill}:14: the text lacks '{{name}}' — put '{{name}}' where it belongs",
    ]


def test_a_text_that_the_engine_needs_and_the_file_lacks_is_named(tmp_path: Path) -> None:
    text = (ENGLISH / "interface.yml").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith(("copied_email:", "retry:"))]
    (said,) = problems(tmp_path, _data__interface_yml="\n".join(lines))
    assert "texts are missing: copied_email, retry — add a line" in said


def test_missing_data_files_are_named(tmp_path: Path) -> None:
    data = read_data(tmp_path / "docs" / "_data", tmp_path)
    assert [problem.path for problem in data.problems] == [
        "docs/_data/fields.yml",
        "docs/_data/interface.yml",
        "docs/_data/checks.yml",
    ]


def test_every_text_of_the_interface_is_used() -> None:
    engine = ROOT / "generator"
    sources = [*engine.rglob("*.html"), *engine.rglob("*.mjs")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    reasons = {key for key in INTERFACE if key.startswith(("failed_", "group_", "level_", "plan_"))}
    assert [key for key in INTERFACE if key not in code and key not in reasons] == []


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
