"""What leaves the page says, read back by parsers of other origin, exactly what the email says."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from binascii import a2b_base64
from collections.abc import Callable
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.bridge import handle
from generator.core.address import ascii_address, check_address
from generator.core.archive import archive
from generator.core.handoff import (
    LINKS,
    clipboard_html,
    eml,
    file_name,
    gmail,
    mailto,
    outlook,
    sendable,
    text_file,
)
from generator.core.message import Message
from generator.core.review import differences
from generator.core.template import Template
from tests.tools.reading import INJECTIONS, ROOT, awkward_messages, body_of, cases, crlf, read_back
from tests.tools.site import site_data

#: What can be wrong with an address has words of its own.
PROBLEMS = {key for key in site_data().words if key.startswith("address.")}
TO = "mara+jobs@bücher.example"
ASCII_TO = "mara+jobs@xn--bcher-kva.example"
HEADERS = ["x-unsent", "to", "subject", "mime-version", "content-type", "content-transfer-encoding"]
VISIBLE_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*")
SAFE_URL = re.compile(r"[A-Za-z0-9:/?&=@%._~-]+")

anything = st.text(st.characters(codec=None), max_size=300)  # lone surrogates too
messages = st.builds(Message, anything, anything)
Parse = Callable[[str], tuple[list[str], str, str, str]]


def by_default_policy(text: str) -> tuple[list[str], str, str, str]:
    parsed = email.message_from_bytes(text.encode("ascii"), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    content = parsed.get_content()
    return [n.lower() for n in parsed.keys()], str(parsed["subject"]), content, str(parsed.get("to", ""))  # noqa: SIM118


def by_compat32(text: str) -> tuple[list[str], str, str, str]:
    parsed = email.message_from_bytes(text.encode("ascii"), policy=email.policy.compat32)
    payload = parsed.get_payload(decode=True)
    assert isinstance(payload, bytes)
    subject = str(make_header(decode_header(parsed["subject"])))
    return [n.lower() for n in parsed.keys()], subject, payload.decode(), parsed.get("to", "")  # noqa: SIM118


PYTHON_PARSERS: list[Parse] = [by_default_policy, by_compat32]


def assert_well_formed(text: str) -> None:
    """RFC 5322 section 2.1.1, RFC 2047 section 2, RFC 2045 section 6.8."""
    assert text.isascii()
    assert text.endswith("\r\n")
    assert "\r" not in text.replace("\r\n", "")
    assert "\n" not in text.replace("\r\n", "")
    head, body = text.split("\r\n\r\n", 1)
    for line in text.split("\r\n"):
        assert len(line) <= 76
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\t]", line)
    for word in re.findall(r"=\?.*?\?=(?=\s|$)", head):
        assert len(word) <= 75
        name, encoding, content = re.fullmatch(r"=\?(.+?)\?(.)\?(.*)\?=", word).groups()  # type: ignore[union-attr]
        assert (name, encoding) == ("utf-8", "B")
        # Every word is whole characters.
        a2b_base64(content).decode()
    assert re.fullmatch(r"(?:[A-Za-z0-9+/=]{1,76}\r\n)*", body)


@pytest.mark.parametrize("case", cases("handoff/files.yml"), ids=lambda case: case["what"])
def test_draft_file(case: dict[str, Any]) -> None:
    assert eml(Message(case["subject"], case["body"]), case["to"]).split("\r\n") == [*case["eml"], ""]


@pytest.mark.parametrize("case", cases("handoff/links.yml"), ids=lambda case: case["what"])
def test_links(case: dict[str, Any]) -> None:
    message = Message(case["subject"], case["body"])
    links = {name: link(message, case["to"]) for name, link in LINKS.items()}
    assert {name: link.url for name, link in links.items()} == case["links"]
    lost = {name for name, link in links.items() if link.without_to}
    assert lost == set(case.get("without_to", ()))


@pytest.mark.parametrize("case", cases("handoff/sendable.yml"), ids=lambda case: case["what"])
def test_what_is_handed_over(case: dict[str, Any]) -> None:
    sent = Message(case["sent_subject"], case["sent_body"])
    assert sendable(Message(case["subject"], case["body"])) == sent
    check_files([Message(case["subject"], case["body"])])


@pytest.mark.parametrize("case", cases("handoff/addresses.yml"), ids=lambda case: ascii(case["typed"]))
def test_addresses(case: dict[str, Any]) -> None:
    assert check_address(case["typed"]) == case.get("problem")
    assert ascii_address(case["typed"]) == case.get("address", "")


@pytest.mark.parametrize("case", cases("handoff/names.yml"), ids=lambda case: ascii(case["slug"]))
def test_file_names(case: dict[str, Any]) -> None:
    assert file_name(case["slug"], case["ending"]) == case["name"]


@given(anything)
def test_file_names_are_safe(slug: str) -> None:
    assert re.fullmatch(r"follow-up(?:-[a-z0-9]+)*\.eml", file_name(slug, "eml"))
    assert len(file_name(slug, "eml")) <= 54


def test_every_address_problem_is_worded() -> None:
    used = {case["problem"] for case in cases("handoff/addresses.yml") if "problem" in case}
    assert used == PROBLEMS


# --- Reading back ----------------------------------------------------------------------------------


def check_files(batch: list[Message]) -> None:
    """Five parsers agree with each other and with the message."""
    texts = [eml(message, TO) for message in batch]
    read = read_back(eml=texts)["eml"]
    for message, text, others in zip(batch, texts, read, strict=True):
        assert_well_formed(text)
        sent = sendable(message)
        for parse in PYTHON_PARSERS:
            names, subject, body, to = parse(text)
            assert (names, subject, body, to) == (HEADERS, sent.subject, crlf(sent.body), ASCII_TO), parse
        for name, parsed in others.items():
            assert parsed["names"] == HEADERS, name
            assert parsed["subject"] == sent.subject, name
            # mailparser writes every line's end as a line feed, and shows domains in their own letters.
            assert parsed["body"] == (sent.body if name == "mailparser" else crlf(sent.body)), name
            assert parsed["to"] == [TO if name == "mailparser" else ASCII_TO], name


def check_links(batch: list[Message]) -> None:
    """Python and the browser's own parser read the message in every link, and nothing beside it."""
    links = [
        (kind, message, link(message, TO, limit=10**6)) for kind, link in LINKS.items() for message in batch
    ]
    read = iter(read_back(urls=[link.url for _, _, link in links])["urls"])
    for kind, message, link in links:
        url, node, sent = link.url, next(read), sendable(message)
        own = [("view", "cm"), ("fs", "1")] if kind == "gmail" else []
        to = [] if kind == "mail" or link.without_to else [("to", ASCII_TO)]
        said = [("su" if kind == "gmail" else "subject", sent.subject), ("body", crlf(sent.body))]
        expected = [*own, *to, *((name, value) for name, value in said if value)]
        assert SAFE_URL.fullmatch(url)
        parts = urlsplit(url)
        assert not parts.fragment
        assert parse_qsl(parts.query, strict_parsing=bool(parts.query), max_num_fields=9) == expected
        if kind == "mail":
            assert (parts.scheme, unquote(parts.path)) == ("mailto", ASCII_TO)
            assert node["path"] == ASCII_TO
        # As a form and as a mail program decode it: no + and no bare & is left to disagree about.
        assert [tuple(pair) for pair in node["form"]] == expected
        assert [tuple(pair) for pair in node["plain"]] == expected
        assert (node["href"], node["hash"]) == (url, "")


