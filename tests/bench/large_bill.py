"""A bill of many lines as companies have them: levels, few magnets, firms again and again.

``python -m tests.bench.large_bill bill.csv 20000`` writes one.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from pathlib import Path

HEADER = (
    *("Level", "Part number", "Description", "Quantity", "Mass (g)", "Material", "Grade"),
    *("Supplier", "Supplier country", "Supplier 2", "Tier 2 supplier", "Value (EUR)", "Stock"),
)
FIRMS = (
    *("JL MAG", "Vacuumschmelze GmbH & Co. KG", "Proterial, Ltd.", "Ningbo Yunsheng"),
    *("Sumitomo Electric", "Mitsubishi Electric", "Magnequench", "Shin-Etsu Chemical Co., Ltd."),
)
GRADES = ("N35", "N42", "N45M", "N48H", "N42SH", "38UH", "N35EH", "40H", "")
OTHERS = ("Steel", "Copper", "PA66", "EN AW-6082", "Stainless 1.4301", "", "EPDM", "Ceramic")


def large_bill(lines: int, seed: int = 1) -> str:
    """A bill of so many lines as CSV; the same for the same seed."""
    chance = random.Random(seed)
    firms = [*FIRMS, *(f"Example {chance.randrange(10**6)} GmbH" for _ in range(lines // 20))]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(HEADER)
    level = 0
    for number in range(lines):
        level = 0 if not number else chance.randint(1, min(level + 1, 6))
        magnet = bool(number) and chance.random() < 0.05
        write(
            [
                *(level, f"P-{number:06}", "Magnet" if magnet else f"Part {number}"),
                *(chance.randint(1, 12), f"{chance.uniform(0.5, 900):.2f}"),
                *(("NdFeB", chance.choice(GRADES)) if magnet else (chance.choice(OTHERS), "")),
                *(chance.choice(firms), "", chance.choice(firms) if magnet else ""),
                *(chance.choice(firms) if magnet else "", f"{chance.uniform(0.1, 90):.2f}"),
                chance.randint(0, 5000),
            ]
        )
    return out.getvalue()


def main() -> None:
    """Write a bill to the file that is named."""
    file, lines = Path(sys.argv[1]), int(sys.argv[2])
    file.write_text(large_bill(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
