"""How a check says what it found, for all scripts in this folder."""


class Failed(Exception):
    """What a check found."""


def expect(condition, what):
    """Unlike `assert`, also with `python -O`."""
    if not condition:
        raise Failed(what)


def same(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r}, not {wanted!r}")
