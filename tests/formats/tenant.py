# SPDX-License-Identifier: Apache-2.0
"""tenant.py OLD.snap NEW.snap: the same host, where those who start containers call things what harms readers."""
import itertools
import json
import sys

HARM = itertools.cycle([
    "\x1b]0;owned\x07\x1b[2J", "a\nb\r\nc", "\n::error::owned", "\n##vso[task.complete]", "]]><x/><!--",
    "</script></style><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "+1", "-2+3",
    "@SUM(1)", "\t=1", "\u202eevil\u2066x\u2069", "\u200b\ufeff\u2028\u2029", "\nok 99\n1..0 # SKIP\nBail out!\n",
    "# TODO", '"} 0\nseaworthy_exit_status 0\n', "| fail=0;;;0 | x", "`` ``` ~~~ </pre> [x](javascript:x) @root #1 <b>",
    "%0A::error::x%00", "$(id)`id`{{7*7}}", "'; id; '", "\\x00\\n\\u{0}\\\\", "\x00", " ", "", "\ud800", "-rf", "%s%n",
    "&#27;&lt;", "\x7f\x85", "A" * 65536,
])
KINDS = {"container", "image", "network", "volume", "service"}
NAMED = {"Labels", "Options", "Config", "Annotations"}
PLAIN = {"Id", "Digest", "RepoDigests", "Created", "StartedAt", "FinishedAt", "Status", "$unread"}
count = itertools.count()


def spoil(value, key=""):
    """Names of labels and options, and every seventh text and each name, but for ids and times."""
    if isinstance(value, dict):
        spoiled = {k + (next(HARM) if key in NAMED and k[:1].islower() else ""): spoil(v, k) for k, v in value.items()}
        return spoiled | ({next(HARM): next(HARM)} if key == "Labels" else {})
    if isinstance(value, list):
        return [spoil(v, key) for v in value]
    if not isinstance(value, str) or key in PLAIN or value.startswith("sha256:") or len(value) == 64:
        return value
    if key == "Name":
        return value[: value.startswith("/")] + next(HARM) + str(next(count))
    return value + next(HARM) if next(count) % 7 == 0 else value


with open(sys.argv[1], "rb") as old, open(sys.argv[2], "wb") as new:
    for line in old:
        header = json.loads(line)
        body = old.read(header["bytes"])
        old.read(1)
        if header["kind"] in KINDS or (header["kind"] == "engine" and header["id"] in ("networks", "volumes", "images")):
            body = json.dumps(spoil(json.loads(body))).encode()
        header["bytes"] = len(body)
        new.write(json.dumps(header).encode() + b"\n" + body + b"\n")
