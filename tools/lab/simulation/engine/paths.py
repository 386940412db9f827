"""Document paths: reading what is there, and a changed copy of what holds it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tools.lab.simulation.engine.errors import Attributes, InvalidChange, invalid
from tools.lab.simulation.engine.lexer import DocumentPath
from tools.lab.simulation.engine.values import Value

_NO_WAY = "The document path provided in the update expression is invalid for update"


def found(item: Mapping[str, Value], path: DocumentPath) -> Value | None:
    """Return the value at *path*, ``None`` where there is none."""
    value = item.get(path[0])  # type: ignore[arg-type]  # a path starts with a name
    for step in path[1:]:
        if value is None:
            return None
        if type(step) is int:
            members = value.get("L", ())
            value = members[step] if step < len(members) else None
        else:
            value = value.get("M", {}).get(step)
    return value


def put(item: Attributes, path: DocumentPath, value: Value) -> None:
    """Set *path* in *item*, copying every container on the way; beyond a list's end it appends."""
    if len(path) == 1:
        item[path[0]] = value  # type: ignore[index]
        return
    holder = _copied_holder(item, path)
    step = path[-1]
    if isinstance(step, str) or step < len(holder):
        holder[step] = value
    else:
        holder.append(value)


def remove(item: Attributes, path: DocumentPath) -> None:
    """Take *path* out of *item*, copying every container on the way."""
    if len(path) == 1:
        item.pop(path[0], None)  # type: ignore[arg-type]
        return
    holder = _copied_holder(item, path)
    step = path[-1]
    if isinstance(step, str):
        holder.pop(step, None)
    elif step < len(holder):
        del holder[step]


def picked(item: Mapping[str, Value], paths: Sequence[DocumentPath]) -> Attributes:
    """Return only *paths* of *item*, in their maps and lists; lists close up."""
    tree: dict[Any, Any] = {}
    for path in paths:
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(step, {})
        branch[path[-1]] = None
    return _picked_map(item, tree)


def refuse_overlaps(paths: Sequence[DocumentPath], kind: str) -> None:
    """Refuse paths of which one contains another, or that see one value as a map and a list."""
    for number, later in enumerate(paths):
        for earlier in paths[:number]:
            short = min(len(earlier), len(later))
            if earlier[:short] == later[:short]:
                raise _two_paths(kind, "overlap", earlier, later)
            split = next(i for i in range(short) if earlier[i] != later[i])
            if type(earlier[split]) is not type(later[split]):
                raise _two_paths(kind, "conflict", earlier, later)


def _two_paths(kind: str, what: str, one: DocumentPath, two: DocumentPath) -> Exception:
    shown = [
        "[" + ", ".join(f"[{step}]" if isinstance(step, int) else step for step in path) + "]"
        for path in (one, two)
    ]
    return invalid(
        f"Invalid {kind}: Two document paths {what} with each other; must remove or rewrite one"
        f" of these paths; path one: {shown[0]}, path two: {shown[1]}"
    )


def _copied_holder(item: Attributes, path: DocumentPath) -> Any:
    """Return the map or list that holds the last step, fresh from the top of *item* down."""
    holder: Any = item
    for step, following in pairwise(path):
        kind = "L" if isinstance(following, int) else "M"
        if isinstance(step, str):
            value = holder.get(step)
        else:
            value = holder[step] if step < len(holder) else None
        if value is None or kind not in value:
            raise InvalidChange(_NO_WAY)
        content = value[kind].copy()
        holder[step] = {kind: content}
        holder = content
    return holder


def _picked_map(content: Mapping[str, Value], tree: Mapping[Any, Any]) -> Attributes:
    kept = {}
    for name, branch in tree.items():
        value = _picked_value(content.get(name), branch)
        if value is not None:
            kept[name] = value
    return kept


def _picked_value(value: Value | None, branch: Mapping[Any, Any] | None) -> Value | None:
    if value is None or branch is None:
        return value
    if "M" in value and all(isinstance(step, str) for step in branch):
        content = _picked_map(value["M"], branch)
        return {"M": content} if content else None
    if "L" in value and all(isinstance(step, int) for step in branch):
        members = value["L"]
        chosen = (
            _picked_value(members[step], branch[step])
            for step in sorted(branch)
            if step < len(members)
        )
        kept = [member for member in chosen if member is not None]
        return {"L": kept} if kept else None
    return None
