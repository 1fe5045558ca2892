"""A server that has answered for long holds no more open than one that just began."""

import base64
import json
import time

import pytest

from tests.kit.leaks import grown, open_things
from tests.kit.server import running, until

pytestmark = [pytest.mark.serves, pytest.mark.deep]
BEFORE, QUESTIONS = 100, 1_000
# An index that was replaced keeps the files that it maps until the collector comes by: about ten a base.
MAX_MORE = 40


def test_a_thousand_questions_while_events_arrive_leave_nothing_open(tmp_path):
    with running(tmp_path / "data") as server:
        made = server.create_workspace()
        write = base64.b64encode(f"{made['write_key']}:".encode()).decode()

        def ask(number):
            """Another question each time, and an event before every tenth."""
            if number % 10 == 0:
                event = {"userId": f"user-{number}", "event": "seen", "messageId": f"m{number}"}
                headers = {"Authorization": f"Basic {write}", "Content-Type": "application/json"}
                assert server.request("POST", "/v1/track", json.dumps(event).encode(), headers)[0] == 200
            window = {"value": 1 + number, "unit": "hour"}
            question = {"kind": "funnel", "steps": [{"event": "seen"}, {"event": "won"}], "window": window}
            headers = {"Authorization": f"Bearer {made['api_key']}", "Content-Type": "application/json"}
            try:
                return server.request("POST", "/api/v1/ask", json.dumps(question).encode(), headers)[0]
            except TimeoutError:
                # The first question of a fresh checkout compiles its fold.
                return 503

        until(lambda: ask(0) == 200, 300)
        for number in range(BEFORE):
            ask(number)
        time.sleep(5)
        before = {pid: open_things(pid) for pid in server.pids()}
        assert [ask(number) for number in range(BEFORE, BEFORE + QUESTIONS)] == [200] * QUESTIONS
        after = {pid: open_things(pid) for pid in before}
        assert {pid: more for pid in before if (more := grown(before[pid], after[pid], MAX_MORE))} == {}
