# SPDX-License-Identifier: Apache-2.0
"""page.py PAGE.html REPORT.json: the page holds the report, of a host or of many, as text, and asks for nothing."""
import base64
import hashlib
import json
import re
import sys

import html5lib

ELEMENTS = set(
    "a b bdi body button caption code dd details div dl dt em fieldset form h1 h2 h3 h4 head header html input label "
    "legend li main meta option output p pre rect script section select small span strong style summary svg table "
    "tbody td tfoot th thead title tr ul".split())
ATTRIBUTES = set(
    "action aria-hidden aria-label aria-labelledby autocomplete charset class colspan content data-c data-g data-s data-v "
    "focusable height hidden href http-equiv id lang name open preserveAspectRatio role rowspan scope size spellcheck tabindex "
    "type value viewBox width x y".split())


def wrong(text):
    sys.exit(text[:300])


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def text_of(element):
    """As it is seen: with blanks as they come, but without those that only part the markup."""
    return "".join(element.itertext())


def check_markup(root):
    """Nothing but what the sink writes: no name became an element, an attribute or an address."""
    ids, links, level = set(), set(), 1
    for element in root.iter():
        name = local(element)
        if name not in ELEMENTS:
            wrong(f"an element {name}")
        for key, value in element.attrib.items():
            if key not in ATTRIBUTES:
                wrong(f"{name} has {key}={value}")
            if key == "id":
                if value in ids or re.search(r"\s", value):
                    wrong(f"the id {value}")
                ids.add(value)
            if key == "href":
                if not value.startswith("#"):
                    wrong(f"a link to {value}")
                links.add(value[1:])
        if re.fullmatch("h[1-6]", name):
            if int(name[1]) > level + 1:
                wrong(f"after h{level} comes {name}: {text_of(element)}")
            level = int(name[1])
        if name == "th" and "scope" not in element.attrib:
            wrong(f"th without scope: {text_of(element)}")
    if links - ids:
        wrong(f"links to nowhere: {links - ids}")


def check_policy(root, *own):
    """It allows its own style and script, and nothing else."""
    policy = next(e.attrib["content"] for e in root.iter("meta") if "http-equiv" in e.attrib)
    if not policy.startswith("default-src 'none'; "):
        wrong(policy)
    for name in ("style", "script"):
        found = list(root.iter(name))
        if not found and name not in own:
            if f"{name}-src" in policy:
                wrong(policy)
            continue
        if len(found) != 1 or found[0].attrib:
            wrong(f"{len(found)} of {name}, or with attributes")
        total = base64.b64encode(hashlib.sha256(found[0].text.encode()).digest()).decode()
        if f"{name}-src 'sha256-{total}'" not in policy:
            wrong(f"the sum of html_{name} should be {total}")
        if re.search(r"url\(|@import|fetch|XMLHttp|innerHTML|eval|https?:", found[0].text):
            wrong(f"{name} reaches out, or writes markup")


def brightness(color):
    """WCAG 2.2, relative luminance."""
    digits = color[1:] if len(color) == 7 else "".join(2 * c for c in color[1:])
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def check_contrast(root):
    """WCAG 2.2, 1.4.3: 4.5 for text, in the light and in the dark."""
    schemes = re.findall(r":root \{([^}]*)\}", next(root.iter("style")).text)
    if len(schemes) != 2:
        wrong(f"{len(schemes)} schemes of colours")
    pairs = [(ink, paper) for paper in ("bg", "card") for ink in
             ("fg", "soft", "link", "fail", "unknown", "warn", "waived", "pass", "skip")]
    pairs += [("on", "fail"), ("fg", "mark"), ("soft", "mark")]
    for scheme in schemes:
        colors = dict(re.findall(r"--(\w+): (#[0-9a-f]+);", scheme))
        for ink, paper in pairs:
            dark, light = sorted((brightness(colors[ink]), brightness(colors[paper])))
            ratio = (light + 0.05) / (dark + 0.05)
            if ratio < 4.5:
                wrong(f"{ink} on {paper}: {ratio:.2f}")


