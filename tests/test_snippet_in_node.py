"""What ff.js sends, in a stand-in of a browser: which addresses are views, when a prepared page speaks, what a refusal costs.

tests/test_snippet_views.py asks the same of a real Chromium.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fullfunnel.capture import snippet
from tests.kit import needs

BROWSER = """
const listeners = {}, store = {}, sent = [];
const on = (name, f) => (listeners[name] = listeners[name] || []).push(f);
const fire = (name) => (listeners[name] || []).forEach((f) => f({}));
const location = new URL("https://shop.example/list?utm_source=google");
const change = (state, title, address) => { location.href = new URL(address, location.href).href; };
const script = {src: "https://ff.example/ff.js", attributes: {key: "ffw_x"}, getAttribute: (n) => script.attributes[n.slice(5)] || null,
  hasAttribute: (n) => n.slice(5) in script.attributes};
const document = {currentScript: script, cookie: "", referrer: "", title: "t", addEventListener: on, querySelector: () => script};
const window = {location, document, addEventListener: on, setTimeout, clearTimeout, navigator: {userAgent: "node", language: "de"},
  localStorage: {getItem: (n) => (n in store ? store[n] : null), setItem: (n, v) => { store[n] = String(v); }, removeItem: (n) => { delete store[n]; }},
  history: {pushState: change, replaceState: change}, crypto: globalThis.crypto || require("crypto").webcrypto};
let refuse = () => null;
window.fetch = async (url, how) => {
  const items = JSON.parse(how.body).batch, refused = refuse(items);
  if (refused) return {ok: false, status: 400, json: async () => ({refused})};
  sent.push(...items);
  return {ok: true, status: 200, json: async () => ({})};
};
const wait = (ms = 60) => new Promise((done) => setTimeout(done, ms));
const go = (address) => window.history.pushState({}, "", address), put = (address) => window.history.replaceState({}, "", address);
const load = () => new Function("window", "document", SOURCE)(window, document);
(async () => { SCENARIO
  await wait(400);
  console.log(JSON.stringify(sent.map((one) => one.event || one.context.page.url.slice(20))));
  process.exit(0);
})();
"""


def run(tmp_path: Path, scenario: str) -> Any:
    """The names of the events, or the addresses of the views, that were accepted, in order."""
    program = tmp_path / "page.js"
    source = json.dumps(snippet.SOURCE.decode())
    program.write_text(BROWSER.replace("SOURCE", source).replace("SCENARIO", scenario), encoding="utf-8")
    found = subprocess.run([needs.program("node"), str(program)], capture_output=True, text=True, timeout=300)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_typing_into_the_query_is_no_view_and_another_path_or_a_new_entry_is(tmp_path):
    typed = (
        "load(); await wait(); for (const q of ['', '?q=s', '?q=sh', '?q=shoe']) { put('/list' + q); await wait(5); }"
    )
    assert run(tmp_path, typed) == ["/list?utm_source=google"]
    assert run(tmp_path, typed + "go('/list?page=2'); await wait(); put('/item'); await wait();") == [
        "/list?utm_source=google",
        "/list?page=2",
        "/item",
    ]


def test_a_route_behind_the_hash_is_a_page_and_a_part_of_a_page_is_not(tmp_path):
    moves = "".join(
        f"location.hash = '{to}'; fire('popstate'); await wait();" for to in ("#part", "#/a", "#/a", "#!/b")
    )
    assert run(tmp_path, "load(); await wait();" + moves + "put('#!/b?q=1'); await wait();") == [
        "/list?utm_source=google",
        "/list?utm_source=google#/a",
        "/list?utm_source=google#!/b",
    ]


@pytest.mark.parametrize("shown", [True, False])
def test_a_prepared_page_is_viewed_when_it_is_shown_and_never_before(tmp_path, shown):
    prepared = "document.prerendering = true; load(); window.ff('track', 'early', {}); await wait(100);"
    prepared += "if (sent.length || 'ff_session' in store) throw new Error('too early');"
    activated = "document.prerendering = false; fire('prerenderingchange');" if shown else ""
    assert run(tmp_path, prepared + activated) == (["/list?utm_source=google", "early"] if shown else [])


def test_a_body_refused_without_a_word_about_its_items_costs_the_bad_one_alone(tmp_path):
    refuse = "refuse = (items) => items.some((one) => one.event === 'bad') ? [] : null; load();"
    tracks = "for (const name of ['a', 'b', 'bad', 'c', 'd']) window.ff('track', name, {}); await wait(300);"
    left = "if (store.ff_queue !== '[]') throw new Error(store.ff_queue);"
    assert run(tmp_path, refuse + tracks + left) == ["/list?utm_source=google", "a", "b", "c", "d"]


def test_of_a_refused_body_the_items_it_names_are_gone_and_the_others_sent_again(tmp_path):
    refuse = "refuse = (items) => { const at = items.findIndex((one) => one.event === 'bad'); return at < 0 ? null : [{index: at}]; };"
    tracks = "load(); for (const name of ['a', 'bad', 'b']) window.ff('track', name, {}); await wait(200);"
    assert run(tmp_path, refuse + tracks) == ["/list?utm_source=google", "a", "b"]
