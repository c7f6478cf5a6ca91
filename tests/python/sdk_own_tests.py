#!/usr/bin/env python3
"""Runs the official Python SDK's own tests of this part of the API against the emulator.

    sdk_own_tests.py SDIST_FOLDER BASE_URL

The folder is the unpacked source distribution; the emulator accepts any credential. The tests in the list beside this
script must be refused, and all others must pass. The exit code is 1 otherwise, and 2 if the script could not start.
"""

import os
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

SDK_VERSION = "5.9.0"
TESTS = ("tests/api_resources/radar/test_ct.py", "tests/api_resources/radar/ct")
# With fewer, pytest has not found them all.
CASES = 150
LIST = Path(__file__).with_name("sdk_tests_that_break_a_rule.txt")
# The signs of a refusal. A listed test must not fail in any other way.
REFUSED = ("BadRequestError", "'code': 2001")


class Outcomes:
    """The outcome of each test."""

    def __init__(self):
        self.passed = set()
        self.failed = {}

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed[report.nodeid] = report.longreprtext
        elif report.when == "call" and report.passed:
            self.passed.add(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed[report.nodeid] = report.longreprtext


def expected():
    lines = (line.split("#", 1)[0].strip() for line in LIST.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line}


def main(args):
    if len(args) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, base_url = args
    # Importing the SDK before pytest is an error with the settings of the distribution.
    if version("cloudflare") != SDK_VERSION:
        print(f"this is about cloudflare {SDK_VERSION}, not {version('cloudflare')}", file=sys.stderr)
        return 2
    os.chdir(folder)
    # The SDK reads these; a proxy could not reach the loopback of this machine.
    for name in list(os.environ):
        if name.startswith("CLOUDFLARE_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            del os.environ[name]
    os.environ["TEST_API_BASE_URL"] = base_url

    outcomes = Outcomes()
    # Not in parallel, which would need another package and save two seconds.
    options = ["-o", "addopts=", "-p", "no:cacheprovider", "-q", "--no-header", "--no-summary", "--tb=short"]
    pytest.main([*options, *TESTS], plugins=[outcomes])

    listed = expected()
    ran = outcomes.passed | set(outcomes.failed)
    refused = {test for test, why in outcomes.failed.items() if all(sign in why for sign in REFUSED)}
    problems = [f"FAILED  {test}\n{why[-1500:]}" for test, why in outcomes.failed.items() if test not in listed]
    problems += [f"FAILED  {test}: in the list, but it passes" for test in sorted(listed & outcomes.passed)]
    problems += [f"FAILED  {test}: in the list, but it did not run" for test in sorted(listed - ran)]
    for test in sorted((listed & set(outcomes.failed)) - refused):
        problems.append(f"FAILED  {test}: in the list, but it is not refused\n{outcomes.failed[test][-1500:]}")
    if len(ran) != CASES:
        problems.append(f"FAILED  {len(ran)} tests ran, not {CASES}")
    print("\n".join(problems), end="\n" if problems else "")
    print(
        f"\nof the SDK's own {len(ran)} tests {len(outcomes.passed)} passed, {len(listed & refused)} broke a rule "
        f"and were refused, {len(problems)} problems"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