def check_text(root, report):
    """What the report says is there, letter by letter."""
    everything = text_of(root.find(".//body"))
    said = [report["target"]["hostname"], *report["tailoring"], *report["selection"]["skip"]]
    for one in report["warnings"]:
        said += [one["place"], one["text"]]
    for one in report["unread"]:
        said += [one["section"], one["reason"]]
    for profile in report["profiles"]:
        said += [profile["id"], profile["title"]]
        said += [text for one in profile["left_out"] for text in (one["ref"], one["why"])]
    for text in said:
        if text not in everything:
            wrong(f"not there: {text}")


def check_rules(root, report):
    """An entry for each result, in its part, with its subjects, its fix and its waivers."""
    entries = [e for e in root.iter("details") if "rule" in e.attrib["class"].split()]
    if len(entries) != len(report["results"]):
        wrong(f"{len(entries)} entries, {len(report['results'])} results")
    by_id = {}
    for entry in entries:
        by_id.setdefault(re.sub(r"/\d+$", "", entry.attrib["id"]), entry)
    for result in report["results"]:
        key = "/".join((result["profile"], result["ref"], result["check"]))
        entry = by_id[re.sub(r"[^A-Za-z0-9./-]", lambda m: "".join(f"_{b:02X}" for b in m[0].encode()), key)]
        text = text_of(entry)
        verdict = entry.attrib["data-v"]
        if verdict != result["verdict"] and not result["waived"]:
            wrong(f"{key} is {verdict}")
        said = [result["title"], result["wanted"], result["why"], result["check"]]
        if verdict not in ("pass", "skip"):
            said.append(result["remedy"])
        for finding in result["findings"]:
            said.append(finding["reason"])
            if finding["subject"]["kind"] not in ("host", "engine") and len(result["findings"]) < 40:
                said.append(finding["subject"]["name"] or finding["subject"]["id"][:19])
            if finding["waiver"]:
                said += finding["waiver"].values()
        for one in said:
            if one and one not in text:
                wrong(f"{key}: not there: {one}")


def check_fleet(root, report):
    """A row for each host and each rule, with its numbers and the hosts on which it fails."""
    rows = [[text_of(cell) for cell in row] for row in root.iter("tr")]
    for host in report["hosts"]:
        numbers = [str(host["fails"][key]) for key in ("critical", "high", "medium", "low")]
        numbers += [str(host["summary"][key]) for key in ("unknown", "warn", "waived", "pass", "skip")]
        if not any(row[0].startswith(host["host"]) and row[1:] == numbers for row in rows):
            wrong(f"no row of {host['host']}")
    for rule in report["rules"]:
        name = " ".join((rule["profile"], rule["ref"], rule["title"]))
        row = next((row for row in rows if row[0] == name), None) or wrong(f"no row of {name}")
        for cell, key in zip(row[2:6], ("fail", "unknown", "warn", "waived")):
            there = rule["hosts"][key]
            if cell != (f"{len(there)}: " + ", ".join(there) if there else "0"):
                wrong(f"{name}: {key} on {cell}")
    everything = text_of(root.find(".//body"))
    for one in report["not_read"] + report["older"]:
        for text in one.values():
            if text not in everything:
                wrong(f"not there: {text}")


with open(sys.argv[1], "rb") as f:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(f)
with open(sys.argv[2], encoding="utf-8") as f:
    wanted = json.load(f)
if parser.errors:
    wrong(f"{parser.errors[0]}")
check_markup(document)
check_contrast(document)
if "seaworthy_fleet" in wanted:
    check_policy(document, "style")
    check_fleet(document, wanted)
else:
    check_policy(document, "style", "script")
    check_text(document, wanted)
    check_rules(document, wanted)
