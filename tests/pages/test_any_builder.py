"""What comes before a builder and what comes after it, without a builder that knows of either."""

from __future__ import annotations

import filecmp
import re
import shutil
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.pages.builder import builder_settings, read_settings
from generator.pages.prepare import BUILDER_SETTINGS, CACHE
from tests.tools.builders import copy_site, leave_out_and_rename
from tests.tools.site import build

ADDRESS = "https://kit.example/site/"
#: Differs with the folder that a site is built from, or with the time.
OWN = ("sitemap.xml.gz",)


def prepare(folder: Path) -> int:
    return main(["prepare", "-f", str(folder / "mkdocs.yml")])


def finish(folder: Path, site: str = "site") -> int:
    return main(["finish", str(folder / site), "-f", str(folder / "mkdocs.yml")])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test site, to be built in a folder of its own."""
    monkeypatch.setenv("SITE_URL", ADDRESS)
    return copy_site(tmp_path / "own")


@pytest.fixture
def built(folder: Path) -> Path:
    """The same, prepared and built by a builder that runs no hook."""
    assert prepare(folder) == 0
    result = build(folder / "site", config=folder / BUILDER_SETTINGS, address=ADDRESS)
    assert result.returncode == 0, result.stderr
    return folder


def differences(compared: filecmp.dircmp[str]) -> list[str]:
    """Return the names of all files that are not the same in two folders."""
    return [
        *(
            name
            for name in (*compared.left_only, *compared.right_only, *compared.diff_files)
            if name not in OWN
        ),
        *(name for below in compared.subdirs.values() for name in differences(below)),
    ]


def test_with_and_without_the_hook_the_site_is_the_same(built: Path) -> None:
    assert finish(built) == 0
    result = build(built / "hooked", config=built / "mkdocs.yml", address=ADDRESS)
    assert result.returncode == 0, result.stderr
    assert differences(filecmp.dircmp(built / "site", built / "hooked")) == []


@pytest.mark.long
def test_what_is_left_out_or_renamed_is_the_same_without_the_hook(folder: Path) -> None:
    leave_out_and_rename(folder)
    assert prepare(folder) == 0
    for name, config in (("site", BUILDER_SETTINGS), ("hooked", "mkdocs.yml")):
        result = build(folder / name, config=folder / config, address=ADDRESS)
        assert result.returncode == 0, result.stderr
    assert finish(folder) == 0
    # The site map, of which the service worker knows the digest, has the same pages in another order.
    found = differences(filecmp.dircmp(folder / "site", folder / "hooked"))
    assert set(found) <= {"sitemap.xml", "offline.mjs"}
    maps = [
        re.findall("<loc>.*</loc>", (folder / name / "sitemap.xml").read_text(encoding="utf-8"))
        for name in ("site", "hooked")
    ]
    assert sorted(maps[0]) == sorted(maps[1])
    # What is not left out any more is published again.
    data = folder / "docs" / "_data" / "site.yml"
    data.write_text(data.read_text(encoding="utf-8").partition("leave_out:")[0], encoding="utf-8")
    (folder / "docs" / "emails" / "several.md").rename(folder / "docs" / "emails" / "panel.md")
    page = folder / "docs" / "emails" / "panel.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("formerly: emails/panel.md\n", ""), encoding="utf-8"
    )
    assert prepare(folder) == 0
    assert "docs_dir" not in read_settings(folder / BUILDER_SETTINGS)
    assert not (folder / CACHE / "docs").exists()


def test_a_page_whose_email_has_no_form_is_not_published(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = built / "site" / "emails" / "panel" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("<email-form", "<pre"), encoding="utf-8")
    shutil.rmtree(built / "site" / "emails" / "accept")
    capsys.readouterr()
    assert finish(built) == 1
    said = capsys.readouterr().err
    assert "docs/emails/panel.md: it has an email, and" in said
    assert f"'{page}' has no form" in said
    assert "docs/emails/accept.md: it has an email, and there is no page made of it" in said
    assert "python -m generator prepare" in said
    assert "Content-Security-Policy" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "new", "said"),
    [
        ('id="__config"', "id=__config", "is no page of the Material theme, or a plugin has changed it"),
        ("</head>", "", "lacks a title, a style sheet, or the end of its head"),
    ],
)
def test_a_page_that_is_not_the_themes_is_not_published(
    built: Path, capsys: pytest.CaptureFixture[str], pattern: str, new: str, said: str
) -> None:
    page = built / "site" / "emails" / "panel" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace(pattern, new), encoding="utf-8")
    capsys.readouterr()
    assert finish(built) == 1
    assert f"'{page}' {said}" in capsys.readouterr().err


def test_a_draft_need_not_be_built(built: Path) -> None:
    settings = built / "mkdocs.yml"
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}draft_docs: emails/accept.md\n", encoding="utf-8"
    )
    shutil.rmtree(built / "site" / "emails" / "accept")
    assert prepare(built) == 0
    assert finish(built) == 0


@pytest.mark.long
def test_a_site_is_finished_once(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(built) == 0
    assert finish(built) == 1
    assert "is finished already" in capsys.readouterr().err


def test_what_is_not_prepared_is_not_finished(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(built / CACHE)
    assert finish(built) == 1
    assert "Run 'python -m generator prepare'" in capsys.readouterr().err


def test_a_mistake_stops_before_the_builder(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    page = folder / "docs" / "emails" / "accept.md"
    page.write_text(page.read_text(encoding="utf-8").replace("```email", "```e-mail"), encoding="utf-8")
    assert prepare(folder) == 1
    assert "docs/emails/accept.md" in caplog.text
    assert not (folder / BUILDER_SETTINGS).exists()


def test_what_cannot_be_read_is_no_traceback(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mkdocs.yml").write_text("site_name: [", encoding="utf-8")
    assert prepare(folder) == 1
    (folder / "mkdocs.yml").unlink()
    assert prepare(folder) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_the_file_for_builders_says_what_the_hook_would_tell(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text(
        "site_name: Base\nextra: {offline: false, mine: 1}\nplugins: [search]\n", encoding="utf-8"
    )
    settings = tmp_path / "mkdocs.yml"
    settings.write_text(
        """INHERIT: base.yml
