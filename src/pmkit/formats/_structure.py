"""From plain data to values and back: strict, all problems at once, each with its path."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from pmkit.errors import InvalidValueError
from pmkit.formats._document import Path, Plain
from pmkit.model import Undefined, did_you_mean, quoted

__all__ = ["Fault", "converted", "is_null", "plain", "resolved", "structure", "unstructure", "without_nulls"]

Value = TypeVar("Value")
Hook = Callable[[Any, Any], Any]
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_EXACT = 2.0**53
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@attrs.frozen
class Fault:
    """What is wrong with a part of the data."""

    path: Path
    message: str
    code: str = "DOC002"
    subject: str = ""


def is_null(data: object) -> bool:
    """Whether data say that there is nothing here."""
    return data is None or (isinstance(data, Plain) and data in _NULLS)


def without_nulls(data: object) -> object:
    """Leave out mapping entries that say nothing, at every depth; what is left out takes its default."""
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if not is_null(value)}
    if isinstance(data, list):
        return [without_nulls(member) for member in data]
    return data


def resolved(data: object) -> object:
    """Turn unquoted scalars into what they look like, where no field says what is wanted."""
    if isinstance(data, dict):
        return {key: resolved(value) for key, value in data.items()}
    if isinstance(data, list):
        return [resolved(member) for member in data]
    return _scalar(data) if isinstance(data, Plain) else data


def _scalar(data: Plain) -> object:
    if data in _NULLS:
        return None
    if data in _TRUTHS:
        return _TRUTHS[data]
    if _INTEGER.fullmatch(data):
        return int(data)
    number = float(data) if _NUMBER.fullmatch(data) else math.nan
    return number if math.isfinite(number) else str(data)


def structure(data: object, cls: type[Value]) -> tuple[Value | None, tuple[Fault, ...]]:
    """Make a value of a class out of plain data.

    Parameters
    ----------
    data : object
        What a guard read.
    cls : type
        The attrs class, or a tuple or mapping type of them.

    Returns
    -------
    value or None
        None when there are faults.
    tuple of Fault
        Every fault, in the order of the fields.
    """
    try:
        return _converter().structure(without_nulls(data), cls), ()
    except (BaseValidationError, InvalidValueError) as error:
        return None, tuple(_faults(error, ()))


def converted(data: object, cls: Any) -> object:
    """Make data the type that a field wants, or leave what does not fit as written: its owner will say why."""
    if is_null(data):
        return None
    if cls is str and isinstance(data, str):
        return str(data)
    try:
        return cast("object", _converter().structure(without_nulls(data), cls))
    except (BaseValidationError, InvalidValueError):
        return resolved(data)


def unstructure(value: object) -> object:
    """Turn a value into plain data, leaving out what equals its default."""
    cls: Any = type(value)
    if attrs.has(cls):
        tag = tag_of(cls)
        plain: dict[str, object] = {"kind": tag} if tag else {}
        for field in attrs.fields(cls):
            if not field.init:
                continue
            member = getattr(value, field.name)
            if not _is_default(field, value, member):
                plain[field.alias] = unstructure(member)
        return plain
    if isinstance(value, Mapping):
        return {str(key): unstructure(member) for key, member in value.items()}
    if isinstance(value, (tuple, list)):
        return [unstructure(member) for member in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Undefined):
        return None
    if isinstance(value, float) and value.is_integer() and 0.0 != abs(value) < _EXACT:
        return int(value)
    return 0 if value == 0.0 and str(value) == "0.0" else value


def plain(value: object) -> object:
    """Turn frozen plain data into dicts and lists; numbers stay of their type."""
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    return [plain(member) for member in value] if isinstance(value, tuple) else value


def _is_default(field: attrs.Attribute[Any], owner: object, member: object) -> bool:
    default: Any = field.default
    factory = getattr(default, "factory", None)
    if factory is not None:
        default = factory(owner) if default.takes_self else factory()
    convert: Any = field.converter
    if convert is not None and default is not attrs.NOTHING:
        default = convert(default)
    return bool(type(member) is type(default) and member == default)


@lru_cache(maxsize=1)
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(float, _real)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(bool, _flag)
    converter.register_structure_hook(dt.date, _date)
    converter.register_structure_hook_func(lambda cls: _origin(cls) is Literal, _word)
    converter.register_structure_hook_factory(lambda cls: _origin(cls) is tuple, _list_hook)
    converter.register_structure_hook_factory(lambda cls: _origin(cls) in {Mapping, dict}, _mapping_hook)
    converter.register_structure_hook_factory(lambda cls: _origin(cls) in {Union, UnionType}, _union_hook)
    converter.register_structure_hook_factory(attrs.has, _class_hook)
    converter.register_structure_hook_factory(_is_family, _family_hook)
    return converter


def _origin(cls: object) -> object:
    return get_origin(cls)


def _text(data: object, _: object) -> str:
    if not isinstance(data, str):
        raise InvalidValueError(f"must be text, not {_shown(data)}; put it in quotes")
    return str(data)


def _real(data: object, _: object) -> float:
    if isinstance(data, Plain) and _NUMBER.fullmatch(data):
        return float(data)
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        return data
    raise InvalidValueError(f"must be a number, not {_shown(data)}")


def _whole(data: object, _: object) -> int:
    if isinstance(data, Plain) and _INTEGER.fullmatch(data):
        return int(data)
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    raise InvalidValueError(f"must be a whole number, not {_shown(data)}")


def _flag(data: object, _: object) -> bool:
    if isinstance(data, Plain) and data in _TRUTHS:
        return _TRUTHS[data]
    if isinstance(data, bool):
        return data
    raise InvalidValueError(f"must be true or false, not {_shown(data)}")


def _date(data: object, _: object) -> dt.date:
    if isinstance(data, str):
        with suppress(ValueError):  # text that is no date is told below, like anything else that is none
            return dt.date.fromisoformat(data)
    raise InvalidValueError(f"must be a date such as 2026-11-22, not {_shown(data)}")


def _word(data: object, cls: object) -> object:
    known = get_args(cls)
    if isinstance(data, str) and str(data) in known:
        return str(data)
    hint = did_you_mean(data, [str(word) for word in known]) if isinstance(data, str) else ""
    raise InvalidValueError(f"must be one of {', '.join(map(str, known))}, not {_shown(data)}{hint}")


def _shown(data: object) -> str:
    if isinstance(data, dict):
        return "a mapping"
    return "a list" if isinstance(data, list) else quoted(data)


def _list_hook(cls: Any, converter: Converter) -> Hook:
    inner = homogenous_tuple_structure_factory(cls, converter)

    def hook(data: object, target: object) -> object:
        if not isinstance(data, list):
            raise InvalidValueError(f"must be a list, not {_shown(data)}")
        return inner(data, target)

    return hook


def _mapping_hook(cls: Any, converter: Converter) -> Hook:
    kind = get_args(cls)[1]

    def hook(data: object, _: object) -> object:
        if not isinstance(data, dict):
            raise InvalidValueError(f"must be a mapping, not {_shown(data)}")
        made: dict[str, object] = {}
        errors: list[Exception] = []
        for key, member in data.items():
            try:
                made[str(key)] = converter.structure(member, kind)
            except (BaseValidationError, InvalidValueError) as error:
                error.add_note(IterableValidationNote("in a mapping", key, kind))
                errors.append(error)
        if errors:
            raise IterableValidationError("in a mapping", errors, cls)  # pyright: ignore[reportCallIssue]
        return made

    return hook


def tag_of(cls: Any) -> str | None:
    """Return what ``kind`` says of a class in a document: its class attribute of that name, if it has one."""
    tag = getattr(cls, "kind", None)
    return tag if isinstance(tag, str) else None


def family(cls: Any) -> list[Any]:
    """Return the tagged kinds of a class: the last of each name, since slotted classes are made twice."""
    return list({child.__qualname__: child for child in cls.__subclasses__() if tag_of(child)}.values())


def _union_hook(cls: Any, converter: Converter) -> Hook:
    """Choose by the shape of the data: a mapping makes the value class (by its ``kind``), the rest the plain type."""
    members = [member for member in get_args(cls) if member is not NoneType]
    classes = [member for member in members if attrs.has(member)]
    plain = [member for member in members if not attrs.has(member)]

    def hook(data: object, _: object) -> object:
        if not classes or (plain and not isinstance(data, dict)):
            return converter.structure(data, float if float in plain and _is_number(data) else plain[0])
        return converter.structure(*_choose(data, classes) if len(classes) > 1 else (data, classes[0]))

    return hook


def _is_number(data: object) -> bool:
    if isinstance(data, Plain):
        return bool(_NUMBER.fullmatch(data))
    return isinstance(data, (int, float)) and not isinstance(data, bool)


def _family_hook(cls: Any, converter: Converter) -> Hook:
    def hook(data: object, _: object) -> object:
        return converter.structure(*_choose(data, family(cls)))

    return hook


def _choose(data: object, classes: list[Any]) -> tuple[object, Any]:
    tags = {tag_of(cls): cls for cls in classes}
    known = [tag for tag in tags if tag]
    if not isinstance(data, dict) or "kind" not in data:
        raise InvalidValueError(f"must be a mapping with a kind: {', '.join(known)}; not {_shown(data)}")
    kind = str(data["kind"])
    if kind not in tags:
        raise InvalidValueError(f"unknown kind {quoted(kind)}; there are {', '.join(known)}{did_you_mean(kind, known)}")
    return {key: value for key, value in data.items() if key != "kind"}, tags[kind]


def _is_family(cls: Any) -> bool:
    return attrs.has(cls) and bool(family(cls))


def _class_hook(cls: Any, converter: Converter) -> Hook:
    """Structure a class, asking each field's own validator on the way so that one fault does not hide the next."""
    overrides = {
        field.name: override(struct_hook=_validated(field, cls, converter), rename=field.alias)
        for field in attrs.fields(attrs.resolve_types(cls))
        if field.init
    }
    inner = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, **overrides)  # type: ignore[arg-type]

    def hook(data: object, target: object) -> object:
        if not isinstance(data, dict):
            raise InvalidValueError(f"must be a mapping, not {_shown(data)}")
        return inner(data, target)

    return hook


def _validated(field: attrs.Attribute[Any], cls: Any, converter: Converter) -> Hook:
    nobody = cls.__new__(cls)
    wanted: Any = field.type
    validator: Any = field.validator
    convert: Any = field.converter

    def hook(data: object, _: object) -> object:
        made: object = converter.structure(data, wanted)
        if validator is not None:
            validator(nobody, field, made if convert is None else convert(made))
        return made

    return hook


def _faults(error: BaseException, path: Path) -> Iterator[Fault]:
    if isinstance(error, ForbiddenExtraKeysError):
        known = [field.alias or field.name for field in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            yield Fault((*path, key), f"unknown key {quoted(key)}{did_you_mean(key, known)}")
    elif isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _faults(inner, (*path, *_step(inner)))
    elif isinstance(error, KeyError):
        yield Fault(path[:-1], f"{quoted(error.args[0])} is missing")
    elif isinstance(error, InvalidValueError) and error.findings:
        for finding in error.findings:
            yield Fault(path, finding.message, finding.code, finding.subject)
    else:
        yield Fault(path, str(error))


def _step(error: BaseException) -> Path:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()
