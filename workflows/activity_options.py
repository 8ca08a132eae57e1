"""The named profiles of activities: why each timeout and retry is what it is."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig, LocalActivityConfig

LOCAL_WRITE = LocalActivityConfig(
    # Two tries and two seconds in all: with the database down, a longer local activity would hold the
    # worker's workflow-task slot and freeze every workflow (measured); the write then goes out as DB_WRITE.
    schedule_to_close_timeout=timedelta(seconds=2),
    start_to_close_timeout=timedelta(seconds=1.5),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=2),
)

DB_WRITE = ActivityConfig(
    # Unlimited retries: a write that a workflow decided on must happen once the database is back.
    start_to_close_timeout=timedelta(seconds=15),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=5)
    ),
)

EDGE_CALL = ActivityConfig(
    # A box that does not poll its queue (no VPN, switched off) must not block the onboarding: the caller
    # reports "no answer" and asks again later. A self-test loads the detector: up to a minute on a Jetson.
    schedule_to_close_timeout=timedelta(seconds=150),
    start_to_close_timeout=timedelta(seconds=120),
    heartbeat_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_attempts=3),
)

REPORT = ActivityConfig(
    # Drawing waits for its turn in the worker. What cannot be drawn within a day is let go: the task is over,
    # and the report is drawn again whenever somebody asks for it.
    schedule_to_close_timeout=timedelta(days=1),
    start_to_close_timeout=timedelta(minutes=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10)),
)

WATCH = ActivityConfig(
    # Heartbeats every 3 s: a killed worker is noticed after 7 s and the watch goes on elsewhere within 10 s.
    start_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=timedelta(seconds=7),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=2)
    ),
)
