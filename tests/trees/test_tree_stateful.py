"""Any sequence of edits equals the same edits on a plain dict of parents with lists of children."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pmkit import ost, trees
from pmkit.errors import InvalidValueError

indexes = st.none() | st.integers(-3, 5)
picks = st.integers(0, 10_000)


class Model:
    """The naive tree: who is whose parent, in what order, and what each is called."""

    def __init__(self) -> None:
        self.parent = {"root": None}
        self.kids = {None: ["root"], "root": []}
        self.title = {"root": "t"}
        self.links = set()

    def below(self, name: str) -> list[str]:
        return [name, *(deep for kid in self.kids[name] for deep in self.below(kid))]

    def place(self, name: str, parent: str | None, index: int | None):
        kids = self.kids[parent]
        kids.insert(len(kids) if index is None else index, name)
        self.parent[name] = parent


class TreeEdits(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.model = Model()
        self.tree = ost.new(ost.Outcome(id="root", title="t"))
        self.draft = None
        self.count = 0

    def pick(self, number: int) -> str:
        names = sorted(self.model.parent)
        return names[number % len(names)]

    def do(self, verb: str, *args: Any, **kwargs: Any) -> bool:
        """Run one verb on the tree, and say whether it was accepted."""
        try:
            self.tree = getattr(ost, verb)(self.tree, *args, **kwargs)
        except InvalidValueError:
            return False
        return True

    @rule(parent=picks, index=indexes)
    def add(self, parent: int, index: int | None):
        above = self.pick(parent)
        self.count += 1
        name = f"n{self.count}"
        assert self.do("add", ost.Outcome(id=name, title="t"), above, index=index)
        self.model.kids[name] = []
        self.model.title[name] = "t"
        self.model.place(name, above, index)

    @rule(name=picks)
    def remove(self, name: int):
        gone = self.pick(name)
        assert self.do("remove", gone) == (gone != "root")
        if gone != "root":
            for each in self.model.below(gone):
                self.model.links = {link for link in self.model.links if each not in link}
                self.model.kids[self.model.parent[each]].remove(each) if each == gone else None
            for each in self.model.below(gone):
                del self.model.parent[each], self.model.title[each]
            self.model.kids = {k: v for k, v in self.model.kids.items() if k is None or k in self.model.parent}

    @rule(name=picks, parent=picks, index=indexes)
    def move(self, name: int, parent: int, index: int | None):
        moving, above = self.pick(name), self.pick(parent)
        fits = above not in self.model.below(moving)
        assert self.do("move", moving, above, index=index) == fits
        if fits:
            self.model.kids[self.model.parent[moving]].remove(moving)
            self.model.place(moving, above, index)

    @rule(name=picks, title=st.sampled_from("abc"))
    def replace(self, name: int, title: str):
        chosen = self.pick(name)
        assert self.do("replace", chosen, title=title)
        self.model.title[chosen] = title

    @rule(name=picks, random=st.randoms(use_true_random=False))
    def reorder(self, name: int, random: Random):
        chosen = self.pick(name)
        random.shuffle(self.model.kids[chosen])
        assert self.do("reorder", chosen, list(self.model.kids[chosen]))

    @rule(first=picks, second=picks)
    def link(self, first: int, second: int):
        ends = self.pick(first), self.pick(second)
        assert self.do("link", *ends) == (ends[0] != ends[1])
        if ends[0] != ends[1]:
            self.model.links.add(ends)

    @precondition(lambda self: self.model.links)
    @rule(number=picks)
    def unlink(self, number: int):
        ends = sorted(self.model.links)[number % len(self.model.links)]
        assert self.do("unlink", *ends)
        self.model.links.discard(ends)

    @rule(name=picks, parent=picks)
    def cut_and_graft(self, name: int, parent: int):
        cut, above = self.pick(name), self.pick(parent)
        if cut == "root" or above in self.model.below(cut):
            return
        branch = ost.subtree(self.tree, cut)
        inside = set(self.model.below(cut))
        self.tree = ost.graft(ost.remove(self.tree, cut), branch, above)
        self.model.kids[self.model.parent[cut]].remove(cut)
        self.model.place(cut, above, None)
        self.model.links = {link for link in self.model.links if len(inside & set(link)) != 1}

    @invariant()
    def same_as_the_model(self):
        tree, model = self.tree, self.model
        assert dict(tree.parents) == {name: above for name, above in model.parent.items() if above is not None}
        assert {name: node.title for name, node in tree.nodes.items()} == model.title
        assert {k: list(v) for k, v in tree.children.items()} == {k: v for k, v in model.kids.items() if k and v}
        assert list(tree.roots) == model.kids[None]
        assert {(link.source, link.target) for link in tree.links} == model.links

    def teardown(self):
        tree = self.tree
        assert trees.Tree(tree.schema, list(tree), tree.parents, tree.links) == tree


class DraftEdits(TreeEdits):
    """The same edits inside one draft."""

    def do(self, verb: str, *args: Any, **kwargs: Any) -> bool:
        if self.draft is None:
            self.draft = trees.Draft(self.tree)
        if verb == "remove" and args[0] == "root":
            return False
        try:
            getattr(self.draft, verb)(*args, **kwargs)
        except InvalidValueError:
            return False
        return True

    @rule(name=picks, parent=picks)
    def cut_and_graft(self, name: int, parent: int):
        self.settle()
        super().cut_and_graft(name, parent)

    def settle(self):
        if self.draft is not None:
            self.tree = self.draft.finish()
            self.draft = None

    @invariant()
    def same_as_the_model(self):
        if self.draft is None:
            super().same_as_the_model()
            return
        for name, above in self.model.parent.items():
            found = self.draft.parent(name)
            assert (found.id if found else None) == above
            assert [kid.id for kid in self.draft.children(name)] == self.model.kids[name]
        assert len(self.draft) == len(self.model.parent)

    def teardown(self):
        self.settle()
        super().same_as_the_model()
        super().teardown()


TestTreeEdits = TreeEdits.TestCase
TestTreeEdits.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestDraftEdits = DraftEdits.TestCase
TestDraftEdits.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