@pytest.mark.long
def test_a_thousand_files_read_back() -> None:
    check_files(awkward_messages(1000, seed=1))


@pytest.mark.long
def test_a_thousand_links_read_back() -> None:
    check_links(awkward_messages(1000, seed=2))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
def test_twenty_thousand_read_back(seed: int) -> None:
    check_files(awkward_messages(2000, seed=seed))
    check_links(awkward_messages(2000, seed=seed))


def test_injection_in_every_field() -> None:
    batch = [Message(text, "Body") for text in INJECTIONS]
    batch += [Message("Subject", text) for text in INJECTIONS]
    batch += [Message(text, text) for text in INJECTIONS]
    check_files(batch)
    check_links(batch)


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
def test_injection_through_a_template(text: str) -> None:
    template = Template.parse("Subject: About [Position]\n\nDear [Name],\n\n[Topic]")
    message = template.fill({"Position": text, "Name": text, "Topic": text}).message
    for parse in PYTHON_PARSERS:
        names, subject, body, _ = parse(eml(message))
        assert names == [name for name in HEADERS if name != "to"]
        assert subject == sendable(message).subject
        assert body == crlf(message.body)


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
def test_injection_in_the_address(text: str) -> None:
    message = Message("s", "b")
    if check_address(text) is None:
        # Odd and legal (RFC 5322 section 3.2.3): one address, whatever stands before its @.
        assert text in ("x?to=victim@example.org", "x#fragment&cc=victim@example.org")
        assert by_default_policy(eml(message, text))[3] == text
        parts = urlsplit(mailto(message, text).url)
        assert (unquote(parts.path), parts.query, parts.fragment) == (text, "subject=s&body=b", "")
        return
    assert eml(message, text) == eml(message)
    for link in (mailto, gmail, outlook):
        assert link(message, text) == link(message)


