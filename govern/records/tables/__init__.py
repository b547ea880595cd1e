"""All tables. Importing this package registers every one of them."""

from govern.records.tables import catalogue, control, evidence, ledger, people, plain, system, tailoring

__all__ = ["catalogue", "control", "evidence", "ledger", "people", "plain", "system", "tailoring"]
