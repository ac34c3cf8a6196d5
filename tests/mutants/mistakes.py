"""Which mistakes the mutation tester makes, and where it makes none.

Of the tester's two hundred operators these stay: the slips that people make. To try each of
eleven other signs in the place of a plus, or a comparison of texts, costs hours and tells no more.
"""

import ast
import re
from collections.abc import Iterator

MADE = re.compile(
    r"""core/(
    AddNot | ExceptionReplacer | NumberReplacer | RemoveDecorator | ZeroIterationForLoop
    | ReplaceAndWithOr | ReplaceOrWithAnd | ReplaceTrueWithFalse | ReplaceFalseWithTrue
    | ReplaceBreakWithContinue | ReplaceContinueWithBreak
    | ReplaceUnaryOperator_Delete_(Invert | Not | USub)
    | ReplaceBinaryOperator_(
        Add_Sub | Sub_Add | Mul_FloorDiv | Div_Mul | FloorDiv_Mul | Mod_FloorDiv
        | BitAnd_BitOr | BitOr_BitAnd
    )
    | ReplaceComparisonOperator_(
        Eq_NotEq | NotEq_Eq | Is_IsNot | IsNot_Is
        | Lt_LtE | Lt_GtE | LtE_Lt | LtE_Gt | Gt_GtE | Gt_LtE | GtE_Gt | GtE_Lt
    )
    )""",
    re.VERBOSE,
)
Position = tuple[int, int]  # line, from 1, and column, from 0


def annotations(source: str) -> list[tuple[Position, Position]]:
    """Where a module's annotations begin and end: what stands there is for readers and mypy."""
    return [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        for node in _annotations(ast.parse(source))
    ]


def _annotations(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) or (isinstance(node, ast.arg) and node.annotation):
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns


def is_made(operator: str, at: Position, source: str) -> bool:
    """Whether that operator makes a mistake of these, at a place that is run."""
    return bool(MADE.fullmatch(operator)) and not any(
        start <= at < end for start, end in annotations(source)
    )
