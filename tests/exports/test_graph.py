"""The graph of an audit: every dependency once, in both forms."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.claims import registry
from analysis.execution.plan import plan
from analysis.exports import graph
from analysis.project import Project

PROJECT = Project(Path(__file__).parents[2])
REGISTER = registry.read(PROJECT)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def whole():
    return graph.of(REGISTER, plan(PROJECT, REGISTER))


def test_each_claim_depends_on_its_tables_and_leads_to_its_notebook_and_figure(whole):
    edges = set(whole.edges)
    assert len(edges) == len(whole.edges)
    for node in whole.nodes["claim"]:
        claim = REGISTER.claims[node.name]
        tables = {start.name for start, end in edges if end == node}
        assert tables == set(claim.tables)
        notebook = graph.Node("notebook", f"notebooks/{claim.method}.ipynb")
        assert (node, notebook) in edges
        assert (notebook, graph.Node("output", f"build/figures/{node.name}.svg")) in edges


def test_the_text_for_graphviz_has_every_node_and_every_edge(whole):
    text = graph.dot(whole)
    declared = re.findall(r'^ {4}"([^"]+)" \[label=', text, re.MULTILINE)
    drawn = re.findall(r'^ {2}"([^"]+)" -> "([^"]+)";', text, re.MULTILINE)
    assert len(drawn) == len(whole.edges)
    assert {name for edge in drawn for name in edge} == set(declared)


def test_the_picture_has_every_node_and_every_edge_and_no_two_boxes_overlap(whole):
    root = ET.fromstring(graph.svg(whole, "A <text>"))  # noqa: S314 - our own
    assert "A <text>" in root.attrib["aria-label"]
    assert len(root.findall(f"{SVG}path")) == len(whole.edges)
    boxes = root.findall(f".//{SVG}rect")
    assert len(boxes) == sum(map(len, whole.nodes.values()))
    columns: dict[str, list[float]] = {}
    for box in boxes:
        columns.setdefault(box.attrib["x"], []).append(float(box.attrib["y"]))
    height = float(boxes[0].attrib["height"])
    for tops in columns.values():
        ordered = sorted(tops)
        assert all(low + height <= high for low, high in pairwise(ordered))


def test_a_part_of_the_audit_has_a_graph_of_its_own():
    one = graph.of(REGISTER, plan(PROJECT, REGISTER, ["C2"]))
    assert [node.name for node in one.nodes["claim"]] == ["C2"]
    assert {node.name for node in one.nodes["table"]} == set(REGISTER.claims["C2"].tables)
    assert graph.dot(graph.of(REGISTER, plan(PROJECT, REGISTER, ["A2b"]))).count("->") == 0
