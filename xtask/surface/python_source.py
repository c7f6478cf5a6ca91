"""Reads the sources of the Python SDK: {name: text} of what is below `resources/radar/ct` and of the types beside."""

import ast
import re

from surface import Endpoint, Field, Object, Unexpected

RESOURCES = re.compile(r"cloudflare/resources/radar/ct/\w+\.py$")
TYPES = re.compile(r"cloudflare/types/radar/(ct/\w+|ct_\w+)\.py$")
CALL = re.compile(r"_(get|post|put|patch|delete|get_api_list)$")

NAMES = {
    "str": ("text",), "int": ("integer",), "float": ("number",), "bool": ("boolean",), "datetime": ("time",),
    "date": ("date",), "object": ("any",), "None": ("null",), "Omit": ("null",), "NotGiven": ("null",),
}
LISTS = {"List", "Iterable", "Sequence", "SequenceNotStr", "list"}


def wants(name):
    return bool(RESOURCES.search(name) or TYPES.search(name))


def endpoints(files):
    modules = {name: Module(name, text) for name, text in sorted(files.items())}
    types = [module for name, module in modules.items() if TYPES.search(name)]
    found = []
    for name, module in modules.items():
        if RESOURCES.search(name):
            found += _of_resources(module, types)
    return found


class Module:
    """One file, with the types that it declares."""

    def __init__(self, name, text):
        self.name = name
        try:
            self.tree = ast.parse(text)
        except SyntaxError as error:
            raise Unexpected(f"{name}: no Python that this Python can read: {error}") from error
        self.classes = {one.name: one for one in self.tree.body if isinstance(one, ast.ClassDef)}
        self.aliases = {
            one.target.id: one.value
            for one in self.tree.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None
        }
        self.open = []

    def fail(self, node, what):
        raise Unexpected(f"{self.name}:{node.lineno}: {what}: {ast.unparse(node)[:80]}")

    def type(self, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.type(ast.parse(node.value, mode="eval").body)
        if isinstance(node, ast.Constant) and node.value is None:
            return ("null",)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self.union([node.left, node.right])
        if isinstance(node, ast.Name):
            return self.named(node)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            return self.generic(node)
        return self.fail(node, "a type of a kind that is not known")

    def union(self, nodes):
        kinds = []
        for node in nodes:
            kind = self.type(node)
            kinds += kind[1] if kind[0] == "union" else [kind]
        return ("union", kinds)

    def named(self, node):
        if node.id in NAMES:
            return NAMES[node.id]
        if node.id in self.open:
            self.fail(node, "a type that holds itself")
        self.open.append(node.id)
        if node.id in self.classes:
            kind = ("object", self.object(self.classes[node.id]))
        elif node.id in self.aliases:
            kind = self.type(self.aliases[node.id])
        else:
            self.fail(node, "a type that is declared nowhere in the file")
        self.open.pop()
        return kind

    def generic(self, node):
        arguments = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        name = node.value.id
        if name in LISTS:
            return ("list", self.type(arguments[0]))
        if name == "Dict" and len(arguments) == 2:
            return ("map", self.type(arguments[1]))
        if name == "Optional":
            return ("union", [self.type(arguments[0]), ("null",)])
        if name == "Union":
            return self.union(arguments)
        if name in ("Annotated", "Required"):
            return self.type(arguments[0])
        if name == "Literal":
            if all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in arguments):
                return ("words", [one.value for one in arguments])
        return self.fail(node, "a type of a kind that is not known")

    def object(self, node):
        for base in node.bases:
            if not (isinstance(base, ast.Name) and base.id in ("BaseModel", "TypedDict")):
                self.fail(base, f"a base of {node.name} that is not known")
        found = Object()
        following = node.body[1:] + [None]
        for one, after in zip(node.body, following):
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                self.field(found, one, _text_of(after))
            elif isinstance(one, ast.If):
                # Members of any name are declared for type checkers, and again for running.
                for inner in one.body:
                    if isinstance(inner, ast.AnnAssign):
                        self.field(found, inner, "")
            elif not (isinstance(one, (ast.Expr, ast.Pass, ast.FunctionDef))):
                self.fail(one, f"something in {node.name} that is no field")
        return found

    def field(self, found, node, doc):
        kind = self.type(node.annotation)
        if node.target.id == "__pydantic_extra__":
            found.rest = kind[1] if kind[0] == "map" else self.fail(node, "members of any name that are no dictionary")
            return
        alias = _alias(node.annotation) or _alias(node.value) or node.target.id
        default = node.value is not None and not isinstance(node.value, ast.Call)
        found.fields.append(Field(alias, kind, doc, may_be_missing=default))


def _alias(node):
    for one in ast.walk(node) if node is not None else []:
        if isinstance(one, ast.keyword) and one.arg == "alias" and isinstance(one.value, ast.Constant):
            return one.value.value
    return None


def _text_of(node):
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value.value
    return ""


def _of_resources(module, types):
    for resource in module.classes.values():
        # The asynchronous ones are the same once more.
        if resource.name.startswith("Async"):
            continue
        for method in resource.body:
            if not isinstance(method, ast.FunctionDef):
                continue
            for call in ast.walk(method):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                    verb = CALL.match(call.func.attr)
                    if verb and isinstance(call.func.value, ast.Name) and call.func.value.id == "self":
                        yield _endpoint(module, types, method, call, verb.group(1))


def _endpoint(module, types, method, call, verb):
    path = _path(module, call.args[0] if call.args else call)
    if not verb.startswith("get"):
        path = f"{verb.upper()} {path}"
    named = set(re.findall(r"{(\w+)}", path))
    arguments = [one for one in method.args.args + method.args.kwonlyargs if one.arg in named]
    if {one.arg for one in arguments} != named:
        module.fail(method.args, f"{method.name} does not take all that its path names")
    docs = _argument_docs(ast.get_docstring(method) or "")
    in_path = [Field(one.arg, module.type(one.annotation), docs.get(one.arg, "")) for one in arguments]
    answer = method.returns
    if not isinstance(answer, ast.Name):
        module.fail(answer or method, f"what {method.name} returns is no plain class")
    parameters = [
        one.attr
        for one in ast.walk(call)
        if isinstance(one, ast.Attribute) and one.attr.endswith("Params") and isinstance(one.value, ast.Name)
    ]
    if len(parameters) != 1:
        module.fail(call, f"{method.name} names {len(parameters)} sets of parameters")
    return Endpoint(
        path,
        f"{module.name}:{method.lineno}",
        in_path,
        _declared(module, types, parameters[0]).fields,
        ("object", _declared(module, types, answer.id)),
        (ast.get_docstring(method) or "").partition("Args:")[0],
        any("deprecated" in ast.unparse(one) for one in method.decorator_list),
    )


def _declared(module, types, name):
    found = [one for one in types if name in one.classes]
    if len(found) != 1:
        raise Unexpected(f"{module.name}: {name} is declared in {len(found)} of the files of types")
    return found[0].object(found[0].classes[name])


def _path(module, node):
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            one.value if isinstance(one, ast.Constant) else "{" + ast.unparse(one.value) + "}" for one in node.values
        )
    return module.fail(node, "a path that is not known")


def _argument_docs(text):
    """What a docstring says of each argument: `  name: words`, indented further where it goes on."""
    docs, name = {}, None
    for line in text.partition("Args:")[2].splitlines():
        begun = re.match(r"  (\w+): (.*)", line)
        if begun:
            name = begun.group(1)
            docs[name] = begun.group(2)
        elif name and line.startswith("      "):
            docs[name] += " " + line.strip()
    return docs
