"""Benchmarks of the official Python SDK and a fast JSON parser.

    peer.py TASK FILE_OR_URL TIMES           repeats a task, so that its instructions can be counted
    peer.py --time TASK FILE_OR_URL SECONDS  prints the shortest time in nanoseconds

Tasks: `decode` is the SDK's parser on a response in memory; `canned` is a call with httpx.MockTransport instead of a
network; `call` is a call at a base URL; `orjson` only parses, without types.
"""

import sys
import time


def decode(path):
    client, _ = canned_client(path)
    response = client.radar.ct.with_raw_response.timeseries()

    def task():
        # The SDK keeps what it has parsed.
        response._parsed_by_type.clear()
        return response.parse()

    answer = task()
    series = answer.model_extra if answer.model_extra else answer.__dict__
    assert any(getattr(one, "values", None) for one in series.values()), "the SDK has found no series"
    return task


def canned(path):
    client, _ = canned_client(path)
    return client.radar.ct.timeseries


def canned_client(path):
    import httpx
    from cloudflare import Cloudflare

    with open(path, "rb") as file:
        body = file.read()
    headers = {"content-type": "application/json"}

    def answer(_request):
        return httpx.Response(200, headers=headers, content=body)

    transport = httpx.Client(transport=httpx.MockTransport(answer))
    return Cloudflare(api_token="benchmark-token", http_client=transport), body


def call(base_url):
    from cloudflare import Cloudflare

    return Cloudflare(api_token="benchmark-token", base_url=base_url).radar.ct.timeseries


def orjson(path):
    from orjson import loads

    with open(path, "rb") as file:
        body = file.read()
    return lambda: loads(body)


TASKS = {"decode": decode, "canned": canned, "call": call, "orjson": orjson}


def main(arguments):
    if arguments[0] == "--time":
        _, name, subject, seconds = arguments
        task = TASKS[name](subject)
        task()
        best, end = None, time.monotonic() + float(seconds)
        while time.monotonic() < end:
            began = time.perf_counter_ns()
            task()
            took = time.perf_counter_ns() - began
            best = took if best is None else min(best, took)
        print(best)
    else:
        name, subject, times = arguments
        task = TASKS[name](subject)
        for _ in range(int(times)):
            task()


main(sys.argv[1:])
