"""How often each rule asks about honest data, and about bent ones: `python -m
tests.benchmarks.question_rates [DEPARTMENTS]`. The first column stands in
`indicators/signs/rates.py` and on the page beside each rule."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")
django.setup()

from tests.indicators.question_rates import found_when_bent, honest_rates  # noqa: E402

DEPARTMENTS = 600


def main() -> None:
    departments = int(sys.argv[1]) if len(sys.argv) > 1 else DEPARTMENTS
    honest, bent = honest_rates(departments), found_when_bent(max(departments // 10, 1))
    for rule, rate in honest.items():
        print(
            f"{rule.value:16} honest {rate.asked:5} of {rate.of:7} = {rate.share:.3%}"
            f"   bent {bent[rule].asked:5} of {bent[rule].of:5} = {bent[rule].share:.1%}"
        )


if __name__ == "__main__":
    main()
