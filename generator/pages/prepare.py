"""Before a builder runs: the content is checked, the engine is made, and what the pages need is written down.

Any builder that runs Python-Markdown may follow. ``finish.py`` does what is left once it has written its pages.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import yaml
from pathspec.gitignore import GitIgnoreSpec

from generator.core.problem import listing
from generator.pages.assets import Kit, read_kit
from generator.pages.blocks import scan
from generator.pages.builder import builder_settings, read_settings
from generator.pages.builds import content_time
from generator.pages.image import EngineError, build_engine
from generator.pages.look import written
from generator.pages.proofread import build_proofreader
from generator.pages.publisher import footer
from generator.pages.schema import read_text
from generator.pages.source import Content, read_content, read_front_matter, situation_of
from generator.pages.ways import leading_on, pages_of, with_situations

ROOT: Final = Path(__file__).resolve().parents[2]

#: Where what was made is kept. Builders have folders of their own, and empty them.
CACHE: Final = ".kit-cache"
#: The site's own file as a builder takes it that runs no hook, beside the original.
BUILDER_SETTINGS: Final = "mkdocs.prepared.yml"

#: The names of pages whose address is that of their folder.
INDEXES: Final = ("index", "README")
#: What a page says of itself that its frame needs once it is built.
_FACTS: Final = ("title", "engine", "moved", "how_to_steps")

log = logging.getLogger("mkdocs.hooks.generator")


class BuildError(SystemExit, Exception):
    """Nothing can be built; the message says why and how to mend it.

    It ends whatever builder runs us with just that message, as MkDocs' own Abort does.
    """


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known about a site before it is built: plain JSON, for whoever comes later in another process.

    Attributes:
        settings: the site's own file.
        docs: the content folder.
        name, description, language, picture: what the site's own file says.
        serving: whether the site is a preview for its author.
        offline: whether it works without a network.
        proofreader: whether the grammar checker goes with it.
        engine: what a form tells its script about the engine and the site.
        files: all that is published beside the pages, by its name in the site.
        kit: which of the files are the scripts and style sheets of every page, by their digest.
        nav: the navigation with all emails in it; None where the builder makes one.
        pages: what each page says of itself, by its path below the content folder. ``form``: it has one.
        emails: the page of each situation, and of what it was called before.
        left_out: the pages in the folder that are not published.
        leading_on: what stands, as Markdown, under each name that a page had before.
        allow: the hosts from which pages may load something, by its kind.
        ways, words, footer, paper: what the pages' frame says, and how it looks.
        content: what was read, for a builder that runs in the same process.
    """

    settings: str
    docs: str
    name: str
    description: str
    language: str
    picture: Mapping[str, Any] | None
    serving: bool
    offline: bool
    proofreader: bool
    engine: Mapping[str, Any]
    files: Mapping[str, str]
    kit: str
    nav: list[Any] | None
    pages: Mapping[str, Mapping[str, Any]]
    emails: Mapping[str, str]
    left_out: list[str]
    leading_on: Mapping[str, str]
    allow: Mapping[str, Sequence[str]]
    ways: list[Mapping[str, str]]
    words: Mapping[str, str]
    footer: str
    paper: Mapping[str, str]
    content: Content | None = None

    @property
    def order(self) -> list[str]:
        """The pages in the order of the navigation, as the content names them."""
        # Without one, builders go by the files' names, and have the files of a folder before its folders.
        pages = sorted(self.pages, key=_folders_last) if self.nav is None else pages_of(self.nav)
        return [f"{Path(self.docs).name}/{page}" for page in pages]

    @property
    def frame(self) -> Kit:
        """The scripts and style sheets of every page."""
        folder = f"{Kit(self.kit, {}).folder}/"
        return Kit(self.kit, {name: Path(path) for name, path in self.files.items() if name.startswith(folder)})

    def write(self, settings: Path) -> Path:
        """Write it down beside the site's own file; return such a file for builders that run no hook."""
        path = prepared_file(settings)
        path.parent.mkdir(exist_ok=True)
        data = {name: getattr(self, name) for name in self.__slots__ if name != "content"}
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
        target = settings.with_name(BUILDER_SETTINGS)
        docs = self._settled(path.with_name("docs"))
        told = {"nav": self.nav, "copyright": self.footer or None, "docs_dir": docs}
        text = builder_settings(settings, told, path, unlisted=self.leading_on)
        target.write_text(text, encoding="utf-8")
        return target

    def _settled(self, target: Path) -> str | None:
        """Copy the content as it is published; return where to, or None where the folder is just that."""
        shutil.rmtree(target, ignore_errors=True)
        if not self.left_out and not self.leading_on:
            return None
        shutil.copytree(self.docs, target)
        for page in self.left_out:
            (target / page).unlink()
        for page, text in self.leading_on.items():
            (target / page).parent.mkdir(parents=True, exist_ok=True)
            (target / page).write_text(text, encoding="utf-8")
        return target.relative_to(target.parents[1]).as_posix()


def prepared_file(settings: Path) -> Path:
    """Return where it is written down what the site with this own file is built with."""
    return settings.parent / CACHE / "prepared.json"


