# SPDX-License-Identifier: Apache-2.0
"""playbook.py FILE: is this one play of tasks with a name and one module each?"""
import sys

import yaml

plays = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
assert isinstance(plays, list) and len(plays) == 1, "not one play"
play = plays[0]
keywords = {"name", "register", "when", "notify"}
for task in play["tasks"] + play.get("handlers", []):
    modules = set(task) - keywords
    assert isinstance(task["name"], str) and "{{" not in task["name"], task
    assert len(modules) == 1 and min(modules).startswith("ansible.builtin."), task
names = {handler["name"] for handler in play.get("handlers", [])}
for task in play["tasks"]:
    assert task.get("notify") is None or task["notify"] in names, task
