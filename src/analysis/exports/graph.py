"""What is made of what: tables, claims, notebooks and outputs, as SVG and for Graphviz."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from statistics import mean
from typing import TYPE_CHECKING

from analysis.exports.outputs import GRAPH

if TYPE_CHECKING:
    from analysis.claims.registry import Register
    from analysis.execution.plan import Plan

NODE_KINDS = ("table", "claim", "notebook", "output")
LABELS = ("Tables", "Claims", "Notebooks", "Outputs")
NAMESPACE = "http://www.w3.org/2000/svg"
STEP, TOP, MARGIN = 20, 56, 16  # pixels: between two rows, above the first, around everything
WIDTHS = (290, 70, 200, 180)  # pixels of each column
GAP = 110  # pixels between two columns
TALL = 14  # pixels that a row's text takes
STYLE = """\
svg{font:12px sans-serif;fill:#1a1a1a;background:#fff}
path{fill:none;stroke:#565656;stroke-opacity:.35}
rect{fill:#f1f1f1;stroke:#8a8a8a}
.head{font-weight:bold;font-size:14px}
@media (prefers-color-scheme:dark){svg{fill:#eee;background:#1a1a1a}path{stroke:#bbb}\
rect{fill:#333;stroke:#888}}"""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A table, a claim, a notebook or an output, with its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The nodes of each kind, each in the order in which it is drawn, and what leads to what."""

    nodes: Mapping[str, Sequence[Node]]
    edges: Sequence[tuple[Node, Node]]
    titles: Mapping[Node, str]


def of(register: Register, todo: Plan) -> Graph:
    """The graph of the claims in a plan.

    Claims and outputs keep the register's order; tables and notebooks stand near their claims.
    """
    edges, titles = [], {}
    for job in todo.jobs:
        claim = Node("claim", job.claim)
        notebook = Node("notebook", f"notebooks/{job.notebook.name}")
        titles[claim] = register.claims[job.claim].title
        tables = (Node("table", name) for name in register.claims[job.claim].tables)
        edges += [(table, claim) for table in tables]
        edges += [(claim, notebook), (notebook, Node("output", f"build/figures/{job.claim}.svg"))]
    edges = list(dict.fromkeys(edges))
    order = {job.claim: at for at, job in enumerate(todo.jobs)}
    nodes = {kind: list(dict.fromkeys(_of_kind(edges, kind))) for kind in NODE_KINDS}
    nodes["table"].sort(key=lambda node: (_place(node, edges, order, back=False), node))
    nodes["notebook"].sort(key=lambda node: (_place(node, edges, order, back=True), node))
    return Graph(nodes=nodes, edges=edges, titles=titles)


def _of_kind(edges: Iterable[tuple[Node, Node]], kind: str) -> Iterator[Node]:
    return (node for edge in edges for node in edge if node.kind == kind)


def _place(
    node: Node, edges: Iterable[tuple[Node, Node]], order: Mapping[str, int], *, back: bool
) -> float:
    """The mean place of the claims before a node (`back`) or behind it."""
    pairs = (edge if back else edge[::-1] for edge in edges)
    return mean(order[claim.name] for claim, own in pairs if own == node and claim.kind == "claim")


# ------------------------------------------------------------------------- Graphviz


def dot(graph: Graph) -> str:
    """The graph in Graphviz's language, one cluster a kind.

    >>> table, claim = Node("table", "trade/gdp"), Node("claim", "X2")
    >>> nodes = {"table": [table], "claim": [claim], "notebook": [], "output": []}
    >>> print(dot(Graph(nodes=nodes, edges=[(table, claim)], titles={claim: "Trade"})))
    digraph audit {
      rankdir=LR;
      node [shape=box, fontname="sans-serif"];
      subgraph "cluster_table" {
        label="Tables";
        "table:trade/gdp" [label="trade/gdp"];
      }
      subgraph "cluster_claim" {
        label="Claims";
        "claim:X2" [label="X2", tooltip="Trade"];
      }
      "table:trade/gdp" -> "claim:X2";
    }
    <BLANKLINE>
    """
    lines = ["digraph audit {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    for kind, label in zip(NODE_KINDS, LABELS, strict=True):
        if graph.nodes[kind]:
            lines += [f'  subgraph "cluster_{kind}" {{', f"    label={_quoted(label)};"]
            lines += [f"    {_declared(node, graph.titles)};" for node in graph.nodes[kind]]
            lines += ["  }"]
    lines += [f"  {_id(start)} -> {_id(end)};" for start, end in graph.edges]
    return "\n".join([*lines, "}", ""])


def _declared(node: Node, titles: Mapping[Node, str]) -> str:
    own = [f"label={_quoted(node.name)}"]
    if node in titles:
        own.append(f"tooltip={_quoted(titles[node])}")
    return f"{_id(node)} [{', '.join(own)}]"


def _id(node: Node) -> str:
    return _quoted(f"{node.kind}:{node.name}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# ------------------------------------------------------------------------- SVG


def svg(graph: Graph, title: str) -> str:
    """The graph as a picture of four columns, readable on light and on dark."""
    rows = max(map(len, graph.nodes.values()), default=0)
    width, height = _left(len(NODE_KINDS)) - GAP + MARGIN, TOP + rows * STEP + MARGIN
    at = {node: (x, y) for node, x, y in _places(graph, rows)}
    label = f"Tables, claims, notebooks and outputs of: {title}"
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    lines = [
        f'<svg xmlns="{NAMESPACE}" {GRAPH} {size} role="img" aria-label="{escape(label)}">',
        f"<title>{escape(label)}</title>",
        f"<style>{STYLE}</style>",
    ]
    for column, head in enumerate(LABELS):
        count = len(graph.nodes[NODE_KINDS[column]])
        lines.append(
            f'<text class="head" x="{_left(column)}" y="{MARGIN + TALL}">{head} ({count})</text>'
        )
    lines += [_arc(at[start], at[end], _column(start)) for start, end in graph.edges]
    lines += [_box(node, *at[node], graph.titles) for node in at]
    return "\n".join([*lines, "</svg>", ""])


def _places(graph: Graph, rows: int) -> Iterator[tuple[Node, int, float]]:
    """Each node with its left edge and its middle: short columns are spread over the height."""
    for column, kind in enumerate(NODE_KINDS):
        step = rows * STEP / max(len(graph.nodes[kind]), 1)
        for row, node in enumerate(graph.nodes[kind]):
            yield node, _left(column), TOP + (row + 0.5) * step


def _left(column: int) -> int:
    return MARGIN + sum(WIDTHS[:column]) + GAP * column


def _column(node: Node) -> int:
    return NODE_KINDS.index(node.kind)


def _arc(start: tuple[int, float], end: tuple[int, float], column: int) -> str:
    left, right = start[0] + WIDTHS[column], end[0]
    middle = (left + right) / 2
    ends = f"M{left} {start[1]:.1f}C{middle:.0f} {start[1]:.1f} {middle:.0f} {end[1]:.1f}"
    return f'<path d="{ends} {right} {end[1]:.1f}"/>'


def _box(node: Node, x: int, y: float, titles: Mapping[Node, str]) -> str:
    tooltip = f"<title>{escape(titles[node])}</title>" if node in titles else ""
    box = f'<rect x="{x}" y="{y - TALL / 2 - 2:.1f}" width="{WIDTHS[_column(node)]}"'
    words = f'<text x="{x + 5}" y="{y + TALL / 2 - 3:.1f}">{escape(node.name)}</text>'
    return f'<g>{tooltip}{box} height="{TALL + 4}" rx="3"/>{words}</g>'