def read_prepared(path: Path) -> Prepared:
    """Return what was written down.

    Raises:
        BuildError: when nothing was.
    """
    try:
        return Prepared(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise BuildError(
            f"'{path}' does not say what the site is built with. Run 'python -m generator prepare', then the "
            "builder, and then this."
        ) from None


def prepare(settings: Path, *, strict: bool = True, serving: bool = False) -> Prepared:
    """Check the content and make the engine; return what the pages need.

    Args:
        settings: the site's own file, ``mkdocs.yml``.
        strict: any mistake stops here. Otherwise those do with which no page can be built.
        serving: the site is a preview for its author.

    Raises:
        BuildError: when the content has mistakes, or the engine cannot be made.
    """
    # The site map has it. With the clock's time, no two builds would be the same.
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(content_time(Path.cwd())))
    unread: Exception | None = None
    try:
        said = read_settings(settings)
    except (OSError, ValueError, yaml.YAMLError) as error:
        said, unread = {}, error  # the check says it better
    docs = settings.parent / str(said.get("docs_dir", "docs"))
    # All content is checked first, so that a build with a mistake in it publishes nothing.
    content = _checked(docs, settings, strict=strict)
    if unread:
        raise BuildError(f"'{settings}' cannot be read: {unread}")
    extra, theme = (one if isinstance(one := said.get(key), dict) else {} for key in ("extra", "theme"))
    language = str(theme.get("language", "en"))
    if not said.get("site_url"):
        # No warning: at home, and on a host that tells the address later, that is as it should be.
        log.info(
            "The site has no address yet (SITE_URL): each link loads a whole page, and what is typed into a "
            'form has to be kept across it. See "Use another host" in docs/fork/index.md.'
        )
    try:
        engine = build_engine(ROOT, ROOT / CACHE, log.info, content.data.setup)
        proofreader = None
        # The checker knows English only.
        if extra.get("proofread", True) and language.startswith("en"):
            proofreader = build_proofreader(ROOT, ROOT / CACHE, log.info)
    except EngineError as error:
        raise BuildError(str(error)) from None
    kit = read_kit(ROOT / CACHE, content.data.colors)
    # A preview changes all the time: there is nothing to keep.
    offline = bool(extra.get("offline", True)) and not serving
    drafts = GitIgnoreSpec.from_lines(() if serving else str(said.get("draft_docs") or "").splitlines())
    pages = {page: facts for page, facts in _pages(content, docs) if not drafts.match_file(page)}
    emails = [one.page for one in content.listed]
    emails += [path.partition("/")[2] for path in content.pages]
    renamed = {old: new for old, new in content.renamed.items() if new in pages}
    situations = {situation_of(page): page for page in dict.fromkeys(emails) if page in pages}
    moved = {"title": content.data.words["site_moved"], "form": False}
    pages |= {old: {**moved, "moved": new} for old, new in renamed.items()}
    files = {**engine.files, **kit.files, **(proofreader.files if proofreader else {})}
    return Prepared(
        settings=str(settings),
        docs=str(docs),
        name=str(said.get("site_name", "")),
        description=str(said.get("site_description") or ""),
        language=language,
        picture=extra.get("social_image"),
        serving=serving,
        offline=offline,
        proofreader=proofreader is not None,
        engine={
            **engine.manifest,
            **({"offline": "../../offline.mjs"} if offline else {}),
            **({"proofread": proofreader.manifest} if proofreader else {}),
            # A page that is put into another by navigation says so which scripts it was built for.
            "kit": f"../kit/{kit.digest}/",
        },
        files={name: str(path) for name, path in files.items()},
        kit=kit.digest,
        nav=with_situations(said["nav"], content) if said.get("nav") else None,
        pages=pages,
        emails=situations | {situation_of(old): new for old, new in renamed.items()},
        left_out=sorted(content.left_out),
        leading_on={old: leading_on(old, new, content.data.words) for old, new in renamed.items()},
        allow=content.data.allow,
        ways=[{"words": way.words, "page": way.page, "anchor": way.anchor} for way in content.data.ways],
        words=content.data.words,
        footer=footer(content.data, str(said.get("copyright") or "")),
        paper={scheme: written(colors["paper"]) for scheme, colors in content.data.colors.items()},
        content=content,
    )


def _checked(docs: Path, settings: Path, *, strict: bool) -> Content:
    """Read all content; say what is wrong with it, and stop where nothing sound can be built."""
    content = read_content(docs, settings=settings)
    # Without sound data no form can be rendered; a page's own mistakes are shown on that page.
    problems = content.problems if strict else content.fatal
    for said in listing(content.problems):
        log.log(logging.ERROR if problems else logging.WARNING, "%s", said)
    if problems:
        raise BuildError(f"{len(problems)} problem(s) in the content: nothing was built.")
    return content


def _pages(content: Content, docs: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each page, and what it says of itself that its frame needs."""
    for path in content.situations:
        page = path.partition("/")[2]
        if page in content.left_out:
            continue
        lines = (read_text(docs / page, path, []) or "").split("\n")
        front, start = read_front_matter(lines, path, [])
        said = front.construct() if front and front.root else None
        facts = {key: said[key] for key in _FACTS if key in said} if isinstance(said, dict) else {}
        kinds = {block.kind for block in scan(lines[start:]).blocks}
        form = "email" in kinds or ("emails" in kinds and bool(content.pages))
        yield page, {**facts, "form": form}


def _folders_last(page: str) -> list[tuple[bool, str]]:
    *folders, name = PurePosixPath(page).parts
    return [*((True, folder) for folder in folders), (False, name)]
