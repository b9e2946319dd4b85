"""What authors and forkers get wrong: one message each, with its place and its mend, and never a traceback."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.__main__ import main
from generator.core.problem import AROUND, Problem, listing
from generator.core.template import Template, TemplateError
from generator.pages.blocks import scan
from generator.pages.source import all_emails, read_content
from tests.tools.cases import CASES
from tests.tools.site import FORK_PAGES, ROOT, build, make_fork

MISTAKES = yaml.safe_load((CASES / "mistakes.yml").read_text(encoding="utf-8"))


def small_site(folder: Path) -> Path:
    """Write a sound site with one page; return its folder."""
    (folder / "docs" / "_data").mkdir(parents=True)
    (folder / "docs" / "a.md").write_text("# A\n\nText.\n", encoding="utf-8")
    return folder


def check(site: Path, capsys: pytest.CaptureFixture[str], *paths: str) -> list[str]:
    """Return the first line of each message of `check` about what is wrong."""
    code = main(["check", "--docs", str(site / "docs"), *paths])
    out, err = capsys.readouterr()
    said = [line for line in err.splitlines() if not line.startswith(("    ", "warning: "))]
    assert code == (1 if said else 0), err
    assert bool(out) is not bool(said)
    assert not said or said.pop().partition(",")[0] == f"{len(said)} problem(s)"
    return said


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: str(case["name"]))
def test_each_mistake_is_told_once_with_its_place(
    case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(tmp_path)
    for path, text in case.get("files", {}).items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    said = check(site, capsys)
    assert len(said) == len(case["said"]), said
    for message, expected in zip(said, case["said"], strict=True):
        assert re.match(r"(docs/\S+|mkdocs\.yml):\d+:\d+: \S.* — \S", message)
        assert expected in message


def test_what_stands_in_a_comment_is_no_email(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path)
    email = "```email\nName: {}\nSubject: s [{}]\n\nb\n```\n"
    page = (
        f"# A\n\n<!-- not yet\n\n{email.format('Hidden', '')}\n--> text <!-- more -->\n\n"
        f"Write `<!--` for a comment.\n\n{email.format('Shown', 'Company')}\n"
        f"```html\n<!--\n```\n\n{email.format('Also', 'Company')}"
    )
    (site / "docs" / "a.md").write_text(page, encoding="utf-8")
    assert check(site, capsys) == []
    content = read_content(site / "docs")
    assert [email.name for email in content.pages["docs/a.md"]] == ["Shown", "Also"]
    every = all_emails(content)
    assert every is not None
    assert {template.name for template in every.wordings} == {"Shown", "Also"}


@pytest.mark.parametrize(
    "page",
    [
        "# A\n\n````markdown\n```email\nSubject: s\n\n[]\n```\n````\n",
        "# A\n\n~~~\n```Email\n~~~\n",
        "# A\n\nWrite ```` ```email ```` at the margin, or `email`.\n",
        "# A\n\n````email\nSubject: s\n\nRun\n```\nmake\n```\n````\n",
        "# A\n\n```email\nSubject: s\n\nb\n```\nText at once.\n\n## B\n\n```\ncode\n```\n",
        "# A\n\n> ```yaml\n> a: 1\n\nText.\n",
        "# A\n\n```\nSubject: s\n\nDear Jordan\n```\n\n```text\nSubject: s\n\nDear [Name]\n```\n",
        "# A\n\n```elm\nSubject: s\n```\n\n```html\n<iframe src='https://a.example'></iframe>\n```\n",
        "# A\n\n[a link](https://a.example), <https://a.example>, <a href='https://a.example'>a</a>, `<iframe>`\n",
        "# A\n\nText.\n\n    <iframe src='https://a.example'></iframe>\n\n![own](a.png) ![](data:image/png;base64,AA)\n",
        "---\ntitle: A “title” or “two”\ndescription: '“Quoted”'\n---\n# A\n",
        "---\ntemplate: own.html\n---\n",
    ],
)
def test_what_is_no_mistake(page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path)
    (site / "docs" / "a.md").write_text(page, encoding="utf-8")
    assert check(site, capsys) == []


def test_ranges_of_words_have_one_grammar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for dash in ("-", "–", " - "):
        site = small_site(tmp_path / str(ord(dash[0])) / str(len(dash)))
        (site / "docs" / "a.md").write_text(
            f"```email\nSubject: s\nWords: 4{dash}25\n\n[Company]\n```\n", encoding="utf-8"
        )
        for name, text in (
            ("fields.yml", f"Company:\n  words: 4{dash}25\n"),
            ("situations.yml", f"a: {{words: 4{dash}25}}\n"),
        ):
            (site / "docs" / "_data" / name).write_text(text, encoding="utf-8")
        assert check(site, capsys) == []
        content = read_content(site / "docs")
        assert content.data.fields["Company"].words == (4, 25)
        assert content.pages["docs/a.md"][0].wordings[0].words == (4, 25)


def test_a_page_belongs_to_one_situation_wherever_it_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(tmp_path)
    (site / "docs" / "_data" / "situations.yml").write_text(
        "linkedin-note:\n  characters: 200-300\n", encoding="utf-8"
    )
    page = site / "docs" / "hello.md"
    page.write_text(
        "---\nsituation: linkedin-note\n---\n# A\n\n```email\nSubject: s\n\n[Company]\n```\n", encoding="utf-8"
    )
    content = read_content(site / "docs")
    assert content.situations["docs/hello.md"] == "linkedin-note"
    every = all_emails(content)
    assert every is not None
    assert every.situations == ("linkedin-note",)
    long = "x" * 310
    main(["review", str(page), "--docs", str(site / "docs"), "--set", f"Company={long}"])
    assert "The note has 310 characters" in capsys.readouterr().out


def test_only_the_settings_can_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path)
    (site / "mkdocs.yml").write_text("site_name: A\nsite_name: B\n", encoding="utf-8")
    (site / "docs" / "a.md").write_text("# A\n\n```Email\n```\n", encoding="utf-8")
    assert len(check(site, capsys)) == 2
    (said,) = check(site, capsys, str(site / "mkdocs.yml"))
    assert said.startswith("mkdocs.yml:2:1: 'site_name' stands here twice")


def test_pages_that_the_settings_leave_out_are_not_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(tmp_path)
    (site / "docs" / "later.md").write_text("", encoding="utf-8")
    (site / "docs" / ".hidden.md").write_text("", encoding="utf-8")
    assert len(check(site, capsys)) == 1
    (site / "mkdocs.yml").write_text("site_name: A\nexclude_docs: |\n  later.md\n", encoding="utf-8")
    assert check(site, capsys) == []


# ---- any bytes ----

FILES = (
    "mkdocs.yml",
    "docs/a.md",
    *(f"docs/_data/{name}.yml" for name in ("fields", "words", "rules", "phrases", "situations")),
)
BYTES = {
    "Latin-1": "site_name: Zürich\n".encode("latin-1"),
    "UTF-16": "site_name: Zürich\n".encode("utf-16"),
    "UTF-16 without a mark": "site_name: x\n".encode("utf-16-le"),
    "a null byte": b"a: \0\n",
    "many brackets": b"a: " + b"[" * 100_000,
    "a large number": b"a: " + b"9" * 5_000,
    "a tag": b"a: !!python/object/apply:os.system [x]\n",
}


# MkDocs reads such tags in its own file.
@pytest.mark.parametrize(
    ("path", "kind"), [(path, kind) for path in FILES for kind in BYTES if (path, kind) != (FILES[0], "a tag")]
)
def test_no_bytes_make_a_traceback(
    path: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(tmp_path)
    front, back = (b"---\n", b"\n---\n# A\n") if path == "docs/a.md" else (b"", b"")
    (site / path).write_bytes(front + BYTES[kind] + back)
    said = check(site, capsys)
    assert {message.split(":")[0] for message in said} == {path}
    assert len(said) == 1 or kind in ("a large number", "a tag")  # those have an unknown name, too
    assert max(map(len, said)) < 6_000


YAML_LIKE = st.lists(
    st.sampled_from([*"ab: \n-[]{}\"'&*!|>%@?,#<~0129\t“”", "\n  ", ": ", "- ", "```email\n", "Subject: s\n\n"])
).map("".join)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(FILES), content=st.binary(max_size=60) | YAML_LIKE.map(str.encode), front=st.booleans()
)
def test_whatever_stands_in_a_file_is_told_or_taken(
    path: str, content: bytes, front: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    if not site.exists():
        small_site(site)
    before = (site / path).read_bytes() if (site / path).exists() else None
    (site / path).write_bytes(b"---\n%b\n---\n# A\n" % content if front and path == "docs/a.md" else content)
    try:
        check(site, capsys)
    finally:
        if before is None:
            (site / path).unlink()
        else:
            (site / path).write_bytes(before)


@pytest.mark.long
def test_a_terminal_that_cannot_show_every_character_is_no_reason_to_fail(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    (site / "docs" / "a.md").write_text("```email\nSubject: [Łódź 🙂\n\n[Company]\n```\n", encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    docs = str(site / "docs")
    (site / "docs" / "b.md").write_text("```email\nSubject: Łódź\n\n[Company]\n```\n", encoding="utf-8")
    for arguments, code in (
        (["check"], 1),
        (["fill", f"{docs}/b.md"], 0),
        (["fill", f"{docs}/b.md", "--json"], 0),
    ):
        result = subprocess.run(
            [sys.executable, "-m", "generator", *arguments, "--docs", docs],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=False,
        )
        assert result.returncode == code, result.stderr
        assert b"Traceback" not in result.stderr
    assert rb"\u0141\u00f3d\u017a" in result.stdout


# ---- one slip, many problems ----


def test_a_long_line_is_quoted_around_the_place() -> None:
    line = "a" * 500 + "[" + "b" * 500
    _, quoted, caret = str(Problem("p", 1, 501, "w", "m", line)).split("\n")
    assert len(quoted) < AROUND + 10
    assert quoted[caret.index("^")] == "["
    assert quoted.strip().startswith("…")
    assert quoted.endswith("…")


def test_thousands_of_problems_are_listed_with_the_first_and_the_number_of_the_others() -> None:
    text = "Subject: s\n\n" + "[ ] " * 16_000
    with pytest.raises(TemplateError) as raised:
        Template.parse(text)
    assert len(raised.value.problems) == 16_000
    assert len(str(raised.value)) < 10_000
    said = listing(raised.value.problems)
    assert len(said) == 4
    assert said[-1] == "<template>: 15997 more like these — mend those above first"
    lines = [Problem("p", number, 1, "w", "m") for number in range(200)]
    assert len(listing(lines)) == 21
    files = [Problem(f"p{number}", 1, 1, "w", "m") for number in range(200)]
    assert len(listing(files)) < 125


def test_a_header_of_many_spaces_is_read_at_once() -> None:
    # A pattern that tried each run of spaces from each of its spaces took seconds for this, and this is 100 times it.
    with pytest.raises(TemplateError, match="this is not a header line"):
        Template.parse("a" + " " * 4_000_000 + "\nSubject: s\n\nb")
    template = Template.parse("Subject " + " " * 4_000_000 + ": s\n\nb")
    assert template.headers["Subject"] == "s"


def test_many_fences_are_read_in_one_pass() -> None:
    for line in ("```yaml", "```email", "> ```yaml", "<!--", "``email", "- ```email", "`" * 9):
        page = scan([line] * 10_000)
        assert len(page.prose) == 10_000


def test_control_characters_of_a_file_do_not_reach_the_terminal() -> None:
    said = str(Problem("p", 1, 3, "the name '\x1b[2J\n'", "m", "a\x1b[2J\rb"))
    assert "\x1b" not in said
    assert said.count("\n") == 2


# ---- a build ----


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (
            "two.md",
            FORK_PAGES["two.md"].replace("```\n\nText", "\nText"),
            "docs/two.md:3:1: this block is not closed",
        ),
        (
            "../mkdocs.yml",
            "primary: turquoise",
            "mkdocs.yml:LINE:16: 'turquoise' is no primary color of the theme",
        ),
        *(
            pytest.param(*one, marks=pytest.mark.long)
            for one in (
                (
                    "two.md",
                    '---\ntitle: "B\n---\n' + FORK_PAGES["two.md"],
                    "docs/two.md:2:8: this is not YAML",
                ),
                (
                    "two.md",
                    "# B\n\n<iframe src='https://a.example'></iframe>\n",
                    "docs/two.md:3:1: a frame (<iframe>)",
                ),
                ("../mkdocs.yml", "language: xx", "mkdocs.yml:LINE:13: 'xx' is no language of the theme"),
                ("../mkdocs.yml", "icon: material/nope", "is no icon"),
            )
        ),
    ],
)
def test_a_strict_build_says_so_too_and_publishes_nothing(
    path: str, text: str, said: str, tmp_path: Path
) -> None:
    config = make_fork(tmp_path)
    file = tmp_path / "docs" / path
    if path.endswith(".yml"):
        key = text.partition(":")[0]
        whole = file.read_text(encoding="utf-8")
        match = re.search(rf"(?m)^ +({key}: \S.*)", whole)
        assert match
        said = said.replace("LINE", str(1 + whole.count("\n", 0, match.start(1))))
        text = whole[: match.start(1)] + text + whole[match.end(1) :]
        said = said.replace("is no icon", "there is no icon 'material/nope'")
    file.write_text(text, encoding="utf-8")
    result = build(tmp_path / "site", config=config)
    assert result.returncode == 1
    assert said in result.stderr
    assert "1 problem(s) in the content" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "site").exists()


def test_a_dead_link_stops_a_strict_build(tmp_path: Path) -> None:
    pages = FORK_PAGES | {"index.md": "# A\n\n[there](nowhere.md)\n"}
    result = build(tmp_path / "site", config=make_fork(tmp_path, pages))
    assert result.returncode == 1
    assert "nowhere.md" in result.stderr


def test_a_build_leaves_out_comments_and_knows_the_situation_of_a_page(tmp_path: Path) -> None:
    email = "```email\nName: {}\nSubject: To [Company]\n\nb\n```\n"
    pages = FORK_PAGES | {
        "all.md": "# All\n\n```emails\n```\n",
        "note.md": "---\nsituation: linkedin-note\n---\n# Note\n\n" + email.format("Shown"),
        "two.md": "# Two\n\n<!--\n" + email.format("Concealed") + "-->\n",
    }
    result = build(tmp_path / "site", config=make_fork(tmp_path, pages))
    assert result.returncode == 0, result.stderr
    site = tmp_path / "site"
    for path in ("note", "all"):
        page = html.unescape((site / path / "index.html").read_text(encoding="utf-8"))
        assert '"situation":"linkedin-note"' in page
        assert "Concealed" not in page
    assert "Concealed" not in (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "<email-form" not in (site / "two" / "index.html").read_text(encoding="utf-8")


def test_an_address_that_is_not_set_is_told_and_is_no_warning(tmp_path: Path) -> None:
    result = build(tmp_path / "site", config=make_fork(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "The site has no address yet (SITE_URL)" in result.stderr
    result = build(tmp_path / "site", config=tmp_path / "mkdocs.yml", address="https://a.example/")
    assert "SITE_URL" not in result.stderr


def test_nobody_builds_strictly_and_quietly() -> None:
    """MkDocs counts the warnings that it logs, and with --quiet it logs none."""
    paths = [ROOT / "Makefile", *(ROOT / ".github").rglob("*.yml"), *(ROOT / ".ci").iterdir()]
    paths += [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        for call in re.findall(r"mkdocs[\"',\s]+build[^\]\n]*", text):
            assert not ("--strict" in call and re.search(r"--quiet|\s-q\b|\"-q\"", call)), path
