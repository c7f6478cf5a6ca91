#!/usr/bin/env python3
"""Runs the recipes of a page unchanged, and compares their results with the JSON that the program prints.

    recipes.py PAGE RADAR_CT BASE_URL

RADAR_CT is the program, and BASE_URL an emulator with a stopped clock. A block names its expected result behind its
language: `gives=NAME` or `prints=NAME`; a block with `by-hand` is not run. The page's table of plain calls is checked,
too. Prints one line per check; the exit code is 1 if any failed, 2 if the script could not start.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import isclose
from pathlib import Path

# Far from UTC, so that a reader that mistakes local time for UTC is noticed. Set before the readers are imported, since
# they may read it only once.
os.environ["TZ"] = "America/New_York"
if hasattr(time, "tzset"):
    time.tzset()

import datafusion  # noqa: E402
import duckdb  # noqa: E402
import pandas as pd  # noqa: E402
import polars as pl  # noqa: E402
import pyarrow as pa  # noqa: E402
from checks import Failed, expect, same  # noqa: E402

COLUMNS = ["series", "timestamp", "value"]
WINDOW = ["timeseries", "--date-range", "4w", "--agg-interval", "1h"]
YEAR = ["timeseries", "--date-start", "2025-01-01T00:00:00Z", "--date-end", "2025-12-31T00:00:00Z"]
YEAR += ["--agg-interval", "1d", "--name", "ISRG", "--ca-owner", "Let's Encrypt"]
YEAR += ["--vs", "--name", "DigiCert", "--ca-owner", "DigiCert"]

HOUR = timedelta(hours=1)
# Polars infers types from 100 rows, DuckDB from 20480.
MANY = 150
VERY_MANY = 25_000
BEGIN = datetime(2025, 1, 1, tzinfo=timezone.utc)
# Characters that CSV and JSON have to quote or escape.
HARD_NAME = 'a, "b"; é 東'

# The value columns in the table of plain calls, in order.
FRACTIONS = [f"{at}.5" for at in range(MANY)]
CASES = {
    "whole": [str(at) for at in range(2 * MANY)],
    "fractions": FRACTIONS,
    "some missing": [None if at % 7 == 3 else str(at) for at in range(2 * MANY)],
    "first missing": [None] * MANY + FRACTIONS,
    "late fraction": [str(at) for at in range(MANY)] + FRACTIONS,
    "very late fraction": [str(at) for at in range(VERY_MANY)] + FRACTIONS,
}
TABLE = ["call", "timestamp", *CASES]


# Data


def points(result):
    """Returns the rows of the program's JSON, sorted."""
    rows = []
    for label, series in result.items():
        if label != "meta":
            for at, value in zip(series["timestamps"], series["values"]):
                rows.append((label, datetime.fromisoformat(at), None if value is None else float(value)))
    return sorted(rows, key=lambda row: row[:2])


def arrow(found):
    """Converts the result of a reader to a table with typed columns."""
    if isinstance(found, pa.Table):
        return found
    if isinstance(found, pl.LazyFrame):
        found = found.collect()
    if isinstance(found, pd.DataFrame):
        return pa.Table.from_pandas(found, preserve_index=False)
    expect(isinstance(found, (pl.DataFrame, datafusion.DataFrame, duckdb.DuckDBPyRelation)), f"it gives {found!r}")
    return found.to_arrow() if isinstance(found, pl.DataFrame) else found.to_arrow_table()


def kind(of):
    """Returns the kind of a type, in the words of the table."""
    types = pa.types
    if types.is_timestamp(of):
        return "timestamp"
    if types.is_integer(of) or types.is_floating(of) or types.is_decimal(of):
        return "number"
    if types.is_string(of) or types.is_large_string(of) or types.is_string_view(of):
        return "text"
    return "nothing" if types.is_null(of) else str(of)


