"""What a machine's handler asks before a move, and what evidence and time make of its state."""

import dataclasses
from datetime import datetime, timedelta

from domain.errors import Closed, NotAllowed
from domain.machines import (
    CONNECTION,
    MACHINE,
    Connection,
    ConnectionMove,
    ConnectionSeen,
    MachineCommand,
    MachineState,
    MachineStatus,
)


def check(state: MachineState, command: MachineCommand) -> None:
    """Raise the refusal a command deserves in this state.

    Raises:
        Closed: the machine is retired.
        NotPossibleNow: not from this status.
        NotAllowed: no person does it; an assignment or an onboarding reports it.
    """
    if state.retired:
        raise Closed(noun="machine", status="retired")
    if MACHINE.permission(state.status, command.move) is None:
        raise NotAllowed


def connection_after(state: MachineState, seen: ConnectionSeen) -> Connection | None:
    """Return what the evidence makes of the connection; None when it is old or says nothing new."""
    known = state.last_beat_at
    if known is not None and seen.last_beat_at < known:
        return None
    move = ConnectionMove.CONNECT if seen.connection == Connection.ONLINE else ConnectionMove.LOSE
    if (state.connection, move) not in CONNECTION.rows:
        return None
    if move == ConnectionMove.CONNECT and seen.last_beat_at == known:
        return None
    return CONNECTION.target(state.connection, move)


def with_connection(state: MachineState, connection: Connection, now: datetime) -> tuple[MachineState, str]:
    """Return the state with a changed connection, flaps counted, and the notice it is worth, if any."""
    window = timedelta(seconds=state.policy.flap_window_s)
    changes = [at for at in state.changes if now - at < window]
    if state.connection != Connection.WAITING:
        changes.append(now)
    unstable = state.unstable or len(changes) >= state.policy.flap_changes
    notice = "machine_unstable" if unstable and not state.unstable else ""
    if connection == Connection.ONLINE and state.alerted and not unstable:
        notice = "machine_online"
    after = dataclasses.replace(
        state,
        connection=connection,
        since=now,
        changes=changes,
        unstable=unstable,
        alerted=False,
        proposed=False,
    )
    return after, notice


def next_deadline(state: MachineState) -> datetime | None:
    """Return when an outage is told next, or when an unstable machine counts as steady again."""
    due: list[datetime] = []
    in_service = state.status != MachineStatus.INACTIVE
    if state.connection == Connection.OFFLINE and state.since is not None and in_service:
        if not state.alerted:
            due.append(state.since + timedelta(seconds=state.policy.outage_alert_s))
        elif not state.proposed:
            due.append(state.since + timedelta(seconds=state.policy.outage_proposal_s))
    if (steady := steady_at(state)) is not None:
        due.append(steady)
    return min(due, default=None)


def steady_at(state: MachineState) -> datetime | None:
    """Return when an unstable machine counts as steady again; None when it is not unstable."""
    if not state.unstable or not state.changes:
        return None
    return state.changes[-1] + timedelta(seconds=state.policy.flap_window_s)
