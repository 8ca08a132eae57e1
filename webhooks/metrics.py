"""Figures for Prometheus: requests, beats, and what waits in the database."""

import math

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from db.chat.health import ChatHealth
from db.queries.measures import Measures
from domain.machines import Connection

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""


class Metrics:
    """One app's figures, in a registry of its own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        """Looking labels up costs more than counting."""
        self._requests = Counter(
            "siaga_http_requests", "Requests", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "siaga_http_request_seconds", "Time to answer", ("route",), buckets=BUCKETS, registry=registry
        )
        self.beats = Counter("siaga_heartbeats", "Heartbeats stored", registry=registry)
        self.entries = Counter("siaga_spool_entries", "Spool entries received", registry=registry)
        self._machines = Gauge("siaga_machines", "Machines by connection", ("connection",), registry=registry)
        self._update_age = Gauge(
            "siaga_oldest_update_seconds", "Age of the oldest update not handled", registry=registry
        )
        self._delivery_age = Gauge(
            "siaga_oldest_delivery_seconds", "Time the oldest delivery has been due", registry=registry
        )
        self._uncertain = Gauge(
            "siaga_uncertain_sends", "First sends with unknown outcome in 24 hours", registry=registry
        )
        self._parked = Gauge("siaga_parked_updates", "Updates parked in 24 hours", registry=registry)
        self._rates = Gauge(
            "siaga_success_ratio",
            "Uploads, assignment creations and notifications of 24 hours that succeeded; NaN of none",
            ("what",),
            registry=registry,
        )
        self._completed = Gauge("siaga_completed_tasks", "Tasks completed in 24 hours", registry=registry)
        self._stars = Gauge(
            "siaga_satisfaction_stars", "Average answer of 24 hours, 1 to 5; NaN of none", registry=registry
        )
        self._work_minutes = Gauge(
            "siaga_task_minutes", "Average from start to completion, 24 hours; NaN of none", registry=registry
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        one = self._known.get((method, route, status))
        if one is None:
            counted = self._requests.labels(method, route, str(status))
            one = self._known[method, route, status] = (counted, self._seconds.labels(route))
        one[0].inc()
        one[1].observe(seconds)

    def show(self, machines: dict[Connection, int], chat: ChatHealth, measured: Measures) -> None:
        """Take over what was just read from the database."""
        for connection, count in machines.items():
            self._machines.labels(connection.value).set(count)
        self._update_age.set(chat.oldest_update_s)
        self._delivery_age.set(chat.oldest_delivery_s)
        self._uncertain.set(chat.uncertain)
        self._parked.set(chat.parked)
        rates = {
            "upload": measured.uploads,
            "creation": measured.creations,
            "delivery": measured.deliveries,
        }
        for what, rate in rates.items():
            self._rates.labels(what).set(math.nan if rate.share is None else rate.share)
        self._completed.set(measured.completed)
        self._stars.set(math.nan if measured.stars is None else measured.stars)
        self._work_minutes.set(math.nan if measured.work_minutes is None else measured.work_minutes)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self._registry)
