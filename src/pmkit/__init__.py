"""pmkit: product management as values and pure functions.

Four rooms: `ost` (opportunity solution trees), `jtbd` (jobs to be done),
`experiments` (hypotheses, plans, verdicts) over `stats`, and `conway` (teams and
components); `workspace` joins them. Nothing is imported until it is used.
"""

_FUNCTIONS = {"load": "formats", "save": "formats"}

__all__ = [
    "__version__",
    "conway",
    "drawing",
    "errors",
    "experiments",
    "formats",
    "frames",
    "jtbd",
    "language",
    "load",
    "model",
    "ost",
    "report",
    "save",
    "stats",
    "testing",
    "trees",
    "workspace",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "__version__":
        return import_module("pmkit._version").__version__
    if name in _FUNCTIONS:
        return getattr(import_module(f"pmkit.{_FUNCTIONS[name]}"), name)
    if name in __all__:
        return import_module(f"pmkit.{name}")
    message = f"module 'pmkit' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