site_url: !ENV [SITE_URL, ""]
theme: material
extra: {mine: 2}
markdown_extensions:
  - toc:
      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}
hooks: [mine.py, generator/pages/hooks.py]
""",
        encoding="utf-8",
    )
    text = builder_settings(
        settings, {"nav": [{"Start": "index.md"}], "copyright": None}, tmp_path / "prepared.json"
    )
    assert '!ENV [SITE_URL, ""]' in text
    assert "!!python/object/apply:pymdownx.slugs.slugify" in text
    written = tmp_path / "written.yml"
    written.write_text(text, encoding="utf-8")
    said = read_settings(written)
    assert said["site_name"] == "Base"
    assert said["extra"] == {"offline": False, "mine": 2}
    assert said["plugins"] == ["search"]
    assert said["hooks"] == ["mine.py"]
    assert said["nav"] == [{"Start": "index.md"}]
    assert said["theme"] == {"name": "material", "variant": "classic"}
    options = {"prepared": str((tmp_path / "prepared.json").resolve())}
    assert said["markdown_extensions"][-1] == {"generator.pages.extension": options}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("!ENV [KIT_ONE, KIT_TWO, three]", "2"),
        ("!ENV KIT_TWO", "2"),
        ("!ENV [KIT_ONE, three]", "three"),
        ("!ENV KIT_ONE", None),
    ],
)
def test_the_environment_is_read_as_mkdocs_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, value: object
) -> None:
    monkeypatch.setenv("KIT_TWO", "'2'")
    monkeypatch.delenv("KIT_ONE", raising=False)
    (tmp_path / "mkdocs.yml").write_text(f"site_name: {line}\n", encoding="utf-8")
    assert read_settings(tmp_path / "mkdocs.yml") == {"site_name": value}


def test_the_locked_builders_name_no_registry() -> None:
    for name in ("requirements-builders.txt", "requirements.txt", "requirements-pyodide.txt"):
        text = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
        assert not re.search("https?://|--index|--find-links", text), name
