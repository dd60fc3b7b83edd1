# SPDX-License-Identifier: Apache-2.0
"""schema.py SCHEMA FILE: the file is as the JSON Schema has it."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
with open(sys.argv[2], encoding="utf-8") as f:
    value = json.load(f)
kind = jsonschema.validators.validator_for(schema)
checker = jsonschema.FormatChecker()
for error in kind(schema, format_checker=checker).iter_errors(value):
    sys.exit(f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