@given(messages)
def test_file_reads_back(message: Message) -> None:
    text = eml(message)
    assert_well_formed(text)
    sent = sendable(message)
    for parse in PYTHON_PARSERS:
        assert parse(text)[1:3] == (sent.subject, crlf(sent.body))


@given(messages)
def test_sendable(message: Message) -> None:
    sent = sendable(message)
    assert VISIBLE_LINE.fullmatch(sent.subject)
    assert sent.body == body_of(message)
    assert sendable(sent) == sent
    visible = "".join(c for c in message.subject if VISIBLE_LINE.fullmatch(c) and c != " ")
    assert sent.subject.replace(" ", "") == visible


@given(messages)
def test_text_file(message: Message) -> None:
    sent = sendable(message)
    subject, body = text_file(message).split("\r\n\r\n", 1)
    assert (subject, body) == (sent.subject, crlf(sent.body) + "\r\n")


@given(st.text(st.characters(codec="ascii"), max_size=200))
def test_subject_in_plain_ascii_or_encoded(subject: str) -> None:
    sent = sendable(Message(subject, "")).subject
    line = eml(Message(subject, "")).split("\r\n")[1]
    if "=?utf-8?B?" not in line:
        assert line == f"Subject: {sent}"


def test_all_of_ascii_and_many_others() -> None:
    ascii_characters = "".join(map(chr, range(32, 127)))
    others = [chr(c) for c in [*range(0xA0, 0x3000, 6), *range(0x1F300, 0x1F600)]]
    batch = [Message(c, c) for c in ascii_characters]
    batch += [
        Message("".join(others[i : i + 9]), " ".join(others[i : i + 9])) for i in range(0, len(others), 9)
    ]
    batch += [Message(f"a{c}b", f"a{c}b") for c in ascii_characters]
    batch.append(Message(ascii_characters, ascii_characters))
    check_files(batch)
    check_links(batch)


# --- Limits ----------------------------------------------------------------------------------------


