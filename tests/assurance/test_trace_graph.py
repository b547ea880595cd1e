"""The graph of a trace: columns, links, which rows run where, where chains end, what is left out."""

from __future__ import annotations

from govern.assurance.trace import Row
from govern.assurance.trace_graph import graph_of
from govern.assurance.trace_heads import End, Head, Step
from govern.catalogue.objects import Target
from tests.assurance.traces import proof, waiting

ABSENT, AWAITS = End(Step.SYSTEM, "absent", "Nothing."), End(Step.EVIDENCE, "awaits-review", "Waits.")
FIRST, SECOND = Head("f", "1", "C-01"), Head("f", "2", "C-02")


def columns(rows: list[Row], most: int = 60) -> dict[str, list[object]]:
    return {step.value: [node.key for node in nodes] for step, nodes in graph_of(rows, most).columns.items()}


def test_every_step_that_rows_reach_is_a_node_once() -> None:
    rows = [Row(FIRST, "s1", (), proof("e1")), Row(SECOND, "s1", (), proof("e1")), Row(FIRST, "s2", ("C-01.1",), ends=(ABSENT,)),
            Row(FIRST, "s2", (), waiting("e2"), ends=(AWAITS,)), Row(Head("f", "3", ""))]
    graph = graph_of(rows)
    assert columns(rows) == {
        "requirement": [Target("f", "1"), Target("f", "2"), Target("f", "3")], "control": ["C-01", "C-02"],
        "system": ["s2", "s1"], "evidence": ["e2", "e1"], "decision": ["e1/1"]}
    assert [(node.key, node.rows) for node in graph.columns[Step.SYSTEM]] == [("s2", (2, 3)), ("s1", (0, 1))]
    assert {(one.step.value, one.left, one.right): one.rows for one in graph.joints} == {
        ("requirement", 0, 0): (0, 2, 3), ("requirement", 1, 1): (1,), ("control", 0, 1): (0,), ("control", 1, 1): (1,),
        ("control", 0, 0): (2, 3), ("system", 1, 1): (0, 1), ("system", 0, 0): (3,), ("evidence", 1, 0): (0, 1)}


def test_ends_stand_at_the_node_that_chains_still_reach() -> None:
    other = End(Step.SYSTEM, "absent", "Nothing else.")
    rows = [Row(FIRST, "s1", ends=(ABSENT,)), Row(SECOND, "s1", ends=(ABSENT, other)),
            Row(FIRST, "s1", (), waiting(), ends=(AWAITS,))]
    graph = graph_of(rows)
    assert [node.ends for node in graph.columns[Step.SYSTEM]] == [(ABSENT, other)]
    assert [node.ends for node in graph.columns[Step.EVIDENCE]] == [(AWAITS,)]
    assert [node.ends for node in graph.columns[Step.CONTROL]] == [(), ()]


def test_versions_share_their_evidence_and_have_each_their_decision() -> None:
    rows = [Row(FIRST, "s1", (), proof("e1", 2)), Row(FIRST, "s1", (), proof("e1", 1))]
    assert columns(rows)["evidence"] == ["e1"]
    assert columns(rows)["decision"] == ["e1/2", "e1/1"]


def test_a_column_is_cut_and_says_how_many_are_missing() -> None:
    rows = [Row(Head("f", str(number), "C-01"), f"s{number}", (), proof(f"e{number}")) for number in range(100)]
    graph = graph_of(rows, 60)
    assert {step.value: (len(nodes), graph.left_out[step]) for step, nodes in graph.columns.items()} == {
        "requirement": (60, 40), "control": (1, 0), "system": (60, 40), "evidence": (60, 40), "decision": (60, 40)}
    assert all(one.left < 60 and one.right < 60 for one in graph.joints)
    assert graph.columns[Step.CONTROL][0].rows == tuple(range(100)), "what is not drawn still counts"


def test_each_column_stands_in_the_order_of_what_it_hangs_on() -> None:
    rows = [Row(FIRST, "s1", (), proof("z")), Row(FIRST, "s2", (), proof("b")), Row(SECOND, "s1", (), proof("a"))]
    graph = graph_of(rows)
    assert [node.key for node in graph.columns[Step.EVIDENCE]] == ["b", "z", "a"], "those of s1 side by side"


def test_no_rows() -> None:
    assert columns([]) == {step.value: [] for step in Step}
    assert graph_of([]).joints == ()
