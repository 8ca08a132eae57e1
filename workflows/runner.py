"""How workflows run: in Temporal's sandbox, without its detours for a data converter that needs none."""

from typing import TYPE_CHECKING, Any

from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

if TYPE_CHECKING:
    from temporalio.bridge.proto.workflow_activation import WorkflowActivation
    from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion


class Sandbox(SandboxedWorkflowRunner):
    """The sandbox; ``domain`` and ``activities`` are loaded once, the workflows' modules for each run."""

    def __init__(self) -> None:
        super().__init__(
            restrictions=SandboxRestrictions.default.with_passthrough_modules("domain", "activities")
        )

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return a sandboxed run."""
        return _ContextFree(super().create_instance(det))


class _ContextFree(WorkflowInstance):
    """A run whose payloads are converted alike wherever they go.

    Before it converts a payload, the SDK enters the sandbox several times only to ask for the context that a
    converter or a store might want. Ours want none, and the question is a quarter of a worker's time.
    """

    def __init__(self, run: WorkflowInstance) -> None:
        self._run = run

    def activate(self, act: "WorkflowActivation") -> "WorkflowActivationCompletion":
        return self._run.activate(act)

    def get_serialization_context(self, command_info: Any) -> None:  # noqa: ANN401, ARG002 - the SDK's own
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:  # noqa: ANN401, ARG002 - the SDK's own
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Any:  # noqa: ANN401 - the SDK's own
        return self._run.get_info()

    def get_thread_id(self) -> int | None:
        return self._run.get_thread_id()
