"""What the code says of its own effects: which functions have any, and that they have them by few modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The receiver's last name, and what of it has an effect.
EFFECTS = {
    "database": {"tenant", "system", "read", "read_system"},
    "store": {"put", "delete", "delete_folder", "drop_unfinished"},
    "lease": {"step", "renew", "progress", "finish", "fail", "retry", "release", "postpone"},
    "shelf": {"put_dump", "put_manifest", "remove", "sweep"},
    "ledger": {"record", "remove_expired"},
    "connection": {"deliver"},
    "jira": {"ask", "tell"},
}
# Names of what does nothing else than have an effect.
PLAIN = {"fed", "output_of", "write_to_textfile", "migrate", "held_tenant", "snapshot"}
# What can touch anything outside the process by itself.
RAW_MODULES = {
    "obstore",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "shutil",
    "tempfile",
    "urllib.request",
}
RAW_CALLS = {"connect", "write_text", "write_bytes", "unlink", "rename", "mkdir", "rmdir", "touch"}


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module below these folders, by its name."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(file.read_text())


def functions(tree: ast.AST, path: str) -> Iterator[tuple[str, ast.AST]]:
    """Every function with its path as `__qualname__` has it, each without the functions within it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}.{node.name}", node
            yield from functions(node, f"{path}.{node.name}.<locals>")
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{path}.{node.name}")
        else:
            yield from functions(node, path)


def steps(*folders: str) -> set[str]:
    """Every function that has an effect itself."""
    return {
        path
        for module, tree in modules(*folders)
        for path, function in functions(tree, module)
        if any(_has_effect(call) for call in _own_calls(function))
    }


def raw_effects(*folders: str) -> dict[str, set[str]]:
    """By module, what it touches the outside world with, by no module of ours."""
    found: dict[str, set[str]] = {}
    for module, tree in modules(*folders):
        for node in ast.walk(tree):
            if name := _raw(node):
                found.setdefault(module, set()).add(name)
    return found


def _own_calls(function: ast.AST) -> Iterator[ast.Call]:
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from _own_calls(node)


def _has_effect(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name):
            return name in PLAIN
        case ast.Attribute(value=receiver, attr=attr):
            return attr in EFFECTS.get(_last_name(receiver), set())
    return False


def _last_name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lstrip("_")
        case ast.Call(func=made):
            # Ledger.of(settings).record(…)
            return _last_name(made.value).lower() if isinstance(made, ast.Attribute) else _last_name(made)
    return ""


def _raw(node: ast.AST) -> str | None:
    match node:
        case ast.Import(names=names):
            return next((one.name for one in names if one.name in RAW_MODULES), None)
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in RAW_MODULES:
            return module
        case ast.Call(func=ast.Attribute(attr=attr)) if attr in RAW_CALLS:
            return attr
        case ast.Call(func=ast.Name(id="open")):
            return "open"
    return None
