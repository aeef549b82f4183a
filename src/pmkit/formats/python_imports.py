"""Which Python modules import which, found by grimp in a process of its own: nothing of the code is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import attrs

from pmkit.conway import Dependency
from pmkit.errors import FileError, InvalidValueError
from pmkit.model import Value, frozen_mapping, quoted, require, without_controls

__all__ = ["Imports", "Package", "dependencies", "find_packages", "load"]

_SCRIPT = """
import importlib.util, json, os, sys
roots, names = json.load(sys.stdin)
import grimp
sys.path[:0] = roots
wrong = []
for name, root in zip(names, roots):
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    if not any(os.path.realpath(place) == os.path.realpath(os.path.join(root, name)) for place in places):
        wrong.append(name)
names = [name for name in names if name not in wrong]
edges = []
if names:
    graph = grimp.build_graph(*names, cache_dir=None)
    for module in sorted(graph.modules):
        for target in sorted(graph.find_modules_directly_imported_by(module)):
            edges.append([module, target])
    modules = sorted(graph.modules)
else:
    modules = []
json.dump({"edges": edges, "modules": modules, "wrong": wrong}, sys.stdout)
"""
_NO_PRODUCT = ("tests", "test", "docs", "doc", "examples", "example", "benchmarks", "build", "dist")


@attrs.frozen(kw_only=True)
class Package:
    """A top-level package of a checkout.

    Attributes
    ----------
    name : str
        As it is imported.
    root : str
        The folder that holds it, relative to the checkout; empty for the checkout itself.

    Examples
    --------
    >>> find_packages(["src/shop/__init__.py", "src/shop/cart.py"])
    (Package(name='shop', root='src'),)
    """

    name: str
    root: str = ""


def _modules(value: Mapping[str, str]) -> Mapping[str, str]:
    return frozen_mapping(value)


@attrs.frozen(kw_only=True)
class Imports(Value):
    """Modules and what they import.

    Attributes
    ----------
    modules : mapping of str to str
        The file of each module, relative to the checkout.
    edges : tuple of (str, str)
        Importer and imported.
    left_out : tuple of str
        Packages that another one of the same name hides.

    Examples
    --------
    >>> Imports(modules={"shop": "src/shop/__init__.py"}).modules["shop"]
    'src/shop/__init__.py'
    """

    modules: Mapping[str, str] = attrs.field(factory=dict, converter=_modules)
    edges: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()


def find_packages(files: Iterable[str]) -> tuple[Package, ...]:
    """Find the top-level packages among the files of a checkout.

    Parameters
    ----------
    files : iterable of str
        Paths relative to the checkout.

    Returns
    -------
    tuple of Package
        By name; of two with one name the first by folder. Tests, docs and examples are no product.

    Examples
    --------
    >>> [package.name for package in find_packages(["a/__init__.py", "a/b/__init__.py", "tests/__init__.py"])]
    ['a']
    """
    folders = {path.rpartition("/")[0] for path in files if path.endswith("/__init__.py")}
    found: dict[str, Package] = {}
    for folder in sorted(folders):
        root, _, name = folder.rpartition("/")
        product = not any(part in _NO_PRODUCT for part in folder.split("/"))
        if root not in folders and name.isidentifier() and product:
            found.setdefault(name, Package(name=name, root=root))
    return tuple(found[name] for name in sorted(found))


def load(folder: str | os.PathLike[str], packages: Iterable[Package], *, timeout: float = 120.0) -> Imports:
    """Read the imports of packages.

    Parameters
    ----------
    folder : path
        The checkout.
    packages : iterable of Package
        Such as `find_packages` finds.
    timeout : float
        Seconds that it may take.

    Returns
    -------
    Imports

    Raises
    ------
    MissingDependencyError
        When grimp is not installed (the extra ``imports``).
    FileError
        When a module cannot be read, or it takes too long.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     shop = Path(folder, "shop"); shop.mkdir()
    ...     _ = Path(shop, "__init__.py").write_text(""); _ = Path(shop, "cart.py").write_text("from shop import page")
    ...     _ = Path(shop, "page.py").write_text("")
    ...     load(folder, [Package(name="shop")]).edges
    (('shop.cart', 'shop.page'),)
    """
    require("grimp", extra="imports", purpose="reading Python imports")
    top = Path(folder).resolve()
    wanted = tuple(packages)
    if not wanted:
        return Imports()
    bad = [package.name for package in wanted if not package.name.isidentifier()]
    if bad:
        raise InvalidValueError(f"{quoted(bad[0])} is no name of a package")
    question = json.dumps([[str(top / package.root) for package in wanted], [package.name for package in wanted]])
    try:
        answer = subprocess.run(  # noqa: S603 - this interpreter, a fixed script
            [sys.executable, "-I", "-c", _SCRIPT],
            input=question.encode(), capture_output=True, timeout=timeout, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise FileError(f"reading the imports took longer than {timeout:g} s") from None
    if answer.returncode:
        lines = answer.stderr.decode("utf-8", "replace").strip().split("\n")
        raise FileError(f"the imports cannot be read: {without_controls(lines[-1])[:200]}")
    found = json.loads(answer.stdout)
    roots = {package.name: package.root for package in wanted}
    return Imports(
        modules={module: _file(top, roots[module.partition(".")[0]], module) for module in found["modules"]},
        edges=tuple((importer, imported) for importer, imported in found["edges"]),
        left_out=tuple(found["wrong"]),
    )


def _file(top: Path, root: str, module: str) -> str:
    path = "/".join(filter(None, [root, *module.split(".")]))
    return f"{path}/__init__.py" if (top / path).is_dir() else f"{path}.py"


def dependencies(imports: Imports, component: Callable[[str], str | None]) -> tuple[Dependency, ...]:
    """Add up imports between components.

    Parameters
    ----------
    imports : Imports
    component : callable
        Says which component a file belongs to, None for none.

    Returns
    -------
    tuple of Dependency
        Of kind ``"imports"``, with the number of importing pairs of modules as weight; none of a component to itself.

    Examples
    --------
    >>> found = Imports(modules={"a.b": "a/b.py", "a.c": "a/c.py"}, edges=[("a.b", "a.c")])
    >>> dependencies(found, lambda path: path)
    (Dependency(source='a/b.py', target='a/c.py', weight=1.0, kind='imports'),)
    """
    counts: dict[tuple[str, str], int] = {}
    for importer, imported in imports.edges:
        source, target = component(imports.modules[importer]), component(imports.modules[imported])
        if source is not None and target is not None and source != target:
            counts[source, target] = counts.get((source, target), 0) + 1
    return tuple(
        Dependency(source=source, target=target, weight=float(count), kind="imports")
        for (source, target), count in counts.items()
    )
