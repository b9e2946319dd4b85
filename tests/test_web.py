"""What holds of the page's own code, and of what the build makes of it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from generator.pages.image import EngineError, _check_snapshot


def test_a_snapshot_of_another_form_is_not_shipped(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.bin"
    path.write_bytes(gzip.compress(b"\0snp and so on"))
    _check_snapshot(path)
    path.write_bytes(gzip.compress(b"\0sn2 and so on"))
    with pytest.raises(EngineError, match="its form has changed"):
        _check_snapshot(path)
