"""How much is measured: the full run, and ``--quick``, which only shows that everything works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Counts and times of one run; seconds, and numbers per round where nothing else is said."""

    rounds: int = 5
    technicians: int = 200
    single_taps: int = 40
    tap_rate: float = 20.0
    tap_load_s: float = 15.0
    webhook_load_s: float = 10.0
    desks: int = 20
    relay_load_s: float = 60.0
    lifecycles: int = 100
    wrk_s: float = 6.0
    boxes: int = 1000
    overload_s: float = 8.0
    overload_connections: int = 6000
    timers: int = 10_000
    timers_setup_s: float = 480.0
    due_rate: float = 50.0
    due_s: float = 10.0
    watched: int = 5000
    lost: int = 500


def quick(rounds: int) -> Plan:
    """Return a plan that takes about four minutes and whose numbers mean nothing."""
    return Plan(
        rounds=rounds,
        technicians=40,
        single_taps=10,
        tap_load_s=3.0,
        webhook_load_s=2.0,
        desks=4,
        relay_load_s=20.0,
        lifecycles=20,
        wrk_s=2.0,
        boxes=100,
        overload_s=2.0,
        overload_connections=600,
        timers=300,
        timers_setup_s=60.0,
        due_s=2.0,
        watched=400,
        lost=100,
    )
