"""NIST's own references from SP 800-218A to the AI RMF, as a second opinion on our mappings.

NIST names subcategories that help with a task; we map a control to both only where its evidence shows something of
both. So NIST sees more pairs than we do: those that no control of ours joins are listed here, one by one, and a
change of mappings that adds or closes one has to change this list.
"""

from __future__ import annotations

from govern.catalogue.objects import Catalogue

TASKS, SUBCATEGORIES = "nist-sp-800-218a", "nist-ai-rmf-1.0"

NOT_JOINED = {
    "PO.1.1": "MAP 1.5",
    "PO.1.2": "GOVERN 3.2, GOVERN 5.1, GOVERN 6.1",
    "PO.1.3": "MAP 4.2",
    "PO.4.1": "MEASURE 2.3, MEASURE 2.7",
    "PO.4.2": "MEASURE 2.3, MANAGE 1.1",
    "PW.1.1": "GOVERN 4.1, GOVERN 4.2, MEASURE 1.1, MANAGE 1.2, MANAGE 1.3",
    "PW.1.2": "GOVERN 4.1, MAP 2.2, MAP 2.3, MAP 4.2, MAP 5.2, MANAGE 1.2, MANAGE 1.3, MANAGE 1.4",
    "PW.2.1": "MEASURE 2.7, MANAGE 1.1",
    "PW.3.1": "MANAGE 1.2, MANAGE 1.3",
    "PW.5.1": "MANAGE 1.2, MANAGE 1.3, MANAGE 1.4",
    "PW.7.2": "MEASURE 2.3, MANAGE 1.1, MANAGE 1.2, MANAGE 1.3, MANAGE 1.4",
    "PW.8.2": "MEASURE 2.2, MANAGE 1.1, MANAGE 1.2, MANAGE 1.3, MANAGE 1.4",
    "PW.9.2": "MANAGE 1.2, MANAGE 1.3",
    "RV.1.1": "GOVERN 6.1, GOVERN 6.2, MEASURE 1.2, MEASURE 2.5",
    "RV.1.2": "GOVERN 4.3, MEASURE 2.4, MEASURE 3.1, MANAGE 4.1",
    "RV.1.3": "GOVERN 5.1, GOVERN 6.1, MEASURE 3.1",
    "RV.2.1": "GOVERN 4.3, GOVERN 5.1, GOVERN 6.1, MEASURE 2.7, MANAGE 2.3, MANAGE 4.1",
    "RV.2.2": "GOVERN 5.1, GOVERN 5.2, GOVERN 6.1, MEASURE 3.3",
    "RV.3.1": "GOVERN 5.1, GOVERN 6.1, MEASURE 2.7, MEASURE 3.1, MANAGE 2.3, MANAGE 4.1",
    "RV.3.2": "GOVERN 5.1, GOVERN 6.1, MEASURE 2.7, MEASURE 3.1, MANAGE 4.1",
    "RV.3.3": "GOVERN 5.1, GOVERN 5.2, GOVERN 6.1, MEASURE 2.7, MEASURE 3.1, MANAGE 4.1",
    "RV.3.4": "GOVERN 5.2, GOVERN 6.1, MEASURE 2.7, MEASURE 3.1",
}
"""Task → the subcategories that NIST refers to and that no control of ours joins with it.

Most fall into three groups: tasks of coding, review and response that NIST also sets against the treatment of risks
(MANAGE 1), which in our catalogue is proved by the risk register and not by the code; the organisation's dealings with
third parties and people outside (GOVERN 5 and 6), which no evidence of a single flaw shows; and measuring in general
(MEASURE 1 to 3), which our controls prove in evaluation and monitoring.
"""


def joined(catalogue: Catalogue, task: str, subcategory: str) -> bool:
    """Whether one control is mapped to the task, or to an item of it, and to the subcategory."""
    framework = catalogue.frameworks[TASKS]
    names = [task, *(item.id for item in framework.children.get(task, ()))]
    mapped = catalogue.mapped
    of_task = {control for name in names for control, _ in mapped[TASKS].get(name, ())}
    return bool(of_task & {control for control, _ in mapped[SUBCATEGORIES].get(subcategory, ())})


def test_what_nist_refers_to_and_no_control_joins_is_listed(shipped: Catalogue) -> None:
    [references] = [one for one in shipped.crosswalks if one.id == "nist-218a-references"]
    assert (references.source_framework, references.target_framework) == (TASKS, SUBCATEGORIES)
    missing = {task: ", ".join(one for one in targets if not joined(shipped, task, one))
               for task, targets in references.pairs.items()}
    assert {task: listed for task, listed in missing.items() if listed} == NOT_JOINED
    assert sum(map(len, references.pairs.values())) == 138


def test_every_task_that_nist_refers_from_agrees_with_us_somewhere_or_is_listed_whole(shipped: Catalogue) -> None:
    [references] = [one for one in shipped.crosswalks if one.id == "nist-218a-references"]
    apart = [task for task, targets in references.pairs.items()
             if not any(joined(shipped, task, one) for one in targets)]
    assert apart == APART


APART = ["PW.2.1", "PW.5.1", "RV.3.1"]
"""Tasks with which no control of ours joins any subcategory that NIST refers to."""