def _of_length(link: Callable[..., Any], length: int, letter: str) -> Message:
    empty = link(Message("s", letter)).length
    size = link(Message("s", letter * 2)).length - empty
    return Message("s" * (1 + (length - empty) % size), letter * (1 + (length - empty) // size))


@pytest.mark.parametrize("letter", ["a", "é", "न", "💡"])
@pytest.mark.parametrize("link", [mailto, gmail, outlook])
def test_link_limit(link: Callable[..., Any], letter: str) -> None:
    for length in (1599, 1600, 1601):
        made = link(_of_length(link, length, letter))
        assert (made.length, made.limit) == (length, 1600)
        assert (made.url == "", made.reason) == ((True, "too_long") if length > 1600 else (False, ""))
    made = link(_of_length(link, 2000, letter), limit=2000)
    assert len(made.url) == 2000


# --- Addresses against other readers ---------------------------------------------------------------

domain_letters = st.text("abzß-0ςéüöжяだ例मा\u0301\u0308لאב١·ⅷｅ", min_size=1, max_size=12)
any_address = st.one_of(
    st.from_regex(r"[a-z.+'!@]{1,12}@[a-z0-9.-]{1,12}\.[a-z]{1,4}", fullmatch=True),
    st.builds(lambda a, b: f"x@{a}.{b}", domain_letters, domain_letters),
    st.builds(lambda a: f"x@xn--{a}.example", st.text("abcdef0123456789-", max_size=12)),
    anything,
)


@given(any_address)
def test_address_is_safe_or_nothing(text: str) -> None:
    address, problem = ascii_address(text), check_address(text)
    assert problem is None or problem in PROBLEMS
    assert not (address and problem)
    # Only what says nothing is neither an address nor a mistake.
    assert address or problem or not re.search(r"\w|@", text)
    if address:
        assert re.fullmatch(r"[!#-'*+/-9=?A-Z^-~-]+(?:\.[!#-'*+/-9=?A-Z^-~-]+)*@[a-z0-9.-]+", address)
        assert len(address) <= 254
        assert ascii_address(address) == address
        assert by_default_policy(eml(Message("", ""), address))[3] == address


@given(domain_letters)
def test_other_letters_as_the_standard_has_them(label: str) -> None:
    address = ascii_address(f"x@{label}.example")
    if address:
        assert address == f"x@{idna.encode(label.lower(), uts46=True).decode()}.example"


@pytest.mark.long
def test_every_letter_in_a_domain() -> None:
    refused = 0
    for character in map(chr, range(0x80, 0x30000)):
        for label in (character, f"a{character}b"):
            address = ascii_address(f"x@{label}.example")
            try:
                domain = idna.encode(unicodedata.normalize("NFC", label.lower())).decode()
            except (idna.IDNAError, UnicodeError):
                assert not address, ascii(label)
            else:
                assert address in ("", f"x@{domain}.example")
                refused += not address
    # What is refused beyond the standard: a handful of letters that need their neighbours.
    assert refused < 20


def test_address_reads_back() -> None:
    good = [case["address"] for case in cases("handoff/addresses.yml") if case.get("address")]
    assert read_back(addresses=good)["addresses"] == good


# --- Clipboard -------------------------------------------------------------------------------------


@given(anything)
def test_clipboard_is_paragraphs_of_text(text: str) -> None:
    made = clipboard_html(text)
    assert set(re.findall(r"<[^>]*>", made)) <= {"<p>", "</p>", "<br>"}
    assert "<" not in re.sub(r"<(?:p|/p|br)>", "", made)


# --- Cost ------------------------------------------------------------------------------------------


def test_imports_little() -> None:
    """In the browser the email package takes 0.8 s to import, urllib.parse 0.1 s."""
    costly = {"email", "urllib", "base64", "socket", "locale", "calendar", "zoneinfo"}
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import generator.core.handoff, generator.core.schedule\n"
        f"print(sorted({costly!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- Several people --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files", [[], [("a.txt", b"")], [("ä.txt", bytes(range(256))), ("b.eml", b"x" * 70_000)]]
)
def test_an_archive_is_read_back_by_zipfile(files: list[tuple[str, bytes]]) -> None:
    content = archive(files)
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        assert read.testzip() is None
        assert [(name, read.read(name)) for name in read.namelist()] == files
        assert {one.date_time for one in read.infolist()} <= {(1980, 1, 1, 0, 0, 0)}
    assert archive(files) == content


PANEL = {
    "template": "Subject: Thanks, [Name]\n\nDear [Name],\n\nThank you for [Topic].\n",
    "values": {"Name": "Bea", "Topic": "the tour"},
    "people": [{"Name": "Ann 😊", "Topic": "the map"}, {"Name": "Cem"}],
    "addresses": ["ann@example.org"],
    "to": "bea@example.org",
    "situation": "panel",
    "place": 1,
}


def asked(**request: Any) -> dict[str, Any]:
    """Return what the browser is told about a panel."""
    reply: dict[str, Any] = json.loads(handle(json.dumps(PANEL | request)))
    return reply


@pytest.mark.parametrize("ending", ["eml", "txt"])
def test_all_emails_of_a_panel_are_a_file_each(ending: str) -> None:
    reply = asked(type="file", ending=ending)
    assert (reply["name"], reply["mime"]) == ("follow-up-panel.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(a2b_base64(reply["base64"]))) as read:
        assert read.namelist() == [f"follow-up-panel-{number}.{ending}" for number in (1, 2, 3)]
        texts = [read.read(name).decode() for name in read.namelist()]
    # In the order of the page: the one that is shown is the second.
    messages = [
        Message(f"Thanks, {name}", f"Dear {name},\n\nThank you for {topic}.")
        for name, topic in (("Ann 😊", "the map"), ("Bea", "the tour"), ("Cem", "[Topic]"))
    ]
    addresses = ["ann@example.org", "bea@example.org", ""]
    expected = [
        eml(message, to) if ending == "eml" else text_file(message)
        for message, to in zip(messages, addresses, strict=True)
    ]
    assert texts == expected


def test_the_page_is_told_how_far_each_email_of_a_panel_is() -> None:
    ann, cem = asked(type="fill")["others"]
    assert (ann["missing"], cem["missing"]) == ([], ["Topic"])
    assert ann["mail"] == mailto(Message(ann["subject"], ann["body"]), "ann@example.org").url
    assert cem["mail"].startswith("mailto:?subject=")
    # What somebody made of an email by hand has no gaps.
    own = [None, None, {"subject": "Hi", "body": "Hi Cem"}]
    assert asked(type="fill", own=own)["others"][1]["missing"] == []


def test_what_is_no_list_of_addresses_is_a_fault() -> None:
    assert asked(type="fill", addresses="a@b.example")["type"] == "error"


@given(anything, anything)
def test_two_texts_in_parts_are_the_same_texts(one: str, other: str) -> None:
    first, second = differences(one, other)
    assert ("".join(text for text, _ in first), "".join(text for text, _ in second)) == (one, other)


def test_the_words_that_differ_are_told() -> None:
    one = "Dear Ms. Grant,\n\nThank you for the lab days. I can help.\n"
    other = "Dear Mr. Park,\n\nThank you for the garden. I can help.\n"
    found = [[text for text, differs in parts if differs] for parts in differences(one, other)]
    assert found == [["Ms. Grant,", "lab days."], ["Mr. Park,", "garden."]]
    assert all(not differs for parts in differences(one, one) for _, differs in parts)
