"""Many patterns at once: a tree of path segments, walked folder by folder.

What the patterns can have read when a folder has been entered is kept for each folder, so a path costs one step for
its last segment. Wildcards are looked up by their literal end, beginning or middle, not tried one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from pmkit.formats._codeowners_pattern import ANY, DEEP, Glob, Pattern, Segment, glob_matches, matches

__all__ = ["Index"]

_MOST_DEEP = 4
_MOST_SEGMENTS = 64
_GRAM = 3
_DEEPEST_KEPT = 64

Key = tuple[int, ...]
Keyed = tuple[Key, Key, Key]
"""What matched a path: events of its folder, of its last segment, and patterns that were tried by themselves."""


class _Globs:
    """The wildcard children of a node, found by a literal part that a name must have."""

    __slots__ = ("beginnings", "ends", "globs", "grams", "lengths", "middles", "others", "starts")

    def __init__(self) -> None:
        self.globs: dict[int, Glob] = {}
        self.ends: dict[str, list[int]] = {}
        self.beginnings: dict[str, list[int]] = {}
        self.middles: dict[str, list[int]] = {}
        self.others: list[int] = []
        self.grams: list[int] = []
        self.lengths: dict[str, list[int]] = {}
        self.starts: list[int] = []

    def add(self, glob: Glob, child: int) -> None:
        """File a wildcard under its most telling literal part."""
        self.globs[child] = glob
        texts = glob.texts
        longest = max(texts or ("",), key=len)
        if texts and texts[-1]:
            self.ends.setdefault(texts[-1], []).append(child)
            lengths = self.lengths.setdefault(texts[-1][-1], [])
            if len(texts[-1]) not in lengths:
                lengths.append(len(texts[-1]))
        elif texts and texts[0]:
            self.beginnings.setdefault(texts[0], []).append(child)
            self.starts = sorted({len(text) for text in self.beginnings})
        elif longest:
            self.middles.setdefault(longest[-_GRAM:], []).append(child)
            self.grams = sorted({len(text) for text in self.middles})
        else:
            self.others.append(child)

    def find(self, name: str) -> list[int]:
        """Return the children whose wildcards match a name."""
        candidates = list(self.others)
        for length in self.lengths.get(name[-1:], ()):
            found = self.ends.get(name[-length:])
            if found is not None:
                candidates += found
        for length in self.starts:
            found = self.beginnings.get(name[:length])
            if found is not None:
                candidates += found
        if self.middles:
            middles = self.middles
            for length in self.grams:
                for at in range(len(name) - length + 1):
                    found = middles.get(name[at : at + length])
                    if found is not None:
                        candidates += found
        if not candidates:
            return []
        return [child for child in dict.fromkeys(candidates) if glob_matches(self.globs[child], name)]


class _Node:
    __slots__ = ("any", "below", "children", "deep", "exact", "globs", "loops", "within")

    def __init__(self, *, loops: bool = False) -> None:
        self.children: dict[str, int] = {}
        self.any = -1
        self.deep = -1
        self.globs: _Globs | None = None
        self.loops = loops
        self.within: list[int] = []
        self.below: list[int] = []
        self.exact: list[int] = []


@attrs.frozen
class _Folder:
    """What the patterns can have read on entering a folder, and what matches all that is below it."""

    states: Key
    events: Key


class Index:
    """Finds for each path which of many patterns match it.

    Parameters
    ----------
    patterns : sequence of Pattern
        What `matching` returns are positions in it.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._nodes = [_Node()]
        self._by_glob: dict[tuple[int, Glob], int] = {}
        self._alone: list[int] = []
        for number, pattern in enumerate(patterns):
            if pattern.tail == "nothing":
                continue
            if len(pattern.segments) > _MOST_SEGMENTS or pattern.segments.count(DEEP) > _MOST_DEEP:
                self._alone.append(number)
            else:
                self._add(number, pattern)

    def _add(self, number: int, pattern: Pattern) -> None:
        at = 0
        for segment in pattern.segments:
            at = self._child(at, segment)
        node = self._nodes[at]
        if pattern.tail == "within":
            node.within.append(number)
        elif pattern.tail == "exact":
            node.exact.append(number)
        elif node.loops:
            node.within.append(number)
        else:
            node.below.append(number)

    def _child(self, at: int, segment: Segment) -> int:
        node = self._nodes[at]
        if isinstance(segment, str):
            found = node.children.get(segment, -1)
        elif isinstance(segment, Glob):
            found = self._by_glob.get((at, segment), -1)
        else:
            found = node.any if segment is ANY else node.deep
        if found >= 0:
            return found
        child = len(self._nodes)
        self._nodes.append(_Node(loops=segment is DEEP))
        if isinstance(segment, str):
            node.children[segment] = child
        elif isinstance(segment, Glob):
            self._by_glob[at, segment] = child
            node.globs = node.globs or _Globs()
            node.globs.add(segment, child)
        elif segment is ANY:
            node.any = child
        else:
            node.deep = child
        return child

    def _step(self, states: Key, name: str) -> list[int]:
        """Return the nodes that one more segment leads to, those that loop aside."""
        nodes = self._nodes
        reached: list[int] = []
        for state in states:
            node = nodes[state]
            child = node.children.get(name, -1)
            if child >= 0:
                reached.append(child)
            if node.any >= 0 and name:
                reached.append(node.any)
            if node.globs is not None:
                reached += node.globs.find(name)
        return reached

    def _enter(self, folder: _Folder, reached: Iterable[int]) -> _Folder:
        nodes = self._nodes
        states = [state for state in folder.states if nodes[state].loops]
        events = list(folder.events)
        for at in reached:
            states.append(at)
            if nodes[at].deep >= 0:
                states.append(nodes[at].deep)
        kept = tuple(dict.fromkeys(states))
        for at in kept:
            node = nodes[at]
            if node.within or node.below:
                events.append(at)
        return _Folder(kept, tuple(dict.fromkeys(events)))

    def find(self, paths: Iterable[str]) -> Iterable[Keyed]:
        """Yield for each path a key of what matches it; equal keys mean equal matches."""
        nodes = self._nodes
        top = self._enter(_Folder((), ()), [0])
        folders: dict[str, _Folder] = {"": top}
        for path in paths:
            above, slash, name = path.rpartition("/")
            folder = folders.get(above) if slash else top
            if folder is None:
                folder = self._folder(above, folders, top)
            reached = self._step(folder.states, name)
            ends = tuple([at for at in reached if nodes[at].within or nodes[at].exact]) if reached else ()
            yield folder.events, ends, self._tried(path) if self._alone else ()

    def _tried(self, path: str) -> Key:
        return tuple(number for number in self._alone if matches(self._patterns[number], path))

    def _folder(self, path: str, folders: dict[str, _Folder], top: _Folder) -> _Folder:
        names = path.split("/")
        folder, at = top, 0
        for known in range(min(len(names), _DEEPEST_KEPT), 0, -1):
            found = folders.get("/".join(names[:known]))
            if found is not None:
                folder, at = found, known
                break
        for depth in range(at, len(names)):
            folder = self._enter(folder, self._step(folder.states, names[depth]))
            if depth < _DEEPEST_KEPT:
                folders["/".join(names[: depth + 1])] = folder
        return folder

    def matching(self, key: Keyed) -> list[int]:
        """Return the patterns behind a key, in order."""
        folder, ends, alone = key
        found = list(alone)
        for at in folder:
            found += self._nodes[at].within
            found += self._nodes[at].below
        for at in ends:
            found += self._nodes[at].within
            found += self._nodes[at].exact
        return sorted(dict.fromkeys(found))
