#!/bin/sh
# For people who know the shell: the report as JSON, read by another program.
# Run: sh examples/read_report.sh
set -eu
report=$(mktemp)
trap 'rm -f "$report"' EXIT
monazite chokepoints -e Dy -m USA --valid 2026-11-24 --format json > "$report"
python3 - "$report" << 'EOF'
import json, sys

report = json.load(open(sys.argv[1], encoding="utf-8"))
for point in report["chokepoints"][:3]:
    low, high = (round(100 * point[end]) for end in ("loss_low", "loss_high"))
    print(f"{point['label']}: {low} to {high} % lost; see {point['rows'][0]}")
EOF
