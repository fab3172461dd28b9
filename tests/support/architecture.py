"""Checks a program's imports against a table, given nothing but its sources."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

PROGRAM = "vision_studio"
ANYTHING = frozenset({"*"})


@dataclass(frozen=True)
class Table:
    """Who may import what.

    `layers` lists the other parts and the libraries that each part may import; a part is a package or module
    right below the program. `homes` names the one module or package that may import a library, however much
    another is allowed. `doors` names, for a part and another it imports, the one module or
    package that does so.
    """

    layers: Mapping[str, frozenset[str]]
    homes: Mapping[str, str]
    doors: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Import:
    """An import by one module of another, both by full name; type checkers alone see some of them."""

    importer: str
    line: int
    imported: str
    for_types_only: bool

    @property
    def part(self) -> str:
        return _part(self.importer)

    @property
    def target(self) -> str:
        """The part imported, or the library."""
        top = self.imported.partition(".")[0]
        return _part(self.imported) if top == PROGRAM else top


def violations(sources: Mapping[str, str], table: Table) -> list[str]:
    """Return a sentence for each import the table forbids and for a cycle; `sources` is by module name."""
    imports = [found for module, source in sources.items() for found in _imports(module, source, sources)]
    forbidden = [
        f"{found.importer}:{found.line}: {why}" for found in imports for why in _objections(found, table)
    ]
    return forbidden + _cycles(imports, sources)


def _objections(found: Import, table: Table) -> Iterator[str]:
    part, target = found.part, found.target
    if found.imported.startswith("."):
        yield "a relative import, which this check cannot follow"
    elif part not in table.layers:
        yield f"{part} has no row in the table"
    elif target != part and target not in ("", PROGRAM, *sys.stdlib_module_names):
        if not table.layers[part] & {target, *ANYTHING}:
            yield f"{part} may not import {target}"
        home = table.homes.get(target, found.importer)
        if not f"{found.importer}.".startswith(f"{home}."):
            yield f"only {home} may import {target}"
        door = table.doors.get((part, target), found.importer)
        if not f"{found.importer}.".startswith(f"{door}."):
            yield f"in {part}, only {door} may import {target}"


def _part(module: str) -> str:
    """Return the part a module of the program belongs to; the program's own `__init__` is the part `""`."""
    return module.removeprefix(PROGRAM).removeprefix(".").partition(".")[0]


def _imports(module: str, source: str, modules: Collection[str]) -> Iterator[Import]:
    tree = ast.parse(source)
    for_types = {id(node) for block in _type_checking_blocks(tree) for node in ast.walk(block)}
    for node in ast.walk(tree):
        for imported in _imported(node, modules):
            yield Import(module, node.lineno, imported, id(node) in for_types)


def _type_checking_blocks(tree: ast.AST) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield from node.body


def _imported(node: ast.AST, modules: Collection[str]) -> Iterator[str]:
    """Yield the full names of the modules a node imports, by statement or by `import_module("name")`."""
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(_, _, level) if level:
            yield "." * level
        case ast.ImportFrom(str(origin), names):
            inner = [f"{origin}.{alias.name}" for alias in names]
            yield from (name if name in modules else origin for name in inner)
        case ast.Call(ast.Name(name) | ast.Attribute(attr=name), [ast.Constant(str(target)), *_]):
            if name in ("import_module", "__import__"):
                yield target


def _cycles(imports: list[Import], modules: Collection[str]) -> list[str]:
    graph: dict[str, set[str]] = {}
    for found in imports:
        if found.imported in modules and not found.for_types_only:
            graph.setdefault(found.importer, set()).add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [f"cycle: {' → '.join(reversed(error.args[1]))}"]
    return []
