# SPDX-License-Identifier: Apache-2.0
"""try_page.py DIR NAME...: DIR/NAME.html in a browser, of DIR/NAME.json. Ends with "N passed, M failed", or with
status 77 where there is no browser."""
import collections
import json
import pathlib
import sys

import browser

tally = collections.Counter()
VISIBLE = "[...document.querySelectorAll('details.rule')].filter(r => !r.closest('[hidden]'))"
SHOWN = "document.getElementById('shown').textContent"
SEEN = "[...document.querySelectorAll('details.rule[data-v=fail] > dl')].map(d => d.checkVisibility())"


def check(name, holds, said=""):
    tally["passed" if holds else "failed"] += 1
    if not holds:
        print(f"FAIL: {name}: {said}")


def visible(page):
    return page.run(f"{VISIBLE}.length")


def check_quiet(page, name):
    check(f"{name}: asks for nothing else", len(page.requests) == 1, page.requests)
    check(f"{name}: no complaint", not page.complaints, page.complaints)
    check(f"{name}: nothing of others ran", page.run("typeof top.owned") == "undefined")


def check_filter(page, path, results):
    name = path.stem
    verdicts = collections.Counter(page.run("[...document.querySelectorAll('details.rule')].map(r => r.dataset.v)"))
    check(f"{name}: all are there", visible(page) == len(results), visible(page))
    for verdict, n in verdicts.items():
        page.run(f"document.querySelector('input[value={verdict}]').click()")
        check(f"{name}: {verdict}", visible(page) == n, (visible(page), n))
        check(f"{name}: {verdict} in the address", page.run("location.hash") == f"#?v={verdict}")
        check(f"{name}: {verdict} is counted", page.run(SHOWN) == f"{n} of {len(results)} rules")
        page.run(f"document.querySelector('input[value={verdict}]').click()")
    severities = collections.Counter(r["severity"] for r in results)
    for severity, n in severities.items():
        page.open(path, f"#?s={severity}")
        check(f"{name}: {severity}", visible(page) == n, (visible(page), n))
    page.run("document.querySelector('button[type=reset]').click(); new Promise(done => setTimeout(done, 50))")
    check(f"{name}: all again", visible(page) == len(results) and page.run("location.hash") == "#results")


def check_search(page, path, results):
    name, word = path.stem, results[0]["check"]
    script = """(() => { var q = document.querySelector('[name=q]'); q.value = %s;
        q.dispatchEvent(new Event('input', {bubbles: true})); })()"""
    page.run(script % json.dumps(word.upper()))
    n, state = visible(page), page.run("location.hash")
    check(f"{name}: search", 0 < n < len(results), n)
    page.open(path, state)
    check(f"{name}: search by the address", visible(page) == n, (visible(page), n, state))
    page.run(script % json.dumps("no such text anywhere"))
    check(f"{name}: search for what is not there", visible(page) == 0)


def check_links(page, path):
    name = path.stem
    page.open(path)
    link = "document.querySelector('table.groups a[data-g]')"
    n = int(page.run(f"{link}.textContent"))
    page.run(f"{link}.click()")
    check(f"{name}: a number of the table", visible(page) == n, (visible(page), n))
    of = "document.querySelector('#pass details.rule')"
    key = page.run(f"{of}.id")
    page.open(path, f"#{key}")
    check(f"{name}: a link to a rule that is folded away", page.run(f"{of}.open && {of}.closest('.fold').open"))
    page.open(path, "#?v=nonsense&s=x&g=999&q=")
    check(f"{name}: an address that says nothing", visible(page) > 0)


def check_paper(page, path):
    """With the script and without it."""
    name = path.stem
    for is_off in (False, True):
        page.call("Emulation.setScriptExecutionDisabled", value=is_off)
        page.look()
        page.open(path)
        check(f"{name}: the filter is {'not ' if is_off else ''}there",
              page.run("document.getElementById('filter').hidden") == is_off)
        check(f"{name}: all are on the screen", visible(page) > 0)
        page.look("print")
        seen = page.run(SEEN)
        check(f"{name}: on paper each failure is open", seen and all(seen), seen)
        check(f"{name}: on paper there is no filter",
              page.run("getComputedStyle(document.getElementById('filter')).display") == "none")
        page.look()
    page.call("Emulation.setScriptExecutionDisabled", value=False)


def check_width(page, path):
    """On a telephone nothing sticks out."""
    page.open(path)
    page.resize(360, 800)
    page.run("document.getElementById('open').click()")
    wide = page.run("document.documentElement.scrollWidth")
    check(f"{path.stem}: narrow", wide <= 360, wide)
    page.resize(1280, 900)


def check_policy(page, path):
    """What would ask, or run, if it got in, may not."""
    page.open(path)
    page.complaints.clear()
    page.run("""document.body.insertAdjacentHTML('beforeend',
        '<img src="http://127.0.0.1:9/x" onerror="top.owned = 1"><p style="color: red" onclick="top.owned = 1">');
        document.body.lastChild.click(); new Promise(done => setTimeout(done, 300))""")
    check(f"{path.stem}: the policy bites", len(page.complaints) >= 2, page.complaints)
    check(f"{path.stem}: the policy holds", page.run("typeof top.owned") == "undefined")
    page.complaints.clear()


def main():
    program = browser.find()
    if not program:
        print("no browser\n0 passed, 0 failed")
        sys.exit(77)
    with browser.Browser(program) as page:
        for name in sys.argv[2:]:
            path = pathlib.Path(sys.argv[1], f"{name}.html")
            with open(path.with_suffix(".json"), encoding="utf-8") as f:
                results = json.load(f)["results"]
            page.open(path)
            check_quiet(page, name)
            check_filter(page, path, results)
            check_search(page, path, results)
            check_links(page, path)
            check_paper(page, path)
            check_width(page, path)
            check_policy(page, path)
    print(f"{tally['passed']} passed, {tally['failed']} failed")
    sys.exit(tally["failed"] > 0)


main()
