"""Assertions for all scripts in this folder."""


class Failed(Exception):
    """A check that does not hold."""


def expect(condition, what):
    """Raises unless the condition holds; unlike `assert`, also with `python -O`."""
    if not condition:
        raise Failed(what)


def same(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r}, not {wanted!r}")
