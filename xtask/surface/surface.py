"""What an SDK's sources say of the API, and how that is written down: one fact a line.

A type is a tuple: ("text",), ("time",), ("date",), ("integer",), ("number",), ("boolean",), ("any",), ("null",),
("words", [values]), ("list", type), ("map", type), ("union", [types]) or ("object", Object).
"""

import re
from dataclasses import dataclass, field
from typing import List, Optional

import rules


class Unexpected(Exception):
    """The sources are not shaped as this reads them. What cannot be read must not pass for what is not there."""


@dataclass
class Field:
    name: str
    type: tuple
    doc: str = ""
    may_be_missing: bool = False


@dataclass
class Object:
    fields: List[Field] = field(default_factory=list)
    # The type of every other member, where there may be some.
    rest: Optional[tuple] = None


@dataclass
class Endpoint:
    path: str
    where: str
    in_path: List[Field]
    parameters: List[Field]
    answer: tuple
    doc: str = ""
    deprecated: bool = False


# Fewer than these are no API that has shrunk but sources that were not read.
FEWEST_ENDPOINTS = 7
FEWEST_MEMBERS = 5
FEWEST_WORDS = 100

SERIES = re.compile(r"(serie|summary)_\d+$")
LABEL = "<label>"
GROUP = "<group>"


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found.group(1).lower(), name)


def plain(kind):
    """The type without null, and whether there was any."""
    if kind[0] != "union":
        return kind, kind == ("null",)
    kinds = []
    for one in kind[1]:
        if one != ("null",) and one not in kinds:
            kinds.append(one)
    if {one[0] for one in kinds} in ({"text", "time"}, {"text", "date"}):
        kinds = [one for one in kinds if one != ("text",)]
    if kinds and all(one[0] == "words" for one in kinds):
        kinds = [("words", [word for one in kinds for word in one[1]])]
    return (kinds[0] if len(kinds) == 1 else ("union", kinds)), ("null",) in kind[1]


def form(kind):
    kind, _ = plain(kind)
    if kind[0] == "list":
        return "list of " + form(kind[1])
    if kind[0] == "union":
        return " or ".join(sorted({form(one) for one in kind[1]}))
    return {"words": "text", "map": "object"}.get(kind[0], kind[0])


def words(kind):
    kind, _ = plain(kind)
    if kind[0] == "list":
        return words(kind[1])
    return kind[1] if kind[0] == "words" else []


class Facts:
    def __init__(self):
        self.lines = []

    def add(self, endpoint, subject, aspect, value):
        parts = (endpoint, subject, aspect, " ".join(str(value).split()))
        line = "\t".join(parts)
        if line not in self.lines:
            self.lines.append(line)

    def endpoint(self, endpoint):
        self.add(endpoint.path, "endpoint", "form", "GET")
        for rule in ["deprecated"] * endpoint.deprecated + rules.of(endpoint.doc, by_dimension=False):
            self.add(endpoint.path, "endpoint", "rule", rule)

    def parameter(self, endpoint, subject, one):
        self.add(endpoint.path, subject, "form", form(one.type))
        for word in words(one.type):
            self.add(endpoint.path, subject, "word", word)
        for rule in rules.of(one.doc, by_dimension="{dimension}" in endpoint.path):
            self.add(endpoint.path, subject, "rule", rule)

    def member(self, endpoint, path, kind, may_be_missing):
        kind, null = plain(kind)
        subject = "answer " + path
        self.add(endpoint.path, subject, "form", form(kind))
        if may_be_missing or null:
            self.add(endpoint.path, subject, "null", "may be null or missing")
        for word in words(kind):
            self.add(endpoint.path, subject, "word", word)
        if path == LABEL:
            self.series(endpoint, kind)
            return
        while kind[0] == "list":
            path, (kind, _) = path + "[]", plain(kind[1])
        self.members(endpoint, path + ".", kind)

    def members(self, endpoint, prefix, kind):
        if kind[0] != "object":
            return
        for one in kind[1].fields:
            name = LABEL if not prefix and SERIES.match(one.name) else one.name
            self.member(endpoint, prefix + name, one.type, one.may_be_missing)
        if kind[1].rest is not None:
            self.member(endpoint, prefix + (GROUP if prefix else LABEL), kind[1].rest, False)

    def series(self, endpoint, kind):
        """Below a label: columns, or one member for each group, some of whose keys may be listed."""
        if kind[0] != "union":
            self.members(endpoint, LABEL + ".", kind)
            return
        group, fixed, listed = None, [], []
        for one in kind[1]:
            if one[0] == "map":
                group = one[1]
            elif one[0] == "object" and one[1].rest is not None:
                group = one[1].rest
                fixed += one[1].fields
            elif one[0] == "object":
                listed += one[1].fields
            else:
                raise Unexpected(f"{endpoint.where}: a series of {endpoint.path} may be {form(one)}")
        if group is None:
            raise Unexpected(f"{endpoint.where}: {endpoint.path} has no open group beside those it lists")
        for one in fixed:
            self.member(endpoint, f"{LABEL}.{one.name}", one.type, one.may_be_missing)
        self.member(endpoint, f"{LABEL}.{GROUP}", group, False)
        known = {one.name for one in fixed}
        for one in listed:
            if one.name not in known:
                self.add(endpoint.path, f"answer {LABEL}.{GROUP}", "key", one.name)
                if form(one.type) != form(group):
                    self.member(endpoint, f"{LABEL}.{one.name}", one.type, one.may_be_missing)


def facts(endpoints):
    """The facts of all endpoints, having made sure that they have been read and not overlooked."""
    if len({one.path for one in endpoints}) < FEWEST_ENDPOINTS:
        found = ", ".join(sorted(one.path for one in endpoints)) or "none"
        raise Unexpected(f"fewer than {FEWEST_ENDPOINTS} endpoints were found: {found}")
    all_facts = Facts()
    for endpoint in sorted(endpoints, key=lambda one: one.path):
        if not endpoint.parameters:
            raise Unexpected(f"{endpoint.where}: {endpoint.path} has no parameters")
        all_facts.endpoint(endpoint)
        for one in endpoint.in_path:
            if words(one.type) or rules.of(one.doc, by_dimension=False):
                all_facts.parameter(endpoint, f"path {{{snake(one.name)}}}", one)
        for one in endpoint.parameters:
            all_facts.parameter(endpoint, f"parameter {one.name}", one)
        before = len(all_facts.lines)
        all_facts.members(endpoint, "", plain(endpoint.answer)[0])
        if len(all_facts.lines) - before < FEWEST_MEMBERS:
            raise Unexpected(f"{endpoint.where}: the answer of {endpoint.path} has next to no members")
    count = sum("\tword\t" in line for line in all_facts.lines)
    if count < FEWEST_WORDS:
        raise Unexpected(f"only {count} values of enumerations were found")
    return all_facts.lines
