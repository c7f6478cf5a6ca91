"""Reads the sources of the TypeScript SDK: {name: text} of what is below `src/resources/radar/ct`.

Not TypeScript, but the part of it that these sources are written in. Whatever else comes is an error.
"""

import re

from surface import Endpoint, Field, Object, Unexpected, snake

SOURCES = re.compile(r"package/src/resources/radar/ct/\w+\.ts$")

TOKEN = re.compile(
    r"(?P<doc>/\*\*.*?\*/)|(?P<skip>\s+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<text>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")|(?P<template>`[^`]*`)"
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)|(?P<mark>=>|\.\.\.|.)",
    re.DOTALL,
)

NAMES = {
    "string": ("text",), "number": ("number",), "boolean": ("boolean",), "null": ("null",), "undefined": ("null",),
    "unknown": ("any",), "any": ("any",),
}
OPENING, CLOSING = "({[", ")}]"
MODIFIERS = {"static", "override", "readonly", "async", "private", "protected", "public", "get", "set"}


def wants(name):
    return bool(SOURCES.search(name)) and not name.endswith("/index.ts")


def endpoints(files):
    found = []
    for name, text in sorted(files.items()):
        source = Source(name, text)
        source.read()
        calls = source.calls()
        if len(source.methods) != len(calls):
            # A method that is overlooked would be an endpoint that is not there.
            raise Unexpected(f"{name}: {len(calls)} calls, but {len(source.methods)} methods that could make them")
        found += [source.endpoint(*method) for method in source.methods]
    return found


def text_of(doc):
    """The words of a comment, without examples."""
    return re.sub(r"(?m)^\s*\*", " ", doc[3:-2]).partition("@example")[0]


class Source:
    """One file."""

    def __init__(self, name, text):
        self.name = name
        self.tokens = []
        line = 1
        for found in TOKEN.finditer(text):
            if found.lastgroup != "skip":
                self.tokens.append((found.lastgroup, found.group(), line))
            line += found.group().count("\n")
        self.tokens.append(("end", "", line))
        self.at = 0
        # By path: ("Answer", "Meta").
        self.interfaces = {}
        self.methods = []
        # What stood before a method; where it can be called in several ways, before the first.
        self.doc = ""

    def fail(self, what):
        _, text, line = self.tokens[self.at]
        raise Unexpected(f"{self.name}:{line}: {what}, at `{text[:40]}`")

    def peek(self, ahead=0):
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)][1]

    def kind(self):
        return self.tokens[self.at][0]

    def next(self):
        token = self.tokens[self.at]
        self.at += 1
        return token[1]

    def take(self, text):
        if self.peek() == text:
            self.at += 1
            return True
        return False

    def want(self, text):
        if not self.take(text):
            self.fail(f"`{text}` was expected")

    def name_here(self):
        if self.kind() != "name":
            self.fail("a name was expected")
        return self.next()

    def skip_block(self):
        """Past what is in brackets, from the opening one on."""
        depth = 0
        while True:
            text = self.next()
            depth += (text in OPENING) - (text in CLOSING) if len(text) == 1 else 0
            if depth == 0:
                return
            if self.kind() == "end":
                self.fail("a bracket is never closed")

    def read(self):
        """Interfaces and methods of classes; whatever else is at the top of a file is passed over."""
        while self.kind() != "end":
            self.statement(())

    def statement(self, scope):
        while self.kind() == "doc":
            self.next()
        declared = self.take("export") and self.take("declare")
        if self.take("interface"):
            name = self.name_here()
            if self.peek() != "{":
                self.fail(f"{name} is more than members in braces")
            self.interfaces[scope + (name,)] = self.at
            self.skip_block()
        elif self.take("type") and self.peek(1) == "=":
            self.fail("a name for a type is not known")
        elif self.take("namespace"):
            name = self.name_here()
            if declared:
                # What the file hands on, which it has declared already.
                self.skip_block()
                return
            self.want("{")
            while not self.take("}"):
                if self.kind() == "end":
                    self.fail(f"{name} is never closed")
                self.statement(scope + (name,))
        elif self.take("class"):
            self.a_class()
        else:
            self.skip_statement()

    def skip_statement(self):
        while self.kind() != "end":
            if self.peek() in OPENING and len(self.peek()) == 1:
                self.skip_block()
            elif self.next() == ";":
                return

    def a_class(self):
        while self.peek() != "{":
            self.next()
        self.want("{")
        while not self.take("}"):
            if self.kind() == "end":
                self.fail("a class is never closed")
            if self.kind() == "doc":
                self.doc = self.next()
            elif self.peek() in MODIFIERS and self.peek(1) != "(":
                self.next()
            elif self.kind() == "name" and self.peek(1) == "(":
                self.method()
            else:
                self.skip_statement()

    def method(self):
        line = self.tokens[self.at][2]
        name = self.name_here()
        begin = self.at
        self.skip_block()
        # What it returns, up to its body; without one it is another way to call the same.
        while self.peek() not in ("{", ";"):
            self.next()
        if self.take(";"):
            return
        body = self.at
        self.skip_block()
        if any(body <= at < self.at for at in self.calls()):
            self.methods.append((name, line, begin, body, self.at, self.doc))
            self.doc = ""

    def calls(self):
        """Where `this._client.VERB` begins."""
        wanted = ["this", ".", "_client", "."]
        return [at for at in range(len(self.tokens)) if [one[1] for one in self.tokens[at : at + 4]] == wanted]

    def endpoint(self, name, line, begin, body, end, doc):
        where = f"{self.name}:{line}"
        verb, path = self.call(where, name, body, end)
        self.at = begin
        arguments = self.arguments()
        named = [snake(one) for one in re.findall(r"\${(\w+)}", path)]
        path = re.sub(r"\${(\w+)}", lambda found: "{" + snake(found.group(1)) + "}", path)
        in_path = [Field(one, self.type(()), "") for one, self.at in arguments if snake(one) in named]
        if len(in_path) != len(named):
            raise Unexpected(f"{where}: {name} does not take all that its path names")
        queries = [at for one, at in arguments if one in ("query", "params")]
        if len(queries) != 1:
            raise Unexpected(f"{where}: {name} has {len(queries)} arguments for parameters")
        parameters = self.interface(where, queries[0])
        self.at = self.behind_arguments(begin)
        self.want(":")
        answer = self.interface(where, self.at)
        return Endpoint(path if verb == "get" else f"{verb.upper()} {path}", where, in_path, parameters.fields,
                        ("object", answer), text_of(doc), "@deprecated" in doc)

    def call(self, where, name, body, end):
        """The verb and the path of `this._client.VERB(PATH, ...`."""
        for at in self.calls():
            if body <= at < end:
                # Behind the verb and the bracket, a text or a template, the latter perhaps with the name of its maker.
                for kind, text, _ in self.tokens[at + 6 : at + 8]:
                    if kind in ("text", "template"):
                        return self.tokens[at + 4][1], text[1:-1]
        raise Unexpected(f"{where}: {name} calls no path")

    def arguments(self):
        """The names, and where the types begin."""
        self.want("(")
        found = []
        while not self.take(")"):
            name = self.name_here()
            self.take("?")
            self.want(":")
            found.append((name, self.at))
            while self.peek() not in (",", ")"):
                if self.kind() == "end":
                    self.fail("arguments are never closed")
                if self.peek() in OPENING:
                    self.skip_block()
                else:
                    self.next()
            self.take(",")
        return found

    def behind_arguments(self, begin):
        self.at = begin
        self.skip_block()
        return self.at

    def interface(self, where, at):
        """The one interface of this file that a type names, within whatever is around it."""
        self.at, found = at, []
        while self.peek() not in (",", ")", "{", "=", ";"):
            text = self.next()
            if (text,) in self.interfaces and text not in found:
                found.append(text)
        if len(found) != 1:
            raise Unexpected(f"{where}: {len(found)} interfaces of this file where one was expected")
        return self.members_of((found[0],))

    def members_of(self, path):
        self.at = self.interfaces[path]
        return self.members(path[:-1])

    def members(self, scope):
        self.want("{")
        found, doc = Object(), ""
        while not self.take("}"):
            if self.kind() == "doc":
                doc = text_of(self.next())
                continue
            if self.take("["):
                self.name_here()
                self.want(":")
                self.want("string")
                self.want("]")
                self.want(":")
                found.rest = self.type(scope)
            else:
                if self.kind() not in ("name", "text"):
                    self.fail("the name of a member was expected")
                name = self.next().strip("'\"")
                optional = self.take("?")
                self.want(":")
                found.fields.append(Field(name, self.type(scope), doc, may_be_missing=optional))
            self.take(";")
            doc = ""
        if found.rest is not None and found.rest[0] == "union":
            # Members of any name must allow for those with a name, too.
            named = [one.type for one in found.fields]
            kinds = [one for one in found.rest[1] if one != ("null",)]
            kinds = [one for one in kinds if one not in named] or kinds[:1]
            found.rest = kinds[0] if len(kinds) == 1 else ("union", kinds)
        return found

    def type(self, scope):
        self.take("|")
        kinds = [self.one_type(scope)]
        while self.take("|"):
            kinds.append(self.one_type(scope))
        return kinds[0] if len(kinds) == 1 else ("union", kinds)

    def one_type(self, scope):
        if self.kind() == "text":
            kind = ("words", [self.next()[1:-1]])
        elif self.take("("):
            kind = self.type(scope)
            self.want(")")
        elif self.peek() == "{":
            members = self.members(scope)
            kind = ("object", members) if members.fields or members.rest is None else ("map", members.rest)
        elif self.kind() == "name":
            kind = self.named(scope)
        else:
            self.fail("a type of a kind that is not known")
        while self.peek() == "[" and self.peek(1) == "]":
            self.at += 2
            kind = ("list", kind)
        return kind

    def named(self, scope):
        name = self.next()
        if name in NAMES:
            return NAMES[name]
        if name == "Array":
            self.want("<")
            kind = self.type(scope)
            self.want(">")
            return ("list", kind)
        parts = [name]
        while self.take("."):
            parts.append(self.name_here())
        for depth in range(len(scope), -1, -1):
            path = scope[:depth] + tuple(parts)
            if path in self.interfaces:
                back = self.at
                kind = ("object", self.members_of(path))
                self.at = back
                return kind
        return self.fail(f"{'.'.join(parts)} is declared nowhere in the file")
