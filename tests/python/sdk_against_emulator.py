#!/usr/bin/env python3
"""Checks that the emulator answers the official Python SDK, and that the SDK's types accept the answers.

    sdk_against_emulator.py [BASE_URL [TOKEN]]

Without arguments both are taken from CLOUDFLARE_BASE_URL and CLOUDFLARE_API_TOKEN. The emulator must have been started
with that token as its only one. Prints one line per check; the exit code is 1 if any failed, 2 if the script could not
start.
"""

import asyncio
import math
import os
import re
import sys
from datetime import datetime, timedelta, timezone

import cloudflare
from cloudflare import AsyncCloudflare, Cloudflare, DefaultAsyncHttpxClient, DefaultHttpxClient
from cloudflare.types.radar import CTSummaryResponse, CTTimeseriesResponse
from cloudflare.types.radar.ct_timeseries_response import CTTimeseriesResponseItem, Meta
from checks import Failed, expect, same

# Other versions may behave differently.
SDK_VERSION = "5.9.0"
# The emulator runs on this machine; a longer request hangs.
TIMEOUT = 20.0

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def numbers(series):
    """Returns the values of a series, which are texts on the wire."""
    expect(all(isinstance(value, str) for value in series.values), "a value is no text")
    try:
        found = [float(value) for value in series.values]
    except ValueError as error:
        raise Failed(f"a value is no number: {error}") from error
    expect(all(math.isfinite(value) for value in found), "a value is not finite")
    return found


def labels(result):
    """Returns the labels in the order of the answer. The SDK keeps series as extra members, since their names are open."""
    return list(result.model_extra or {})


def one(result, label):
    """Returns the series with this label, typed."""
    series = (result.model_extra or {}).get(label)
    kind = type(series).__name__
    expect(isinstance(series, CTTimeseriesResponseItem), f"{label} is {kind}; there are {labels(result)}")
    expect(series.timestamps, f"{label} has no points")
    same(len(series.values), len(series.timestamps), f"the number of values of {label}")
    expect(getattr(result, label) is series, f"{label} is no attribute")
    return series


def evenly(series, step):
    """Checks that the timestamps have an offset and are one step apart."""
    for at in series.timestamps:
        expect(isinstance(at, datetime) and at.utcoffset() is not None, f"{at!r} is no instant")
    for before, after in zip(series.timestamps, series.timestamps[1:]):
        same(after - before, step, f"the step after {before}")


def adds_up(parts, whole):
    """Checks that the series of all values of a filter add up to the one without the filter."""
    sums = [sum(values) for values in zip(*(numbers(part) for part in parts))]
    same(sums, numbers(whole), "the sum of the parts")
    for part in parts:
        expect(0 < sum(numbers(part)) < sum(numbers(whole)), "a part is empty or everything")


def refused(kind, status, code, call):
    """Checks that the call raises this error, with this code in its first entry."""
    try:
        call()
    except cloudflare.APIError as error:
        expect(type(error) is kind, f"{type(error).__name__}, not {kind.__name__}: {error}")
        same(error.status_code, status, "the status")
        expect(error.errors, f"the body has no errors: {error.body!r}")
        same(error.errors[0].code, code, "the code")
        expect(error.errors[0].message, "the error says nothing")
        return error
    raise Failed("it was answered")


