"""The sheets of a workbook that brings an addition: their columns, what each takes, and from which list.

The one description of the form: reading goes by it, and the template to download is made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

FRONT = "Read me"
FRONT_ID = "Id of the addition"
FRONT_TITLE = "Title of the addition"
LISTS = "Lists"
MOST_ROWS = 20_000
GAP = "gap"
"""In the column Relation: no control proves this requirement, and why."""


class Form(Enum):
    """What a cell holds."""

    TEXT = "text"
    WORDS = "words, separated by commas"
    YES = "yes or no"
    DAYS = "a whole number"
    DATE = "a date as 2026-01-31"
    TARGETS = "framework | requirement, one a line"


@dataclass(frozen=True)
class SheetColumn:
    """One column: its heading, the key in our files, and what it takes.

    `choices` names the list that its words come from; `must`: a row without it is refused.
    """

    title: str
    key: str
    meaning: str
    form: Form = Form.TEXT
    choices: str = ""
    must: bool = True
    width: int = 18


@dataclass(frozen=True)
class SheetForm:
    """One sheet."""

    title: str
    meaning: str
    columns: tuple[SheetColumn, ...]

    def column(self, key: str) -> SheetColumn:
        """The column of a key."""
        return next(one for one in self.columns if one.key == key)


_FRAMEWORK = SheetColumn("Framework", "framework", "The id of the framework, yours or one of the catalogue.",
                         choices="frameworks")

FRAMEWORKS = SheetForm("Frameworks", "One row for each framework of yours: a standard, a law or your own policy.", (
    SheetColumn("Id", "id", "Small letters and digits with hyphens or points between, such as house-policy-2.1."),
    SheetColumn("Title", "title", "Its full title.", width=40),
    SheetColumn("Publisher", "publisher", "Who publishes it.", width=24),
    SheetColumn("Version", "version", "Its version or edition."),
    SheetColumn("Date", "date", "When it was published: year, year-month or year-month-day.", Form.DATE, width=12),
    SheetColumn("Status", "status", "Whether it holds.", choices="statuses", width=12),
    SheetColumn("Document", "document", "The document that the requirements were taken from.", width=32),
    SheetColumn("Reference", "reference", "Its number or another reference.", width=24),
    SheetColumn("Address", "url", "Where it can be read, beginning with https://. Leave it empty when there is no such place.",
                must=False, width=32),
    SheetColumn("Wording", "wording", "Whose words the titles and gists are.", width=40),
    SheetColumn("Strength passes down", "strength_passes_down",
                "yes: what covers a requirement in full covers the parts below it too.", Form.YES, "yes", width=12),
))

REQUIREMENTS = SheetForm("Requirements", "One row for each requirement or heading; a parent stands above its children.", (
    SheetColumn("Framework", "framework", "The id of the framework, from the sheet Frameworks."),
    SheetColumn("Id", "id", "Its number or name in the framework."),
    SheetColumn("Parent", "parent", "The id of the requirement or heading above it; empty at the top.", must=False),
    SheetColumn("Level", "level", "What it is, in small letters: section, clause, control …"),
    SheetColumn("Title", "title", "Its title.", width=40),
    SheetColumn("Title is", "title_is", "official: as published. ours: your own words.", choices="title_is", width=12),
    SheetColumn("Gist", "gist", "What it asks, in your own words. May be empty only beside an official title.", must=False,
                width=60),
    SheetColumn("Assessable", "assessable", "yes: it is counted. no: a heading or a remark.", Form.YES, "yes", width=12),
    SheetColumn("Priority", "priority", "Its priority, where the framework gives one.", must=False, width=12),
    SheetColumn("Tags", "tags", "Words to filter by.", Form.WORDS, must=False),
    SheetColumn("Note", "note", "Anything a reader should know.", must=False, width=32),
    SheetColumn("Through", "through", "Requirements, also of other frameworks, that together meet it: framework | requirement, "
                "one a line.", Form.TARGETS, must=False, width=32),
))

CONTROLS = SheetForm("Controls", "One row for each control of yours, in a domain of its own.", (
    SheetColumn("Domain", "domain", "Two to five capitals that no domain of the catalogue has.", width=10),
    SheetColumn("Domain title", "domain_title", "What the domain is called; once is enough.", must=False),
    SheetColumn("Domain meaning", "domain_meaning", "What the domain is about; once is enough.", must=False, width=32),
    SheetColumn("Id", "id", "The domain, a hyphen and two digits: HSE-01.", width=10),
    SheetColumn("Title", "title", "Its title.", width=32),
    SheetColumn("Objective", "objective", "What is so when it is done, in one sentence.", width=48),
    SheetColumn("Stages", "stages", "The stages of a system in which it matters.", Form.WORDS, "stages", width=24),
    SheetColumn("Applies when", "when", "An expression over traits, such as trait.agentic. Empty: always.", must=False, width=28),
    SheetColumn("Because", "because", "Why it applies then; shown to people.", must=False, width=32),
    SheetColumn("Guidance", "guidance", "How to do it.", must=False, width=60),
    SheetColumn("Lead", "lead", "The function that does it. With it go With, Threats, Goals and Defence.", Form.TEXT, "functions",
                must=False),
    SheetColumn("With", "with", "Functions that take part.", Form.WORDS, "functions", must=False, width=24),
    SheetColumn("Threats", "threats", "The threat patterns that it answers.", Form.WORDS, "threats", must=False, width=24),
    SheetColumn("Goals", "goals", "The security goals that it serves.", Form.WORDS, "goals", must=False, width=24),
    SheetColumn("Defence", "defence", "The layer of defence that it belongs to.", Form.TEXT, "defences", must=False),
))

ASKS = SheetForm("Asks", "One row for each piece of evidence that a control of yours asks for; every control has one.", (
    SheetColumn("Control", "control", "The id of the control, from the sheet Controls.", width=10),
    SheetColumn("Id", "id", "The control, a point and a number: HSE-01.1.", width=12),
    SheetColumn("Title", "title", "What is asked for.", width=40),
    SheetColumn("Kinds", "kinds", "The kinds of evidence that will do; any one of them.", Form.WORDS, "kinds", width=28),
    SheetColumn("About", "about", "What the evidence speaks about.", choices="about"),
    SheetColumn("Basis", "basis", "The least that will do. Empty: any.", choices="bases", must=False),
    SheetColumn("Fresh days", "fresh_days", "For how many days it holds. Empty: it does not run out.", Form.DAYS, must=False,
                width=12),
    SheetColumn("Due stage", "stage", "The stage from which it is due; or fill the next two.", choices="stages", must=False),
    SheetColumn("Due after", "after", "The event after which it is due.", choices="events", must=False),
    SheetColumn("Within days", "within_days", "How many days after the event.", Form.DAYS, must=False, width=12),
    SheetColumn("When", "condition", "An expression over traits under which it is asked. Empty: always.", must=False, width=28),
    SheetColumn("Because", "because", "Why it is asked then; shown to people.", must=False, width=32),
))

CHECKS = SheetForm("Checks", "One row for each thing that the evidence must show; every ask has one.", (
    SheetColumn("Ask", "ask", "The id of the ask, from the sheet Asks.", width=12),
    SheetColumn("Id", "id", "Small letters and digits with hyphens between.", width=20),
    SheetColumn("Question", "question", "What a reviewer answers with yes or no, ending with a question mark.", width=60),
    SheetColumn("Expression", "expression", "What decides instead, over the fields of a kind: findings.critical == 0.", must=False,
                width=40),
    SheetColumn("For", "for", "The kinds for which the expression decides.", Form.WORDS, "kinds", must=False, width=24),
))

MAPPINGS = SheetForm("Mappings", "One row for each relation of a control to a requirement, yours or the catalogue's.", (
    _FRAMEWORK,
    SheetColumn("Requirement", "requirement", "The id of the requirement."),
    SheetColumn("Control", "control", "The id of the control, yours or the catalogue's; empty beside the relation gap.",
                choices="controls", must=False, width=10),
    SheetColumn("Relation", "relation", "How the control relates to the requirement; gap: no control proves it.",
                choices="relations"),
    SheetColumn("Why", "why", "The reason, in one sentence.", width=60),
    SheetColumn("Joint", "joint", "yes in two or more rows of a requirement: these controls together meet it in full.", Form.YES,
                "yes", must=False, width=10),
))

TEXTS = SheetForm("Texts", "One row for each official text that you may show your people beside a requirement.", (
    _FRAMEWORK,
    SheetColumn("Requirement", "requirement", "The id of the requirement."),
    SheetColumn("Text", "text", "The text as it was published.", width=90),
))

SHEETS = (FRAMEWORKS, REQUIREMENTS, CONTROLS, ASKS, CHECKS, MAPPINGS, TEXTS)