def instant(at):
    """Converts to UTC; without a zone, UTC is assumed."""
    return at.replace(tzinfo=timezone.utc) if at.tzinfo is None else at.astimezone(timezone.utc)


def rows(table):
    """Returns the rows, sorted; the first two columns are a series and a time."""
    found = [tuple(row.values()) for row in table.to_pylist()]
    return sorted(((row[0], instant(row[1]), *row[2:]) for row in found), key=lambda row: row[:2])


def kinds(table, what):
    same([kind(field.type) for field in table.schema], ["text", "timestamp", "number"], what)


def first_difference(found, wanted):
    same(len(found), len(wanted), "the number of rows")
    for got, want in zip(found, wanted):
        same(got, want, "a row")


class Truth:
    """The expected results, computed from the program's JSON without any of the readers."""

    def __init__(self, program, year=True):
        self.window = points(json.loads(program(WINDOW)))
        # Made-up answers have one window only.
        self.year = points(json.loads(program(YEAR))) if year else []

    def summed(self, start):
        """Returns totals and counts of the year by series and period; `start` gives the start of an instant's period."""
        totals, counts = defaultdict(int), Counter()
        for series, at, value in self.year:
            totals[series, start(at)] += value
            counts[series, start(at)] += 1
        return totals, counts

    def months(self):
        totals, _ = self.summed(lambda at: at.replace(day=1))
        return [(*key, total) for key, total in sorted(totals.items())]

    def weeks(self):
        totals, counts = self.summed(lambda at: at - timedelta(days=at.weekday()))
        whole = {key: total for key, total in sorted(totals.items()) if counts[key] == 7}
        changes = []
        for (series, week), total in whole.items():
            before = whole.get((series, week - timedelta(weeks=1)))
            changes.append((series, week, total / before - 1 if before else None))
        return changes

    def totals(self):
        totals = defaultdict(int)
        for series, _, value in self.year:
            totals[series] += value
        return [f"{series} {total:.0f}" for series, total in sorted(totals.items())]

    def check(self, name, found):
        """Checks the result of a block against the expected result of this name."""
        if name == "nothing":
            return same(found, [], "it finds")
        table = arrow(found)
        kinds(table, "the columns are")
        if name in ("window", "year"):
            same(table.column_names, COLUMNS, "the columns")
        found, wanted = rows(table), getattr(self, name)
        wanted = wanted() if callable(wanted) else wanted
        expect(wanted, "there is nothing to compare with")
        if name == "weeks":
            same([row[:2] for row in found], [row[:2] for row in wanted], "the weeks")
            for (*_, got), (*key, want) in zip(found, wanted):
                expect(got == want or isclose(got, want, abs_tol=1e-9), f"the change of {key}: {got}, not {want}")
            return None
        return first_difference(found, wanted)

    def check_print(self, name, found):
        lines = sorted(found.splitlines())
        if name == "totals":
            return same(lines, self.totals(), "it prints")
        expect(name == "checked", f"`prints={name}` means nothing")
        months = sorted({f"{at:%Y-%m}.csv: OK" for _, at, _ in self.year})
        return same(lines, months, "it prints")


# The page


