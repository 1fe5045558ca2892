"""Numbers, days and times of day are written by the filters of core alone, so that all of them go by who reads."""

import ast
import re

import pytest

from tests.kit.source import SOURCE, name_of, sources, tree

# Where sentences are written for programs, logs and terminals, which have no locale.
FOR_PROGRAMS = ("analytics/api.py", "capture", "cli", "config", "core/bodies.py", "events", "journeys")
# These write for everybody else; and what people answer to a form is told in the form's own language.
WRITERS = ("core/moments.py", "core/numbers.py", "core/texts/dates.py")
ALLOWED = {
    "analytics/kinds/attribution_single.py": "what core's digits then writes",
    "crm/deals/picture.py": "a month's name alone, on an axis",
    "forms/reading.py": "the language of a form, not of its reader",
    "people/import_people.py": "the command line",
}
SPOKEN_DATE = re.compile(r"%[aAbBpIMHxXc]")
GROUPED = re.compile(r",")
DJANGO = re.compile(r"\|(?:date(?!:\"(?:Y-m-d|c|U|D|j)\")|time\b|floatformat|intcomma|naturaltime|timesince|timeuntil)")
SCRIPTED = re.compile(r"""\.toLocale\w*\(|Intl\.\w+Format\(["']""")


def written_by_hand(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            parts = [part.value for part in node.format_spec.values if isinstance(part, ast.Constant)]
            spec = "".join(map(str, parts))
            if SPOKEN_DATE.search(spec) or GROUPED.search(spec):
                yield f"{node.lineno}: {{…:{spec}}}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strftime":
            yield f"{node.lineno}: strftime"


def of_pages():
    return [path for path in sources() if not name_of(path).startswith((*FOR_PROGRAMS, *WRITERS))]


def test_python_writes_no_number_and_no_date_by_hand():
    found = {name_of(path): list(written_by_hand(path)) for path in of_pages()}
    assert {name: lines for name, lines in found.items() if lines and name not in ALLOWED} == {}


@pytest.mark.parametrize("name", ALLOWED)
def test_an_exception_is_still_one(name):
    assert list(written_by_hand(SOURCE / name))


@pytest.mark.parametrize(
    ("ending", "wrong"), [("html", DJANGO), ("txt", DJANGO), ("js", SCRIPTED)], ids=["pages", "mails", "scripts"]
)
def test_templates_and_scripts_use_the_filters_of_core(ending, wrong):
    files = [path for path in SOURCE.rglob(f"*.{ending}") if "vendor" not in path.parts]
    found = {name_of(path): wrong.findall(path.read_text()) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("wrong", ['{{ x|date:"D j M" }}', "{{ x|time }}", "{{ x|floatformat:2 }}"])
def test_the_walk_finds_what_it_looks_for(wrong):
    assert DJANGO.search(wrong)
    assert not DJANGO.search('{{ x|date:"Y-m-d" }}{{ x|time_of_day }}{{ x|day }}')
