#!/bin/sh
# For people who know the shell: the report as JSON, read by another program.
# Run: sh examples/read_report.sh
set -eu
report=$(mktemp)
trap 'rm -f "$report"' EXIT
monazite chokepoints -e Dy -m USA --format json > "$report"
python3 - "$report" << 'EOF'
import json, sys

report = json.load(open(sys.argv[1], encoding="utf-8"))
for point in report["chokepoints"][:3]:
    ends = [point[end] for end in ("loss_low", "loss_high")]
    lost = "range not drawn" if None in ends else "{:.0f} to {:.0f} %".format(*(100 * x for x in ends))
    print(f"{point['label']}: {100 * point['loss']:.0f} % lost ({lost}); see {point['rows'][0]}")
EOF
