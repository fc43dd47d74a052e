"""The faults that a mutation test puts into Python code: small ones, as people make them."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
JOINED = {ast.And: ast.Or, ast.Or: ast.And}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
# What states a type or the form of a class is not mutated: no behaviour is there.
LEFT_OUT = {"annotation", "returns", "decorator_list", "bases", "type_params"}
TYPES = r"((str|int|float|bool|list|dict|tuple|None|(\w+\.)*[A-Z]\w*)( \| |$))+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One fault: the text from `begin` to `end`, (line, column in bytes), becomes `new`."""

    file: str
    begin: tuple[int, int]
    end: tuple[int, int]
    old: str
    new: str
    statement: int  # the line on which the statement around it begins
    inside: bool  # whether it is executed by a call, and not by an import

    @property
    def package(self) -> str:
        """The folder of the file."""
        return PurePath(self.file).parent.name

    @property
    def lines(self) -> set[int]:
        """The lines of which a test must execute one to meet the fault."""
        return {self.statement, *range(self.begin[0], self.end[0] + 1)}

    def applied(self, source: str) -> str:
        """The source with the fault in it."""
        lines = source.encode().splitlines(keepends=True)
        (first, left), (last, right) = self.begin, self.end
        before, after = lines[first - 1][:left], lines[last - 1][right:]
        lines[first - 1 : last] = [before + self.new.encode() + after]
        return b"".join(lines).decode()

    def __str__(self) -> str:
        return f"{self.file}:{self.begin[0]}: {' '.join(self.old.split())} -> {self.new}"


def mutations(source: str, file: str) -> Iterator[Mutation]:
    r"""All faults that can be put into the source of a file, from its first line to its last.

    >>> [str(each) for each in mutations("def f(x):\n    return x < 1\n", "a.py")]
    ['a.py:2: return x < 1 -> return None', 'a.py:2: x < 1 -> (x <= 1)', 'a.py:2: 1 -> (2)']
    """
    for node, statement, inside in _walk(ast.parse(source), 1, inside=False):
        for changed in _changed(node):
            new = ast.unparse(changed)
            yield Mutation(
                file=file,
                begin=(node.lineno, node.col_offset),
                end=(node.end_lineno or 0, node.end_col_offset or 0),
                old=ast.get_source_segment(source, node) or "",
                new=f"({new})" if isinstance(node, ast.expr) else new,
                statement=statement,
                inside=inside,
            )


def _walk(
    node: ast.AST, statement: int, *, inside: bool
) -> Iterator[tuple[ast.stmt | ast.expr, int, bool]]:
    """Each statement and expression that may be changed, the line of its statement, `inside`."""
    for name, value in ast.iter_fields(node):
        if name in LEFT_OUT:
            continue
        called = isinstance(node, ast.FunctionDef | ast.Lambda) and name == "body"
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _stays(child, inside=inside or called):
                continue
            line = child.lineno if isinstance(child, ast.stmt) else statement
            if isinstance(child, ast.stmt | ast.expr):
                yield child, line, inside or called
            yield from _walk(child, line, inside=inside or called)


def _stays(node: ast.AST, *, inside: bool) -> bool:
    """Whether nothing in this node is changed."""
    if isinstance(node, ast.If | ast.IfExp):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return not inside or re.fullmatch(TYPES, ast.unparse(node)) is not None
    if isinstance(node, ast.keyword):
        return node.arg in {"strict", "slots", "kw_only", "frozen", "maxsize"}
    # Before Python 3.12 the parts of an f-string have no true place.
    return isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom)


def _changed(node: ast.stmt | ast.expr) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            changed = copy.deepcopy(node)
            changed.ops[at] = COMPARED[type(operator)]()
            yield changed
    elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        if not isinstance(node.left, ast.Constant) or not isinstance(node.left.value, str):
            yield ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(JOINED[type(node.op)](), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _other_constant(node.value)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Name) and node.id in CALLED:
        yield ast.Name(CALLED[node.id])
    else:
        yield from _other_statement(node)


def _other_constant(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)


def _other_statement(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Return) and ast.unparse(node) not in ("return", "return None"):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.Pass()
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
