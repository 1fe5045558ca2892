import re

from fullfunnel.capture import snippet


def test_the_snippet_stays_within_4_kb_and_needs_nothing_that_a_strict_policy_forbids():
    assert len(snippet.COMPRESSED) <= 4_096
    source = snippet.SOURCE.decode()
    assert re.findall(r"\beval\(|new Function|innerHTML|document\.write|createElement", source) == []
