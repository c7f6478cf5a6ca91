"""The rules that the SDKs' sentences state, in words of ours, so that two descriptions can be compared."""

import re


def _with(text, by_dimension):
    for name in re.findall(r"`(\w+)`", text):
        yield f"not with {name}"
        if by_dimension and "dimension" in text:
            dimension = re.sub(r"([A-Z])", r"_\1", name).upper()
            yield f"not with the dimension {dimension}"


# What a sentence is recognised by, and what it says. Some say only what something is for.
PATTERNS = [
    (r"incompatible with (.+)", lambda found, by: _with(found.group(1), by)),
    (r"alternative to (`\w+`)", lambda found, by: _with(found.group(1), False)),
    (r"use this parameter or set specific (.+)", lambda found, by: _with(found.group(1), False)),
    (r"provide together with `(\w+)`", lambda found, by: [f"needs {found.group(1)}"]),
    (r"\bsame duration\b", lambda found, by: ["all series equally long"]),
    (r"floored to the nearest (\d+) minutes", lambda found, by: [f"floored to {found.group(1)} minutes"]),
    (r"up to `(\d+[dw])`", lambda found, by: [f"up to {found.group(1)}"]),
    (r"minimum value is (\d+)", lambda found, by: [f"at least {found.group(1)}"]),
    (r"maximum value is (\d+)", lambda found, by: [f"at most {found.group(1)}"]),
    (r"only supported on high-cardinality", lambda found, by: ["only for a dimension with many values"]),
    (r"too granular for the date range|finer intervals are only", lambda found, by: ["not too fine for the dates"]),
    (r"shifted back .* whole number of weeks", lambda found, by: ["control is whole weeks earlier"]),
    (r"`\d+[dw]control`", lambda found, by: ["control is the period before"]),
    (r"for unique entries only", lambda found, by: []),
]

# A sentence with one of these may state a rule.
SOUNDS_LIKE_ONE = re.compile(
    r"\b(must|only|at least|at most|minimum|maximum|incompatible|reject\w*|requir\w*|cannot|can't|not supported"
    r"|unsupported|unless|exactly|mandatory|deprecated|up to|no more than|mutually|together with)\b",
    re.IGNORECASE,
)


def sentences(doc):
    text = " ".join(doc.split())
    # These end no sentence.
    text = re.sub(r"\b(vs|e\.g|i\.e)\.", r"\1", text)
    return [one for one in re.split(r"(?<=[.!])\s+(?=[A-Z`])", text) if one]


def of(doc, by_dimension):
    """The rules of a description. A sentence that sounds like a rule and is none of those known is one as it stands."""
    found = []
    for sentence in sentences(doc):
        known = False
        for pattern, rules in PATTERNS:
            for match in re.finditer(pattern, sentence, re.IGNORECASE):
                known = True
                found += [rule for rule in rules(match, by_dimension) if rule not in found]
        if not known and SOUNDS_LIKE_ONE.search(sentence):
            found.append(f"not understood: {sentence}")
    return found
