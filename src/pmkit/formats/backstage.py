r"""Catalog files of Backstage: systems, components, APIs, resources and the groups that own them.

A file may hold many documents, with ``---`` between them. Names are references, ``[kind:][namespace/]name``; case does
not matter. ``spec.owner``, ``spec.dependsOn``, ``spec.consumesApis``, ``spec.providesApis``, ``spec.subcomponentOf``
and ``relations`` (``ownedBy``, ``dependsOn``, ``consumesApi``) are read; templates and locations are left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import attrs

from pmkit.conway import Component, Dependency, Organization, Ownership, Team
from pmkit.errors import Finding, InvalidValueError
from pmkit.formats._document import refused
from pmkit.formats._fields_of import Look
from pmkit.formats._files import read_text
from pmkit.formats._yaml import read_yaml_documents

__all__ = ["load", "loads"]

_PARTS = ("component", "api", "resource")
_OWNERS = ("group", "user")
_NEEDS = {"dependsOn": "component", "consumesApis": "api", "subcomponentOf": "component"}
_RELATIONS = {"dependson": "component", "consumesapi": "api"}
_DEFAULT = "default"
_KEYS = ("kind", "metadata")


@attrs.frozen
class _Ref:
    kind: str
    namespace: str
    name: str

    @property
    def id(self) -> str:
        """The shortest way to write it: the namespace only where it is not the default one."""
        return self.name if self.namespace == _DEFAULT else f"{self.namespace}/{self.name}"


@attrs.define
class _Entity:
    ref: _Ref
    look: Look
    title: str
    kind: str
    owners: dict[_Ref, None]
    needs: dict[_Ref, str]
    provides: dict[_Ref, None]
    members: tuple[str, ...]


def _ref(text: str, kind: str, namespace: str = _DEFAULT) -> _Ref:
    before, colon, rest = text.strip().casefold().rpartition(":")
    place, slash, name = rest.rpartition("/")
    return _Ref(before if colon else kind, place if slash else namespace, name)


def loads(text: str, *, source: str = "catalog-info.yaml", people: bool = False) -> Organization:
    r"""Read a catalog file.

    Parameters
    ----------
    text : str
        One document or several.
    source : str
        For messages.
    people : bool
        Whether to keep the names in ``spec.members``; they are left out unless asked for.

    Returns
    -------
    Organization
        Components, APIs and resources are components, with Backstage's kind as `Component.kind` in lower case
        (``spec.type`` where a component says it); groups and users are teams. Who depends on an API that a
        component provides depends on that component as well. What is referred to and not described is added.

    Raises
    ------
    ParseError
        With every fault: no YAML, aliases and tags, an entity without kind or name, one that is there twice.

    References
    ----------
    Backstage documentation, "Descriptor format of catalog entities".

    Examples
    --------
    >>> text = '''
    ... apiVersion: backstage.io/v1alpha1
    ... kind: Component
    ... metadata: {name: page}
    ... spec: {type: website, owner: group:web, dependsOn: [component:index]}
    ... ---
    ... kind: Component
    ... metadata: {name: index}
    ... spec: {owner: data}
    ... '''
    >>> [(row.component, row.team) for row in loads(text).ownership]
    [('page', 'web'), ('index', 'data')]
    """
    return _organization(_entities(text, source, people=people), source)


def load(*paths: str | os.PathLike[str], people: bool = False) -> Organization:
    r"""Read catalog files, or all ``catalog-info.yaml`` below folders, as one catalog.

    Parameters
    ----------
    *paths : path
    people : bool
        As for `loads`.

    Returns
    -------
    Organization

    Raises
    ------
    FileError
        When a file cannot be read.
    ParseError
        As for `loads`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "catalog-info.yaml").write_text("kind: Group\nmetadata: {name: web}\n")
    ...     load(folder).teams[0].id
    'web'
    """
    found: list[_Entity] = []
    for path in paths:
        for file in _catalogs(Path(path)):
            found += _entities(read_text(file), os.fspath(file), people=people)
    return _organization(found, os.fspath(paths[0]) if paths else "")


def _catalogs(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return (path,)
    return sorted((*path.rglob("catalog-info.yaml"), *path.rglob("catalog-info.yml")))


def _entities(text: str, source: str, *, people: bool) -> list[_Entity]:
    found: list[_Entity] = []
    findings: list[Finding] = []
    for document in read_yaml_documents(text, source):
        look = Look(document)
        missing = [key for key in _KEYS if key not in look.keys(())]
        if missing and not look.findings:
            look.tell(f"an entity needs {' and '.join(missing)}", ())
        elif not look.findings:
            made = _entity(look, people=people)
            if made is not None:
                found.append(made)
        findings += look.findings
    if findings:
        raise refused(findings, source)
    return found


def _entity(look: Look, *, people: bool) -> _Entity | None:
    written = look.text(("kind",), needed=True)
    name = look.text(("metadata", "name"), needed=True)
    kind = written.casefold()
    if not name or kind not in (*_PARTS, *_OWNERS, "system", "domain"):
        return None
    namespace = (look.text(("metadata", "namespace")) or _DEFAULT).casefold()
    needs: dict[_Ref, str] = {}
    for field, meant in _NEEDS.items():
        for text in look.texts(("spec", field)):
            needs[_ref(text, meant, namespace)] = field
    owners = {_ref(text, "group", namespace): None for text in look.texts(("spec", "owner"))}
    for at in look.items(("relations",)):
        relation = look.text((*at, "type")).casefold()
        target = look.text((*at, "targetRef"))
        if relation == "ownedby" and target:
            owners[_ref(target, "group", namespace)] = None
        elif relation in _RELATIONS and target:
            needs[_ref(target, _RELATIONS[relation], namespace)] = look.text((*at, "type"))
    return _Entity(
        ref=_Ref(kind, namespace, name.casefold()),
        look=look,
        title=look.text(("metadata", "title")),
        kind=look.text(("spec", "type")) or kind if kind == "component" else kind,
        owners=owners,
        needs=needs,
        provides={_ref(text, "api", namespace): None for text in look.texts(("spec", "providesApis"))},
        members=look.texts(("spec", "members")) if people else (),
    )


def _organization(entities: list[_Entity], source: str) -> Organization:
    findings: list[Finding] = []
    known: dict[_Ref, _Entity] = {}
    for entity in entities:
        if entity.ref in known:
            entity.look.tell(f"{entity.ref.kind} {entity.ref.id} is there twice", ("metadata", "name"))
            findings += entity.look.findings
        known[entity.ref] = entity
    if findings:
        raise refused(findings, source)
    ids = _ids(known)
    providers = {api: ref for ref, entity in known.items() for api in entity.provides}
    parts = {ref: entity for ref, entity in known.items() if ref.kind in _PARTS}
    named = {ref: None for entity in parts.values() for ref in (*entity.needs, *entity.provides) if ref.kind in _PARTS}
    owning = {owner: None for entity in parts.values() for owner in entity.owners}
    groups = {ref: None for ref in known if ref.kind == "group"}
    try:
        return Organization(
            teams=[
                Team(id=_team(ref), name=known[ref].title if ref in known else "", members=_members(known.get(ref)))
                for ref in {**groups, **owning}
            ],
            components=[
                *(Component(id=ids[ref], name=entity.title, kind=entity.kind) for ref, entity in parts.items()),
                *(Component(id=_id(ref, ids), kind=ref.kind) for ref in named if ref not in parts),
            ],
            ownership=[
                Ownership(component=ids[ref], team=_team(owner), source="Backstage")
                for ref, entity in parts.items()
                for owner in entity.owners
            ],
            dependencies=_dependencies(parts, providers, ids),
        )
    except InvalidValueError as error:
        raise refused(error.findings or (Finding("DOC002", "error", "", str(error)),), source) from None


def _members(entity: _Entity | None) -> tuple[str, ...]:
    return entity.members if entity is not None else ()


def _team(ref: _Ref) -> str:
    return ref.id if ref.kind == "group" else f"{ref.kind}:{ref.id}"


def _ids(known: dict[_Ref, _Entity]) -> dict[_Ref, str]:
    """Give components their names, APIs and resources their kind as well."""
    return {ref: ref.id if ref.kind == "component" else f"{ref.kind}:{ref.id}" for ref in known}


def _id(ref: _Ref, ids: dict[_Ref, str]) -> str:
    return ids.get(ref) or (ref.id if ref.kind == "component" else f"{ref.kind}:{ref.id}")


def _dependencies(parts: dict[_Ref, _Entity], providers: dict[_Ref, _Ref], ids: dict[_Ref, str]) -> list[Dependency]:
    found: dict[tuple[str, str], str] = {}
    for ref, entity in parts.items():
        for needed, kind in entity.needs.items():
            if needed.kind in _PARTS:
                found.setdefault((ids[ref], _id(needed, ids)), kind)
                if needed in providers and providers[needed] != ref:
                    found.setdefault((ids[ref], ids[providers[needed]]), kind)
    return [Dependency(source=source, target=target, kind=kind) for (source, target), kind in found.items()]
