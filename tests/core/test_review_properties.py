"""Properties of the review that must hold for any text."""

from __future__ import annotations

from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from generator.core.message import Message
from generator.core.review import Finding, compare, review
from generator.core.review.checks import LEVELS
from generator.core.template import Draft, Template
from tests.tools.site import site_data

CHECKS = site_data().checks

TEMPLATES = [
    Template.parse(text)
    for text in (
        "Subject: [Subject]\n\n[Email]",
        """Subject: Thank you for the [Position] interview

Dear [Interviewer's Name],

Thank you for meeting with me about the [Position] role at [Company]. I liked hearing about
[a project or aspect discussed]. [[One more thing: [a point to add].]]

Best regards,
[Your Name]""",
        "Subject: x\n\n[[[Company]]]",
        """Subject: Offer

Hi [Recruiter's Name], I'm sorry, asap!! I am a perfect fit. **bold** \\[gap\\] 😊 the the
[what you agreed on]\u200b\tXXX""",
        "Subject: No field at all!!\n\nI hope this finds you well, asap. the the",
    )
]
NAMES = sorted({field.name for template in TEMPLATES for field in template.fields})
SITUATIONS = ["", "nowhere", *CHECKS.situations]

# Words that rules look for, and signs that patterns stumble over.
BITS = st.sampled_from(
    [
        "Dear Jordan,",
        "Hi Jordon,",
        "Best regards,",
        "thank you",
        "the the",
        "asap",
        "i ",
        "I'm",
        "!",
        "!!",
        "?",
        "**",
        "*",
        "`",
        "[",
        "]",
        "[x]",
        "](",
        "{{",
        "}}",
        "<<",
        ">>",
        "<b>",
        "&amp;",
        "____",
        "XXX",
        "\t",
        "\n",
        "\n\n",
        "> ",
        "On ",
        " wrote:",
        "From: ",
        "•",
        "# ",
        "😊",
        "🏴\U000e0067\U000e007f",
        "\u200b",
        "\u202e",
        "\u200d",
        "\ufeff",
        "\U000e0041",
        "ß",
        "İ",
        "ﬁ",
        "ά",
        "田中",
        "می\u200cخواهم",
        "Northwind",
        "northwind clinic",
        "NorthWind",
        "join Contoso",
        "perfect fit",
        "salary",
        "$64,000",
        "June 8",
        "attached",
        "can't wait",
        "—",
        "…",
        ".",
        ". ",
        " ",
        "’s",
        "'",
        "\x00",
        "\r\n",
        "\ud800",
        "\u2028",
        "\x85",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(BITS, max_size=25).map("".join))
VALUES = st.dictionaries(st.sampled_from(NAMES), TEXTS)


def run(
    template: Template,
    values: dict[str, str],
    situation: str = "",
    others: tuple[Message, ...] = (),
    earlier: dict[str, list[str]] | None = None,
    language: str = "en",
) -> tuple[Draft, list[Finding]]:
    draft = template.fill(values)
    found = review(
        draft,
        fields=template.fields,
        values=values,
        checks=CHECKS,
        situation=situation,
        words=template.words,
        others=others,
        earlier=earlier,
        language=language,
    )
    return draft, found


@given(
    st.sampled_from(TEMPLATES),
    VALUES,
    st.sampled_from(SITUATIONS),
    st.lists(TEXTS, max_size=2),
    st.lists(TEXTS, max_size=2),
    st.sampled_from(["en", "fr", "", "en-GB"]),
)
def test_any_text(
    template: Template,
    values: dict[str, str],
    situation: str,
    others: list[str],
    earlier: list[str],
    language: str,
) -> None:
    """It never raises, and every span lies in the text and says something."""
    messages = tuple(Message("x", body) for body in others)
    draft, found = run(template, values, situation, messages, {"Company": earlier}, language)
    texts = {"subject": draft.subject, "body": draft.body}
    for one in found:
        assert one.level in LEVELS
        assert one.message.strip()
        if one.part == "":
            assert (one.start, one.end, one.mend) == (0, 0, None)
        else:
            assert 0 <= one.start < one.end <= len(texts[one.part])
        if one.mend is not None:
            assert one.mend != texts[one.part][one.start : one.end]
            assert lies_in_one_filled_segment(draft, one)


def lies_in_one_filled_segment(draft: Draft, one: Finding) -> bool:
    position = 0
    for segment in draft.subject_segments if one.part == "subject" else draft.body_segments:
        end = position + len(segment.text)
        if segment.kind == "filled" and position <= one.start and one.end <= end:
            return True
        position = end
    return False


def test_an_untouched_template_lacks_something_and_nothing_else() -> None:
    others = (Message("x", TEMPLATES[1].fill({}).body), Message("x", TEMPLATES[4].fill({}).body))
    for template in TEMPLATES:
        for situation in SITUATIONS:
            draft, found = run(template, {}, situation, others, {"Company": ["Contoso", "field"]})
            assert {one.rule for one in found} <= {"missing"}
            assert len(found) == len(draft.missing)


@given(st.sampled_from(TEMPLATES), VALUES, st.sampled_from(SITUATIONS))
def test_a_finding_about_words_overlaps_something_typed(
    template: Template, values: dict[str, str], situation: str
) -> None:
    draft, found = run(template, values, situation)
    for one in found:
        if one.part == "" or one.rule in ("missing", "attach-it", "thanks-come-late"):
            continue
        segments = draft.subject_segments if one.part == "subject" else draft.body_segments
        position = 0
        typed = False
        for segment in segments:
            end = position + len(segment.text)
            typed |= segment.kind == "filled" and position < one.end and one.start < end
            position = end
        assert typed, one


@given(st.sampled_from(TEMPLATES), VALUES, st.sampled_from(SITUATIONS), st.randoms(use_true_random=False))
def test_the_order_of_the_values_changes_nothing(
    template: Template, values: dict[str, str], situation: str, random: Random
) -> None:
    items = list(values.items())
    random.shuffle(items)
    earlier = {"Company": ["Contoso", "Northwind"], "Interviewer's Name": ["Jordan"]}
    _, one = run(template, values, situation, earlier=earlier)
    _, other = run(template, dict(items), situation, earlier=dict(reversed(earlier.items())))
    assert one == other
    ranks = [LEVELS.index(finding.level) for finding in one]
    assert ranks == sorted(ranks)


@given(st.sampled_from(TEMPLATES), VALUES)
def test_applying_a_mend_is_possible_and_ends(template: Template, values: dict[str, str]) -> None:
    """Whoever presses every Remove button comes to an end."""
    for _ in range(400):
        draft, found = run(template, values)
        one = next((finding for finding in found if finding.mend is not None), None)
        if one is None:
            return
        position = 0
        for segment in draft.subject_segments if one.part == "subject" else draft.body_segments:
            end = position + len(segment.text)
            if segment.kind == "filled" and position <= one.start and one.end <= end:
                at = one.start - position
                text = segment.text[:at] + (one.mend or "") + segment.text[one.end - position :]
                values = {
                    **{name: value for name, value in values.items() if name != segment.key},
                    segment.key: text,
                }
                break
            position = end
    raise AssertionError(found)


@given(st.lists(TEXTS, max_size=5))
@example(["a b c", "a b c"])
def test_compare_is_a_similarity(bodies: list[str]) -> None:
    pairs = compare([Message("", body) for body in bodies], threshold=0.0)
    for pair in pairs:
        assert 0 <= pair.first < pair.second < len(bodies)
        assert 0.0 <= pair.similarity <= 1.0
        if bodies[pair.first] == bodies[pair.second] and bodies[pair.first].strip().isalpha():
            assert pair.similarity == 1.0
    assert len(pairs) == len(bodies) * (len(bodies) - 1) // 2
    assert pairs == sorted(pairs)
