"""Typed search-attribute keys: ids and codes only, never personal words (DESIGN 4)."""

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from domain.priorities import Priority

ORGANIZATION = SearchAttributeKey.for_keyword("SiagaOrganization")
STATUS = SearchAttributeKey.for_keyword("SiagaStatus")
ASSIGNEE = SearchAttributeKey.for_keyword("SiagaAssignee")
MACHINE = SearchAttributeKey.for_keyword("SiagaMachine")
PRIORITY = SearchAttributeKey.for_keyword("SiagaPriority")
DUE_AT = SearchAttributeKey.for_datetime("SiagaDueAt")

ALL = (ORGANIZATION, STATUS, ASSIGNEE, MACHINE, PRIORITY, DUE_AT)
"""What ``siaga`` registers with the server; an unregistered one fails workflow tasks for ever."""


def of(
    organization_id: int, machine_id: int | None = None, priority: Priority | None = None
) -> TypedSearchAttributes:
    """Return what a workflow is started with; status, assignee and deadline follow from inside."""
    pairs: list[SearchAttributePair[str]] = [SearchAttributePair(ORGANIZATION, str(organization_id))]
    if machine_id is not None:
        pairs.append(SearchAttributePair(MACHINE, str(machine_id)))
    if priority is not None:
        pairs.append(SearchAttributePair(PRIORITY, priority.value))
    return TypedSearchAttributes(pairs)
