"""What is taken over from earlier builds: all that their pages may ask for, and nothing that is not what they list."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.pages.builds import LIST, write_builds
from tests.tools.host import Host, flipped, hosting, status
from tests.tools.serve import free_port
from tests.tools.site import build, make_fork

Builds = tuple[Path, Path]


def make(folder: Path, **files: str) -> Path:
    """Write a small site: a file of the kit for each name and text."""
    for name, text in {"same": "in all builds", **files}.items():
        path = folder / "assets" / "kit" / name / "dom.mjs"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_builds(folder)
    return folder


def has(site: Path) -> set[str]:
    return {path.parent.name for path in site.glob("assets/kit/*/dom.mjs")}


def keep(site: Path, source: Path | str) -> int:
    return main(["keep", str(site), "--from", str(source)])


def files(site: Path) -> dict[str, str]:
    """Return the hash of every file by its name."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def copies(builds: Builds, tmp_path: Path) -> Builds:
    """Two real builds that a test may change."""
    old, new = (Path(shutil.copytree(build, tmp_path / build.name)) for build in builds)
    return old, new


@pytest.fixture
def published(copies: Builds) -> Iterator[Host]:
    """The older of two builds, as it is published."""
    with hosting(copies[0], free_port()) as host:
        yield host


def check(old: Path, new: Path, before: dict[str, str]) -> None:
    """See that ``new`` has all that pages of ``old`` load, and what it had before."""
    after = files(new)
    folders = (
        "assets/engine/",
        "assets/kit/",
        "assets/proofread/",
        "assets/javascripts/",
        "assets/stylesheets/",
    )
    for name, value in files(old).items():
        if name.startswith(folders) and not name.endswith(".map"):
            assert after[name] == value, name
    assert {name: after[name] for name in before if name != LIST} == {
        name: value for name, value in before.items() if name != LIST
    }
    assert len(json.loads((new / LIST).read_text(encoding="utf-8"))) == 2


def test_a_new_build_takes_over_the_files_of_the_old_one_from_its_folder(copies: Builds) -> None:
    old, new = copies
    before = files(new)
    assert set(files(old)) - set(before), "both builds have the same files: this test says nothing"
    assert keep(new, old) == 0
    check(old, new, before)


def test_a_new_build_takes_over_the_files_of_the_old_one_from_its_address(
    copies: Builds, published: Host
) -> None:
    before = files(copies[1])
    assert keep(copies[1], f"{published.address}/") == 0
    check(*copies, before)
    # Only what the new build lacks is fetched.
    assert not [path for path in published.requests if "/wasm." in path]


def test_three_earlier_builds_are_kept_and_no_more(tmp_path: Path) -> None:
    sites = [make(tmp_path / name, **{name: f"build {name}"}) for name in "abcde"]
    for old, new in pairwise(sites):
        assert keep(new, old) == 0
    assert has(sites[-1]) == {*"bcde", "same"}


def test_the_same_build_again_pushes_no_earlier_one_out(tmp_path: Path) -> None:
    site = make(tmp_path / "first", a="a")
    for number in range(5):
        again = make(tmp_path / str(number), b="b")
        assert keep(again, site) == 0
        site = again
    assert has(site) == {"a", "b", "same"}


def test_what_is_not_the_file_that_was_built_is_left_out_and_named(
    copies: Builds, published: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    published.fault(r"/kit/\w+/dom\.mjs$", flipped)
    published.fault(r"/kit/\w+/visit\.mjs$", status(503))
    assert keep(copies[1], published.address) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "left out" in line]
    assert [line.partition(":")[0].rpartition("/")[2] for line in lines] == ["dom.mjs", "visit.mjs"]
    (new,) = (path for path in (copies[1] / "assets" / "kit").iterdir() if (path / "dom.mjs").is_file())
    assert len(list((copies[1] / "assets" / "kit").iterdir())) == 2
    # The next build is not told of files that are not there.
    listed = json.loads((copies[1] / LIST).read_text(encoding="utf-8"))[1]
    assert not [name for name in listed if name.endswith(("/dom.mjs", "/visit.mjs")) and new.name not in name]


def test_an_old_file_never_takes_the_place_of_a_new_one(tmp_path: Path) -> None:
    old, new = make(tmp_path / "old", one="old"), make(tmp_path / "new", one="new")
    assert keep(new, old) == 0
    assert (new / "assets" / "kit" / "one" / "dom.mjs").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "offline.mjs",
        "assets/builds.json",
        "assets/kit/../../outside.mjs",
        "../outside.mjs",
        "/outside.mjs",
        "assets/kit/.hidden",
        "assets\\kit\\x.mjs",
        "assets/kit//x.mjs",
        "assets/other/x.mjs",
    ],
)
def test_a_list_reaches_no_file_but_those_with_a_hash_in_their_name(tmp_path: Path, name: str) -> None:
    old, new = make(tmp_path / "sites" / "old"), make(tmp_path / "sites" / "new")
    target = old / name.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("evil", encoding="utf-8")
    digest = hashlib.sha256(b"evil").hexdigest()
    (old / LIST).write_text(json.dumps([{name: digest}]), encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(old)}
    assert keep(new, old) == 0
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(old)} == before
    assert "evil" not in (new / LIST).read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", "[" * 100_000, "\0", '[{"assets/kit/a/b.mjs": 5}]'])
def test_a_site_without_a_sound_list_is_no_error(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = make(tmp_path / "old", a="a"), make(tmp_path / "new")
    (old / LIST).unlink()
    if content is not None:
        (old / LIST).write_text(content, encoding="utf-8")
    assert keep(new, old) == 0
    assert has(new) == {"same"}
    assert capsys.readouterr().out


def test_the_first_publication_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = make(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    with hosting(tmp_path / "empty", free_port()) as host:
        assert keep(new, host.address) == 0
    assert keep(new, f"http://127.0.0.1:{free_port()}/") == 0
    assert capsys.readouterr().out.count("No earlier build is kept") == 2


def test_what_is_no_site_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = make(tmp_path / "new")
    assert keep(new, "ftp://site.example/") == 2
    assert keep(new, tmp_path / "nowhere") == 2
    assert keep(tmp_path / "nowhere", new) == 2
    assert "make build" in capsys.readouterr().err


def test_two_builds_of_the_same_content_are_the_same_to_the_last_byte(tmp_path: Path) -> None:
    config = make_fork(tmp_path)
    sites = tmp_path / "one", tmp_path / "two"
    for site in sites:
        result = build(site, config=config, address="https://example.org/")
        assert result.returncode == 0, result.stdout
    first, second = map(files, sites)
    assert first == second
    assert "sitemap.xml.gz" in first
