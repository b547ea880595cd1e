"""Every action that the ledger can record, each with its sentence for people.

The list is closed: an entry's action is one of these, named `area:subject:verb`. Names are never changed or reused; the
sentences may be. `{who}` and `{what}` are filled in by pages.
"""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What somebody did, as the ledger names it."""

    ORGANISATION_FOUND = "organisation:ledger:found"
    CATALOGUE_RECORD = "catalogue:version:record"
    CATALOGUE_UPGRADE = "catalogue:version:upgrade"
    ADDITION_BRING = "catalogue:addition:bring"
    ADDITION_REMOVE = "catalogue:addition:remove"
    UNIT_TAILOR = "catalogue:tailoring:decide"
    UNIT_ADD = "organisation:unit:add"
    PERSON_ADD = "people:person:add"
    PERSON_DEACTIVATE = "people:person:deactivate"
    PERSON_REDACT = "people:person:redact"
    PASSWORD_SET = "people:password:set"  # noqa: S105 - the name of an action, not a secret
    ROLE_GRANT = "people:role:grant"
    ROLE_REVOKE = "people:role:revoke"
    TOKEN_CREATE = "people:token:create"  # noqa: S105 - the name of an action, not a secret
    TOKEN_REVOKE = "people:token:revoke"  # noqa: S105 - the name of an action, not a secret
    SYSTEM_REGISTER = "system:system:register"
    SYSTEM_EDIT = "system:system:edit"
    SYSTEM_ADOPT = "system:adoption:decide"
    EVENT_RECORD = "system:event:record"
    CONTROL_ASSIGN = "control:assignment:set"
    SCOPING_PROPOSE = "control:scoping:propose"
    SCOPING_DECIDE = "control:scoping:decide"
    REQUEST_ASK = "control:request:ask"
    REQUEST_CANCEL = "control:request:cancel"
    EVIDENCE_SUBMIT = "evidence:version:submit"
    EVIDENCE_EDIT = "evidence:evidence:edit"
    EVIDENCE_LINK = "evidence:link:set"
    VERSION_REVIEW = "evidence:review:give"
    VERSION_WITHDRAW = "evidence:version:withdraw"
    STANDING_GIVE = "evidence:standing:give"
    STANDING_REVOKE = "evidence:standing:revoke"


SENTENCES: dict[Action, str] = {
    Action.ORGANISATION_FOUND: "{who} opened the ledger",
    Action.CATALOGUE_RECORD: "{who} put a version of the catalogue in force",
    Action.CATALOGUE_UPGRADE: "{who} put the newer catalogue of this version in force",
    Action.ADDITION_BRING: "{who} brought the addition {what} to the catalogue",
    Action.ADDITION_REMOVE: "{who} took the addition {what} out of the catalogue",
    Action.UNIT_TAILOR: "{who} decided the baseline and risk tolerance of {what}",
    Action.UNIT_ADD: "{who} added the unit {what}",
    Action.PERSON_ADD: "{who} gave {what} an account",
    Action.PERSON_DEACTIVATE: "{who} closed the account of {what}",
    Action.PERSON_REDACT: "{who} redacted a person",
    Action.PASSWORD_SET: "{who} set a new password for {what}",
    Action.ROLE_GRANT: "{who} gave {what} a role",
    Action.ROLE_REVOKE: "{who} took a role from {what}",
    Action.TOKEN_CREATE: "{who} created the token {what}",
    Action.TOKEN_REVOKE: "{who} revoked the token {what}",
    Action.SYSTEM_REGISTER: "{who} registered the system {what}",
    Action.SYSTEM_EDIT: "{who} changed the description of {what}",
    Action.SYSTEM_ADOPT: "{who} decided the adoption of {what}",
    Action.EVENT_RECORD: "{who} recorded an event for {what}",
    Action.CONTROL_ASSIGN: "{who} assigned controls of {what}",
    Action.SCOPING_PROPOSE: "{who} proposed to leave controls of {what} out",
    Action.SCOPING_DECIDE: "{who} decided on scoping for {what}",
    Action.REQUEST_ASK: "{who} asked for evidence for {what}",
    Action.REQUEST_CANCEL: "{who} cancelled a request for {what}",
    Action.EVIDENCE_SUBMIT: "{who} submitted {what}",
    Action.EVIDENCE_EDIT: "{who} changed the description of {what}",
    Action.EVIDENCE_LINK: "{who} changed the controls that {what} speaks for",
    Action.VERSION_REVIEW: "{who} reviewed {what}",
    Action.VERSION_WITHDRAW: "{who} withdrew a version of {what}",
    Action.STANDING_GIVE: "{who} gave a standing acceptance for {what}",
    Action.STANDING_REVOKE: "{who} ended a standing acceptance for {what}",
}