class Checks:
    """All checks in order. Each is a method, and its name states the behaviour."""

    HELPERS = ("__init__", "connect", "limit_header")

    def __init__(self, base_url, token):
        self.base_url = base_url
        self.token = token
        self.client = self.connect(token)
        self.ct = self.client.radar.ct

    def connect(self, token):
        # Without proxies, which could not reach the loopback of this machine, and without retries.
        http_client = DefaultHttpxClient(trust_env=False)
        return Cloudflare(
            api_token=token, base_url=self.base_url, max_retries=0, timeout=TIMEOUT, http_client=http_client
        )

    def a_single_series_is_typed(self):
        result = self.ct.timeseries(date_range=["7d"], agg_interval="1h")
        expect(type(result) is CTTimeseriesResponse, f"{type(result).__name__}")
        same(labels(result), ["serie_0"], "the series")
        evenly(one(result, "serie_0"), HOUR)

    def values_are_texts_that_are_numbers(self):
        found = numbers(one(self.ct.timeseries(date_range=["7d"]), "serie_0"))
        expect(min(found) >= 0, "a volume is negative")
        expect(len(set(found)) > 1, "all volumes are equal")

    def meta_is_typed(self):
        meta = self.ct.timeseries(date_range=["7d"], agg_interval="1h").meta
        expect(type(meta) is Meta, f"{type(meta).__name__}")
        same(meta.agg_interval, "ONE_HOUR", "aggInterval")
        same(meta.normalization, "RAW_VALUES", "normalization")
        same(len(meta.date_range), 1, "the number of windows")
        window = meta.date_range[0]
        for at in (window.start_time, window.end_time, meta.last_updated):
            expect(isinstance(at, datetime) and at.utcoffset() is not None, f"{at!r} is no instant")
        same(window.end_time - window.start_time, WEEK, "the window")
        expect(meta.units and all(unit.name and unit.value for unit in meta.units), f"units: {meta.units!r}")
        expect(meta.confidence_info is not None, "confidenceInfo is missing")
        same(meta.confidence_info.annotations, [], "the annotations")

    def the_interval_is_the_one_asked_for(self):
        intervals = (("15m", "FIFTEEN_MINUTES", HOUR / 4), ("1d", "ONE_DAY", DAY), ("1w", "ONE_WEEK", WEEK))
        for asked, reported, step in intervals:
            result = self.ct.timeseries(date_range=["14d"], agg_interval=asked)
            same(result.meta.agg_interval, reported, "aggInterval")
            evenly(one(result, "serie_0"), step)

    def names_label_a_comparison_in_order(self):
        result = self.ct.timeseries(name=["this week", "last_week"], date_range=["7d", "7dcontrol"])
        same(labels(result), ["this week", "last_week"], "the series")
        expect("serie_0" not in (result.model_extra or {}), "there is a serie_0 beside the names")
        current, control = one(result, "this week"), one(result, "last_week")
        same([at - WEEK for at in current.timestamps], control.timestamps, "the timestamps of the control")
        expect(numbers(current) != numbers(control), "the control is the current week once more")

    def a_comparison_has_a_window_for_each_series(self):
        windows = self.ct.timeseries(date_range=["7d", "7dcontrol"]).meta.date_range
        same(len(windows), 2, "the number of windows")
        same(windows[1].end_time, windows[0].start_time, "the end of the control")
        same(windows[1].end_time - windows[1].start_time, WEEK, "the length of the control")

    def series_without_names_are_counted(self):
        result = self.ct.timeseries(date_range=["7d", "7dcontrol"])
        same(labels(result), ["serie_0", "serie_1"], "the series")
        expect(one(result, "serie_0").timestamps != one(result, "serie_1").timestamps, "both have one window")

    def a_control_equals_its_window_given_by_instants(self):
        control = self.ct.timeseries(date_range=["7dcontrol"], agg_interval="1h")
        window = control.meta.date_range[0]
        given = self.ct.timeseries(
            date_start=[window.start_time], date_end=[window.end_time], agg_interval="1h"
        )
        same(one(given, "serie_0").timestamps, one(control, "serie_0").timestamps, "the timestamps")
        same(numbers(one(given, "serie_0")), numbers(one(control, "serie_0")), "the values")

    def instants_with_an_offset_are_the_same_instants(self):
        end = self.ct.timeseries(date_range=["1d"]).meta.date_range[0].end_time
        there = timezone(timedelta(hours=5, minutes=30))
        utc = self.ct.timeseries(date_start=[end - DAY], date_end=[end])
        start_there, end_there = (end - DAY).astimezone(there), end.astimezone(there)
        local = self.ct.timeseries(date_start=[start_there], date_end=[end_there])
        same(local.meta.date_range[0].start_time, end - DAY, "the start")
        same(numbers(one(local, "serie_0")), numbers(one(utc, "serie_0")), "the values")

    def a_filter_belongs_to_the_series_at_its_position(self):
        # One position fewer than series: the last series has no filter.
        result = self.ct.timeseries(
            name=["pre", "final", "all"], date_range=["7d"] * 3, entry_type=["PRECERTIFICATE", "CERTIFICATE"]
        )
        adds_up([one(result, "pre"), one(result, "final")], one(result, "all"))

    def booleans_are_understood(self):
        result = self.ct.timeseries(
            name=["with", "without", "all"], date_range=["7d"] * 3, has_wildcards=[True, False]
        )
        adds_up([one(result, "with"), one(result, "without")], one(result, "all"))

    def groups_add_up_to_the_series(self):
        whole = numbers(one(self.ct.timeseries(date_range=["2d"], agg_interval="1h"), "serie_0"))
        for dimension in ("CA_OWNER", "DURATION", "HAS_IPS", "LOG"):
            raw = self.ct.with_raw_response.timeseries_groups(
                dimension, date_range=["2d"], agg_interval="1h", normalization="RAW_VALUES"
            )
            columns = raw.http_response.json()["result"]["serie_0"]
            same(len(columns.pop("timestamps")), len(whole), "the number of timestamps")
            sums = [sum(int(value) for value in values) for values in zip(*columns.values())]
            same(sums, whole, f"the sum over {dimension}")
            same(raw.parse().meta.normalization, "RAW_VALUES", "normalization")

    def a_summary_is_typed_and_in_percent(self):
        result = self.ct.summary("CA_OWNER", date_range=["7d"])
        expect(type(result) is CTSummaryResponse, f"{type(result).__name__}")
        same(result.meta.normalization, "PERCENTAGE", "normalization")
        shares = [float(share) for share in result.summary_0.values()]
        expect(abs(sum(shares) - 100) < 1e-6, f"the sum of the shares: {sum(shares)}")
        same(shares, sorted(shares, reverse=True), "the order")

    def what_a_limit_leaves_is_other(self):
        groups = self.ct.summary("TLD", date_range=["7d"], limit_per_group=3).summary_0
        same(len(groups), 4, "the number of groups")
        same(list(groups)[-1], "other", "the last group")
        refused(
            cloudflare.BadRequestError, 400, 2001, lambda: self.ct.summary("DURATION", limit_per_group=3)
        )

    def lists_are_paged_and_each_row_is_found(self):
        authorities, offset = [], 0
        while True:
            page = self.ct.authorities.list(limit=30, offset=offset).certificate_authorities
            authorities += page
            offset += len(page)
            if len(page) < 30:
                break
        expect(len(authorities) > 30, f"{len(authorities)} authorities")
        same(len({ca.sha256_fingerprint for ca in authorities}), len(authorities), "the number of fingerprints")
        last = authorities[-1]
        found = self.ct.authorities.get(last.sha256_fingerprint).certificate_authority
        same((found.name, found.parent_name), (last.name, last.parent_name), "the authority")
        expect(found.valid_from < found.valid_to, "the validity ends before it begins")
        log = self.ct.logs.list(limit=1).certificate_logs[0]
        same(self.ct.logs.get(log.slug).certificate_log.description, log.description, "the log")

    def what_is_not_in_a_list_is_not_found(self):
        # Radar's own errors have no codes.
        for ask in (lambda: self.ct.logs.get("no-such-log"), lambda: self.ct.authorities.get("0" * 64)):
            try:
                ask()
            except cloudflare.NotFoundError as error:
                same(error.body, {"error": "Not Found"}, "the body")
            else:
                raise Failed("it was answered")

    def an_empty_filter_that_the_sdk_drops_shifts_the_later_ones(self):
        # The SDK drops the empty filter. The emulator answers what was sent, as the API does.
        owners = ["DigiCert", "", "Sectigo"]
        names = ["first", "second", "third"]
        shifted = self.ct.timeseries(name=names, date_range=["7d"] * 3, ca_owner=owners)
        sectigo = self.ct.timeseries(date_range=["7d"], ca_owner=["Sectigo"])
        everything = self.ct.timeseries(date_range=["7d"])
        same(numbers(one(shifted, "second")), numbers(one(sectigo, "serie_0")), "the second series")
        same(numbers(one(shifted, "third")), numbers(one(everything, "serie_0")), "the third series")
        expect(numbers(one(shifted, "third")) != numbers(one(shifted, "second")), "the filter does nothing")

    def the_headers_of_the_api_are_there(self):
        raw = self.ct.with_raw_response.timeseries(date_range=["1d"])
        for name in ("cf-ray", "ratelimit", "ratelimit-policy"):
            expect(raw.headers.get(name), f"no {name}")
        same(raw.headers.get("content-type"), "application/json", "content-type")
        expect(type(raw.parse()) is CTTimeseriesResponse, "the raw answer is not parsed")

    def the_asynchronous_client_gets_the_same(self):
        async def ask():
            http_client = DefaultAsyncHttpxClient(trust_env=False)
            async with AsyncCloudflare(
                api_token=self.token,
                base_url=self.base_url,
                max_retries=0,
                timeout=TIMEOUT,
                http_client=http_client,
            ) as client:
                return await client.radar.ct.timeseries(date_range=["1d"])

        found = numbers(one(asyncio.run(ask()), "serie_0"))
        same(found, numbers(one(self.ct.timeseries(date_range=["1d"]), "serie_0")), "the values")

    def a_bad_date_range_is_a_bad_request(self):
        for text in ("yesterday", "0d", "365d", "53w", "7d control"):
            ask = self.ct.timeseries
            refused(cloudflare.BadRequestError, 400, 2001, lambda: ask(date_range=[text]))

    def series_of_different_length_are_a_bad_request(self):
        ask = self.ct.timeseries
        refused(cloudflare.BadRequestError, 400, 2001, lambda: ask(date_range=["7d", "14d"]))

    def a_malformed_authorization_is_a_bad_request(self):
        headers = {"Authorization": "Bearer"}
        error = refused(
            cloudflare.BadRequestError,
            400,
            6003,
            lambda: self.ct.timeseries(date_range=["7d"], extra_headers=headers),
        )
        chain = error.body["errors"][0].get("error_chain") or [{}]
        same(chain[0].get("code"), 6111, "the code in the chain")

    def a_wrong_token_is_no_authentication(self):
        with self.connect(self.token + "-not") as stranger:
            ask = stranger.radar.ct.timeseries
            error = refused(cloudflare.AuthenticationError, 401, 10000, lambda: ask(date_range=["7d"]))
        expect(self.token not in str(error), "the error gives the token away")

    def an_unknown_path_is_not_found(self):
        ask = self.client.get
        refused(cloudflare.NotFoundError, 404, 7003, lambda: ask("/radar/ct/no-such-thing", cast_to=object))

    def far_too_many_series_are_unprocessable(self):
        # The limit is not documented; a thousand is beyond it.
        ask = self.ct.timeseries
        refused(cloudflare.UnprocessableEntityError, 422, 2002, lambda: ask(date_range=["364d"] * 1000))

    def more_than_the_limit_is_a_rate_limit(self):
        # The last check, since it blocks the token. It works with the API's own limit, too, but takes longer.
        left = int(re.search(r"r=(\d+)", self.limit_header()).group(1))
        expect(0 < left < 5000, f"{left} requests are left")
        for before in range(left, 0, -1):
            found = self.limit_header()
            expect(f"r={before - 1};" in found, f"with {before} requests left, one more gave {found}")
        ask = self.ct.timeseries
        error = refused(cloudflare.RateLimitError, 429, 1015, lambda: ask(date_range=["1d"]))
        wait = error.response.headers.get("retry-after", "")
        expect(wait.isdigit() and int(wait) > 0, f"retry-after: {wait!r}")

    def limit_header(self):
        return self.ct.with_raw_response.timeseries(date_range=["1d"]).headers["ratelimit"]


def main(args):
    base_url = args[0] if args else os.environ.get("CLOUDFLARE_BASE_URL")
    token = args[1] if len(args) > 1 else os.environ.get("CLOUDFLARE_API_TOKEN")
    if not base_url or not token or len(args) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    if cloudflare.__version__ != SDK_VERSION:
        print(f"this is about cloudflare {SDK_VERSION}, not {cloudflare.__version__}", file=sys.stderr)
        return 2
    # The SDK would send these instead of the token, or beside it.
    for name in ("API_KEY", "EMAIL", "API_USER_SERVICE_KEY", "CUSTOM_HEADERS"):
        os.environ.pop(f"CLOUDFLARE_{name}", None)

    checks = Checks(base_url, token)
    names = [name for name, member in vars(Checks).items() if callable(member)]
    names = [name for name in names if name not in Checks.HELPERS]
    failed = []
    for name in names:
        title = name.replace("_", " ")
        try:
            getattr(checks, name)()
        # An unexpected error of the SDK fails one check; the others still run.
        except Exception as error:
            print(f"FAILED  {title}: {type(error).__name__}: {error}"[:1000], flush=True)
            failed.append(title)
        else:
            print(f"ok      {title}", flush=True)
    print(f"\n{len(names) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