class Block:
    """A block of the page."""

    def __init__(self, line, info, text):
        self.line, self.text = line, text
        self.language, _, self.mark = info.partition(" ")
        self.verb, _, self.noun = self.mark.partition("=")
        self.name = f"line {line}, {info}"

    def run(self):
        """Runs the block in the current folder and returns its result."""
        if self.language == "sh":
            done = subprocess.run(["sh", "-e", "-c", self.text], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            expect(done.returncode == 0, f"it ended with {done.returncode}: {done.stdout}{done.stderr}")
            return done.stdout
        if self.language == "sql":
            # A separate connection, without the settings of other blocks. The table is read while it is open.
            with duckdb.connect() as connection:
                return connection.sql(self.text).to_arrow_table()
        expect(self.language == "python", f"nobody runs {self.language}")
        # The last expression is the result, as in a notebook.
        *body, last = ast.parse(self.text).body
        expect(isinstance(last, ast.Expr), "it gives nothing at its end")
        names = {}
        exec(compile(ast.Module(body, []), self.name, "exec"), names)
        return eval(compile(ast.Expression(last.value), self.name, "eval"), names)

    def check(self, truth):
        found = self.run()
        if self.verb == "gives":
            truth.check(self.noun, found)
        elif self.verb == "prints":
            truth.check_print(self.noun, found)
        else:
            expect(self.language == "sh" and not self.mark, f"`{self.mark}` does not say what it gives")

    def lacks(self):
        """Returns a program that the block needs and this machine lacks."""
        needed = [name for name in ("jq", "sha256sum") if self.language == "sh" and re.search(rf"\b{name} ", self.text)]
        return next((name for name in needed if shutil.which(name) is None), None)


def blocks(page):
    found = []
    for match in re.finditer(r"^```([^\n]+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        found.append(Block(page.count("\n", 0, match.start()) + 1, match[1].strip(), match[2]))
    return found


def plain_calls(page):
    """Returns the page's table of plain calls: each call and its documented results."""
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    expect(table and table[0] == TABLE, f"the table has other columns than {TABLE}")
    return [(cells[0].strip("`"), cells[1:]) for cells in table[2:]]


# Answers that the emulator does not give


@contextmanager
def answering(series):
    """Serves an API with one answer: labels, and the values of each."""
    result = {}
    for label, values in series.items():
        timestamps = [f"{BEGIN + at * HOUR:%Y-%m-%dT%H:%M:%SZ}" for at in range(len(values))]
        result[label] = {"timestamps": timestamps, "values": values}
    body = json.dumps({"success": True, "errors": [], "result": {**result, "meta": {}}}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def measure(call, wanted):
    """Describes the timestamps and the values in the words of the table."""
    names = {"duckdb": duckdb, "pl": pl, "pd": pd, "SessionContext": datafusion.SessionContext}
    try:
        table = arrow(eval(call, names))
    except Failed:
        raise
    except Exception:
        # Readers share no error type. The same call works with other data, so the data are the cause.
        return "error", "error"
    same(table.column_names, COLUMNS, "the columns")
    # Threads read in any order; timestamps sort as text, too.
    table = table.sort_by("timestamp")
    series, stamps, values = (table.column(name).to_pylist() for name in COLUMNS)
    same(series, [row[0] for row in wanted], "the series")
    stamp, value = (kind(table.schema.field(name).type) for name in COLUMNS[1:])
    if stamp == "timestamp":
        first_difference([instant(at) for at in stamps], [row[1] for row in wanted])
    if value == "number" and values != [row[2] for row in wanted]:
        value = "wrong"
    return stamp, value


class Run:
    """Runs checks and counts them."""

    def __init__(self, radar_ct):
        self.radar_ct = radar_ct
        self.counts = Counter()

    def program(self, args):
        return subprocess.run(
            [self.radar_ct, *args, "--quiet"], stdin=subprocess.DEVNULL, capture_output=True, check=True, text=True
        ).stdout

    def one(self, name, check, *args):
        try:
            check(*args)
        except Exception as error:
            self.counts["failed"] += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error}")
        else:
            self.counts["passed"] += 1
            print(f"ok      {name}")

    def skip(self, name, why):
        self.counts["skipped"] += 1
        print(f"SKIPPED {name}: {why}")

    def page(self, found):
        """Runs all blocks in order on the emulator's data."""
        truth = Truth(lambda args: self.program([*args, "--output", "json"]))
        print(f"        {len(truth.window)} rows of a window, {len(truth.year)} of a year")
        for block in found:
            if block.mark == "by-hand":
                self.skip(block.name, "tried by hand")
            elif lacking := block.lacks():
                self.skip(block.name, f"!!!!!!!! there is no {lacking}")
            else:
                self.one(block.name, block.check, truth)

        def notices(block):
            # A recipe that compares checksums has to notice a wrong one.
            if block.language == "sh":
                try:
                    block.run()
                except Failed as error:
                    return expect("2025-03.csv" in str(error), f"it does not say which: {error}")
                raise Failed("it notices nothing")
            return same(block.run(), ["2025-03.csv"], "it finds")

        with open("year/2025-03.csv", "a", encoding="utf-8") as file:
            file.write("DigiCert,2025-03-31T00:00:00Z,1\n")
        for block in found:
            if block.noun in ("checked", "nothing") and not block.lacks():
                self.one(f"{block.name}, with a file that was changed", notices, block)

    def hard(self, found):
        """Runs the blocks for a window on answers that the emulator does not give."""
        with answering({HARD_NAME: CASES["first missing"], "late": CASES["late fraction"]}) as url:
            os.environ["CLOUDFLARE_BASE_URL"] = url
            names = ["--name", HARD_NAME, "--vs", "--name", "late"]
            for form in ("csv", "ndjson"):
                Path(f"window.{form}").write_text(self.program([*WINDOW, *names, "--output", form]), encoding="utf-8")
            truth = Truth(lambda args: self.program([*args, *names, "--output", "json"]), year=False)
        same(len(truth.window), 4 * MANY, "the rows of the answer")
        for block in found:
            if block.noun == "window":
                self.one(f"{block.name}, with odd names and values", block.check, truth)

    def plain(self, page, folder):
        """Checks the table of plain calls."""
        wanted = {}
        for case, values in CASES.items():
            (folder / case).mkdir()
            with answering({HARD_NAME: values}) as url:
                os.environ["CLOUDFLARE_BASE_URL"] = url
                args = [*WINDOW, "--name", HARD_NAME, "--output"]
                for form in ("csv", "ndjson"):
                    (folder / case / f"file.{form}").write_text(self.program([*args, form]), encoding="utf-8")
                wanted[case] = points(json.loads(self.program([*args, "json"])))

        def as_written(call, written):
            stamps, values = set(), []
            for case in CASES:
                os.chdir(folder / case)
                stamp, value = measure(call, wanted[case])
                stamps.add(stamp)
                values.append(value)
            same([*(stamps - {"error"}), *values], written, "it gives")

        for call, written in plain_calls(page):
            self.one(f"plain {call}", as_written, call, written)


def main(args):
    if len(args) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    page = Path(args[0]).read_text(encoding="utf-8")
    radar_ct = Path(args[1]).resolve()
    if shutil.which("sh") is None:
        print("!!!!!!!! SKIPPED: the recipes were NOT run, because there is no sh")
        return 0
    # The program reads these; a proxy could not reach the loopback of this machine.
    for name in list(os.environ):
        if name.startswith("CLOUDFLARE_") or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
            del os.environ[name]
    # The emulator accepts any token.
    os.environ.update(CLOUDFLARE_BASE_URL=args[2], CLOUDFLARE_API_TOKEN="recipes-check-token")
    os.environ["PATH"] = f"{radar_ct.parent}{os.pathsep}{os.environ['PATH']}"

    run, found = Run(radar_ct), blocks(page)
    same(len(found), len(re.findall(r"^```\S", page, re.MULTILINE)), "the blocks that could be taken from the page")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("page", "hard", "plain"):
            (Path(folder) / name).mkdir()
        try:
            os.chdir(Path(folder) / "page")
            run.page(found)
            os.chdir(Path(folder) / "hard")
            run.hard(found)
            run.plain(page, Path(folder) / "plain")
        finally:
            # Windows cannot remove the current folder.
            os.chdir(radar_ct.parent)
    print("\n" + ", ".join(f"{run.counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped")))
    return 1 if run.counts["failed"] or not run.counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
