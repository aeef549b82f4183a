"""YAML: a product file that holds the tree alone, as flat records. Lossless."""

from __future__ import annotations

from pmkit import ost
from pmkit.formats._sketch import opened
from pmkit.formats._yaml import read_yaml
from pmkit.formats.records_json import tree_of, written

__all__ = ["dumps", "loads"]


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as a product file in YAML; `loads` reads it back to an equal tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="Watch more"))), end="")
    pmkit: 1
    tree:
    - id: watch
      kind: outcome
      title: Watch more
      parent: null
    """
    return written(tree, "yaml")


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from YAML: a list of records, or a product file, of which the tree is taken.

    Parameters
    ----------
    text : str
    source : str
        The text's name, for messages.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    ParseError
        With every problem, each with its line, column and path.

    Examples
    --------
    >>> loads("- {id: watch, kind: outcome, title: Watch more}\n")
    <opportunity solution tree: 1 node, 'Watch more'>
    """
    return tree_of(read_yaml(opened(text, source, exact=True), source), forest=forest)
