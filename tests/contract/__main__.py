# SPDX-License-Identifier: Apache-2.0
"""Print the contract, number by number, with the tests that show it; the exit code is 1 while one is not shown."""

import sys

from contract.report import claims, lines, read_checklist

if __name__ == "__main__":
    print("\n".join(lines()))
    missing = [item.number for item in read_checklist() if item.number not in claims()]
    total = len(read_checklist())
    print(f"\n{total - len(missing)} of {total} numbers are shown by tests; run these with: pytest -m contract tests")
    sys.exit(1 if missing else 0)
