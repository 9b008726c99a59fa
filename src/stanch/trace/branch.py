"""Which returns of a method can be reached, given what is known of the request: its action and its HTTP method."""

import ast
from collections.abc import Mapping

from stanch.trace.syntax import FUNCTIONS, Function, blocks, dotted, text_of, texts_of

FACTS = {"self.action": "action", "self.request.method": "method", "request.method": "method"}


def returned(node: Function, facts: Mapping[str, str]) -> list[ast.expr]:
    """List the expressions that may be returned (or yielded); without facts, all of them."""
    found: list[ast.expr] = []
    walk(node.body, facts, found)
    return found


def walk(body: list[ast.stmt], facts: Mapping[str, str], found: list[ast.expr]) -> bool:
    """Collect from a block; tell whether it always ends the function."""
    for statement in body:
        if isinstance(statement, ast.Return):
            found += [statement.value] if statement.value is not None else []
            return True
        if isinstance(statement, ast.Raise):
            return True
        if isinstance(statement, ast.Expr) and isinstance(statement.value, (ast.Yield, ast.YieldFrom)) and statement.value.value is not None:
            found.append(statement.value.value)
        if isinstance(statement, ast.If):
            if branch(statement, facts, found):
                return True
        elif not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            for block in blocks(statement):
                walk(block, facts, found)
    return False


def branch(statement: ast.If, facts: Mapping[str, str], found: list[ast.expr]) -> bool:
    holds = truth(statement.test, facts)
    if holds is True:
        return walk(statement.body, facts, found)
    if holds is False:
        return walk(statement.orelse, facts, found)
    ends = walk(statement.body, facts, found)
    return walk(statement.orelse, facts, found) and ends


def truth(test: ast.expr, facts: Mapping[str, str]) -> bool | None:
    """Decide a condition on the facts; ``None`` where they do not tell."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = truth(operand, facts)
            return None if inner is None else not inner
        case ast.BoolOp(op=op, values=values):
            known = [truth(v, facts) for v in values]
            decisive = isinstance(op, ast.Or)
            if decisive in known:
                return decisive
            return None if None in known else not decisive
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return compared(facts.get(FACTS.get(dotted(left), "")), op, right)
    return None


def compared(fact: str | None, op: ast.cmpop, right: ast.expr) -> bool | None:
    if fact is None:
        return None
    if isinstance(op, (ast.Eq, ast.NotEq)) and (text := text_of(right)) is not None:
        return (text == fact) is isinstance(op, ast.Eq)
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, (ast.List, ast.Tuple, ast.Set)):
        return (fact in texts_of(right)) is isinstance(op, ast.In)
    return None
