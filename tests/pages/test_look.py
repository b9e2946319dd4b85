"""The colors of a site, and what a device is told of it."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.pages.assets import read_kit
from generator.pages.data import read_data
from generator.pages.look import (
    COLORS,
    CONTRASTS,
    SCHEMES,
    contrast,
    palette,
    read_color,
    remedy,
    too_weak,
    written,
)
from tests.tools.site import ROOT, build, make_fork, site_data

ENGLISH = read_data(ROOT / "nowhere", ROOT).colors
tones = st.tuples(*[st.integers(0, 255)] * 3)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == 21
    assert round(contrast((0x77, 0x77, 0x77), (255, 255, 255)), 2) == 4.48


@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_can_read_what_the_kit_looks_like(scheme: str) -> None:
    assert {*ENGLISH[scheme]} == {*COLORS}
    assert [*too_weak(scheme, ENGLISH[scheme])] == []
    assert {name for pair in CONTRASTS for name in pair[:2]} <= {*palette(scheme, ENGLISH[scheme])}


@pytest.mark.parametrize("scheme", SCHEMES)
@given(action=tones)
def test_the_advice_on_an_action_mends_it(scheme: str, action: tuple[int, int, int]) -> None:
    said = {**ENGLISH[scheme], "action": action}
    if [*too_weak(scheme, said)]:
        found = re.search('"(#[0-9a-f]{6})"', remedy(scheme, said, "action"))
        assert found
        better = read_color(found[1])
        assert better
        assert [*too_weak(scheme, {**said, "action": better})] == []


@pytest.mark.parametrize("text", ["#1b1f24", "1B1F24", "#abc"])
def test_a_color_is_read(text: str) -> None:
    assert read_color(text)


@pytest.mark.parametrize("text", ["", "#12", "#12345", "red", "#gggggg", "rgb(0,0,0)"])
def test_what_is_no_color_is_none(text: str) -> None:
    assert read_color(text) is None


def test_a_fork_changes_one_line_and_the_rest_follows(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "_data"
    folder.mkdir(parents=True)
    (folder / "site.yml").write_text('colors:\n  light:\n    action: "#7a1f5c"\n', encoding="utf-8")
    data = read_data(folder, tmp_path)
    assert data.problems == []
    assert data.colors["dark"] == ENGLISH["dark"]
    kit = read_kit(tmp_path, data.colors)
    sheet = kit.files[kit.style].read_text(encoding="utf-8")
    assert "--kit-action: #7a1f5c" in sheet
    assert kit.digest != read_kit(tmp_path, ENGLISH).digest
    assert "--kit-action: #7a1f5c" in kit.files[kit.offline_style].read_text(encoding="utf-8")


def test_a_published_site_has_every_variable_that_its_style_sheets_use(tmp_path: Path) -> None:
    kit = read_kit(tmp_path, ENGLISH)
    for name in (kit.style, kit.offline_style):
        sheet = kit.files[name].read_text(encoding="utf-8")
        used = set(re.findall(r"var\((--kit-[\w-]+)", sheet))
        assert used <= set(re.findall(r"(--kit-[\w-]+):", sheet))


def test_the_manifest_says_what_the_site_says(site: Path) -> None:
    data = json.loads((site / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert (data["name"], data["lang"], data["display"]) == ("Test Site", "en", "standalone")
    assert data["theme_color"] == written(site_data().colors["light"]["paper"])
    assert {icon["purpose"] for icon in data["icons"]} == {"any", "maskable"}
    for icon in data["icons"]:
        size = struct.unpack(">II", (site / icon["src"]).read_bytes()[16:24])
        assert icon["sizes"] == "{}x{}".format(*size)


def test_a_site_without_icons_is_built_and_names_none(tmp_path: Path) -> None:
    result = build(tmp_path / "site", config=make_fork(tmp_path / "fork"))
    assert result.returncode == 0, result.stderr
    assert json.loads((tmp_path / "site" / "manifest.webmanifest").read_text(encoding="utf-8"))["icons"] == []
    assert "apple-touch-icon" not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
