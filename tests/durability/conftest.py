"""Faults are tried on a small bank in a real store."""

import pytest

pytest.register_assert_rewrite("tests.bank")

from tests.bank import bank, built_bank  # noqa: E402 - its asserts are rewritten first, so that they tell what they saw

__all__ = ["bank", "built_bank"]
