"""Prints the Certificate Transparency API as the Python SDK in a wheel describes it, in JSON.

    python python_sdk.py WHEEL

The methods are called with a stand-in for the client, which records the path and the names on the wire; the types become
JSON Schema through pydantic.
"""

import inspect
import json
import re
import sys
import types
import typing
from unittest.mock import Mock

from pydantic import TypeAdapter

# Imported from the wheel itself.
sys.path.insert(0, sys.argv[1])
from cloudflare import __version__
from cloudflare._resource import SyncAPIResource
from cloudflare.resources.radar.ct import CTResource

# What pydantic has no schema for: sequences that are not text, and arguments that are not given.
TYPES = {"SequenceNotStr": typing.List, "Iterable": typing.List, "Omit": None, "NotGiven": None}


def schema(hint):
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = typing.Union[tuple(one for one in typing.get_args(hint) if one is not type(None))]
    return TypeAdapter(hint).json_schema(by_alias=True)


def endpoint(resource, method):
    hints = typing.get_type_hints(method, localns=TYPES)
    names = list(inspect.signature(method).parameters)
    names = names[: names.index("extra_headers")]
    resource._client.reset_mock()
    method(**{name: "{%s}" % name for name in names})
    (verb, (path,), options), = resource._client.method_calls
    path = path.replace("%7B", "{").replace("%7D", "}")
    # Names on the wire, by the value that was given for each.
    wire = {value: name for name, value in options["options"].get("params", {}).items()}
    doc, *arguments = re.split(r"\n  (\w+): ", inspect.getdoc(method))
    docs = dict(zip(arguments[::2], arguments[1::2]))
    deprecated = getattr(method, "__deprecated__", None)
    # `get_api_list` is a GET, too.
    return verb.upper().replace("_API_LIST", "") + " " + path, {
        "doc": doc.partition("Args:")[0] + (f" Deprecated: {deprecated}" if deprecated else ""),
        "parameters": {
            wire.get("{%s}" % name, name): {"doc": docs.get(name, ""), "schema": schema(hints[name])} for name in names
        },
        "answer": schema(hints["return"]),
    }


def endpoints(resource):
    for name, _ in inspect.getmembers(type(resource)):
        if name.startswith("_") or name in ("with_raw_response", "with_streaming_response"):
            continue
        member = getattr(resource, name)
        if isinstance(member, SyncAPIResource):
            yield from endpoints(member)
        else:
            yield endpoint(resource, member)


print(json.dumps({"version": __version__, "endpoints": dict(endpoints(CTResource(Mock())))}))
