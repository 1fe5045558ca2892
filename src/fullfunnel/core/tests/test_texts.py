"""What customers see comes from one catalogue, in every language."""

import re

import pytest

from fullfunnel.core.texts import LANGUAGES, language_of, language_of_browser, say, using
from fullfunnel.core.texts.catalogue import TEXTS
from tests.kit.source import SOURCE

# Every template that somebody who is no member sees.
PUBLIC = sorted(SOURCE.glob("*/templates/*/public/*.html"))
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
SPOKEN = re.compile(r"""\b(?:aria-label|alt|title|placeholder)\s*=\s*"([^"]*[^\W\d_][^"]*)\"""")
# In a fragment that stands inside a tag.
ATTRIBUTE = re.compile(r"""\b(?:aria-(?!label)|data-)[a-z-]+="[^"]*\"""")
# What members read is English, as their pages are.
TO_MEMBERS = ("notice.", "mail.")
WORD = re.compile(r"[^\W\d_]{2,}")


def bare_texts(template: str) -> list[str]:
    """Return the words of a template that stand there instead of in the catalogue."""
    plain = TAGS.sub(" ", template)
    between = ATTRIBUTE.sub(" ", re.sub(r"<!--.*?-->|<[^>]*>", "\n", plain, flags=re.DOTALL))
    spoken = [found[1] for found in SPOKEN.finditer(plain)]
    return [text.strip() for text in [*between.splitlines(), *spoken] if WORD.search(text)]


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.name)
def test_a_public_template_holds_no_text_of_its_own(path):
    assert bare_texts(path.read_text(encoding="utf-8")) == []


def test_there_are_public_templates_and_a_bare_text_would_be_found():
    assert len(PUBLIC) >= 3
    assert bare_texts('<p>{% say "form.send" %}</p><img alt="">') == []
    assert bare_texts('<p>Send {{ x }}</p><input placeholder="Your name">') == ["Send", "Your name"]


def test_every_text_has_every_language_with_the_same_names_to_fill_in():
    names = re.compile(r"\{(\w+)\}")
    for key, texts in TEXTS.items():
        assert set(texts) == ({"en"} if key.startswith(TO_MEMBERS) else set(LANGUAGES)), key
        assert len({tuple(sorted(names.findall(text))) for text in texts.values()}) == 1, key


def test_every_text_that_a_template_names_is_there():
    named = {
        key
        for path in SOURCE.rglob("*.html")
        for key in re.findall(r'\{% say "([a-z._]+)"', path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= set(TEXTS)


def test_the_first_language_that_there_is_holds():
    assert language_of("", "tlh", "de", "en") == "de"
    assert language_of("", "fr") == "en"


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, de;q=0.7", "de"),
        ("fr-FR,fr;q=0.9", ""),
        ("", ""),
        ("de;q=1.2.3,en;q=0.1", "en"),
        ("x" * 10_000, ""),
    ],
)
def test_the_browsers_language_is_the_one_it_likes_best_of_ours(accept, language):
    assert language_of_browser(accept) == language


def test_names_are_filled_in():
    assert say("wrong.most", "de", most=50) == "Höchstens 50."
    assert say("form.send", "fr") == "Send"


def test_own_texts_are_said_inside_and_loaded_once_when_the_first_is_said():
    loaded = []

    def load():
        loaded.append(1)
        return {("wrong.most", "de"): "Nicht mehr als {most}!"}

    with using(load):
        assert loaded == []
        assert say("wrong.most", "de", most=50) == "Nicht mehr als 50!"
        assert say("wrong.most", "en", most=50) == "At most 50."
        assert loaded == [1]
    assert say("wrong.most", "de", most=50) == "Höchstens 50."
