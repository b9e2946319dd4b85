"""Fixtures that all tests share: the sites that they look at, each built once for all processes of a run."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

from tests.tools.host import ANYWHERE
from tests.tools.serve import serving
from tests.tools.site import SITE, SUB_PATH, make_builds, make_fork, must_build

#: Under this name the process that began the run tells the others where its folder and its servers are.
_SHARED: Final = "kit"
_open = ExitStack()

# No test depends on the machine's speed. --hypothesis-profile=thorough looks further.
settings.register_profile("kit", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("kit"), max_examples=1000)
settings.load_profile("kit")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of the built sites and serve it, once in each run: not in the processes that pytest-xdist starts."""
    os.environ.pop("GITHUB_ACTIONS", None)  # there the check speaks to GitHub, not to people
    if hasattr(config, "workerinput"):
        config.stash[_key] = config.workerinput[_SHARED]
        return
    folder = Path(_open.enter_context(tempfile.TemporaryDirectory(prefix="follow-up-kit-")))
    config.stash[_key] = {
        "folder": str(folder),
        # Served before they are built: instant navigation needs the address.
        "site": _open.enter_context(serving(folder / "site" / "built")),
        "fork": _open.enter_context(serving(folder / "fork" / "built", under=SUB_PATH)),
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the servers with the run: no process that still tests may miss them."""
    if not hasattr(config, "workerinput"):
        _open.close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of pytest-xdist."""
    node.workerinput[_SHARED] = node.config.stash[_key]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: a browser test waits for a good part of its time."""
    return (os.cpu_count() or 1) + 1


_key: Final = pytest.StashKey[dict[str, str]]()


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> dict[str, str]:
    """The folder of this run, and the addresses of its servers."""
    return pytestconfig.stash[_key]


#: Seconds after which a build that another process began is given up.
_PATIENCE: Final = 600


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Have ``make`` fill ``folder`` once in a run; whoever comes second waits for it.

    Returns:
        The folder.
    """
    done, failed = folder.with_suffix(".done"), folder.with_suffix(".failed")
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        limit = time.monotonic() + _PATIENCE
        while not done.exists():
            if failed.exists():
                pytest.fail(failed.read_text(encoding="utf-8"))
            assert time.monotonic() < limit, f"another process does not finish {folder.name}"
            time.sleep(0.1)
        return folder
    try:
        make(folder)
    except BaseException as error:
        failed.write_text(f"{folder.name} could not be built: {error}", encoding="utf-8")
        raise
    done.touch()
    return folder


@pytest.fixture(scope="session")
def site_config() -> Path:
    """The mkdocs.yml of the test site."""
    return SITE / "mkdocs.yml"


@pytest.fixture(scope="session")
def site(shared: dict[str, str], site_config: Path) -> Path:
    """The built test site."""
    folder = Path(shared["folder"]) / "site"
    return (
        once(folder, lambda folder: must_build(folder / "built", site_config, f"{shared['site']}/")) / "built"
    )


@pytest.fixture(scope="session")
def fork_site(shared: dict[str, str]) -> Path:
    """The built site of a fork: own name, own pages, nothing of ours but the data and the engine."""

    def make(folder: Path) -> None:
        must_build(folder / "built", make_fork(folder / "source"), f"{shared['fork']}/")

    return once(Path(shared["folder"]) / "fork", make) / "built"


@pytest.fixture(scope="session")
def builds(shared: dict[str, str]) -> tuple[Path, Path]:
    """Two builds of one site: the older and the newer. A host puts its own address into their pages."""
    folder = (
        once(Path(shared["folder"]) / "builds", lambda folder: make_builds(folder / "of", f"{ANYWHERE}/"))
        / "of"
    )
    return folder / "first", folder / "second"
