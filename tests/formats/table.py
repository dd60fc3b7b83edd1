# SPDX-License-Identifier: Apache-2.0
"""table.py TABLE.csv REPORT.json: the table has a line for each finding, and no formula."""
import csv
import json
import sys

with open(sys.argv[1], newline="", encoding="utf-8") as f:
    rows = list(csv.reader(f, strict=True))
with open(sys.argv[2], encoding="utf-8") as f:
    report = json.load(f)

wanted = [
    ("waived" if finding["waiver"] else finding["verdict"], result["ref"])
    for result in report["results"]
    for finding in result["findings"]
]
head = rows.pop(0)
found = [(row[head.index("verdict")], row[head.index("ref")]) for row in rows]
if any(len(row) != len(head) for row in rows):
    sys.exit("lines of different lengths")
if any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row if cell):
    sys.exit("a formula")
if found != wanted:
    sys.exit(f"{len(found)} lines, {len(wanted)} findings, or others")
