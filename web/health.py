"""Health for whoever runs us: alive, ready, and figures."""

import logging
import time

from apiflask import APIBlueprint
from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, Histogram, generate_latest

from web.site import Site

log = logging.getLogger(__name__)

ANSWERED = Histogram("liaodan_http_seconds", "requests to pages and API", ["route", "status"])


def make_health(site: Site) -> APIBlueprint:
    """Build /healthz, /readyz and /metrics."""
    health = APIBlueprint("health", __name__)

    @health.get("/healthz")
    @health.doc(summary="进程活着", tags=["运行"], operation_id="healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @health.get("/readyz")
    @health.doc(summary="数据库、迁移和 Redis 都正常；否则 503 并说明原因", tags=["运行"], operation_id="readyz")
    def readyz() -> tuple[Response, int]:
        reasons = _reasons(site)
        if reasons:
            return jsonify(status="unavailable", reasons=reasons), 503
        return jsonify(status="ready"), 200

    @health.get("/metrics")
    @health.doc(summary="Prometheus 指标", tags=["运行"], operation_id="metrics")
    def metrics() -> Response:
        return Response(generate_latest(REGISTRY) + _waiting(site), content_type=CONTENT_TYPE_LATEST)

    return health


def measure(app: Flask) -> None:
    """Count and time every answer by its route."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        ANSWERED.labels(route, response.status_code).observe(time.perf_counter() - g.began)
        return response


def _reasons(site: Site) -> dict[str, str]:
    try:
        return site.readiness()
    except Exception as error:  # a check that cannot even be made is a reason, too
        log.error("readiness could not be checked: %s", type(error).__name__)
        return {"check": f"检查没有完成（{type(error).__name__}）"}


def _waiting(site: Site) -> bytes:
    """What waits in the database; when it cannot be read the other figures are still given."""
    registry = CollectorRegistry()
    readable = Gauge("liaodan_gauges_readable", "1 while the figures of the database can be read", registry=registry)
    try:
        figures = site.gauges()
    except Exception as error:
        log.error("gauges could not be read: %s", type(error).__name__)
        figures = {}
        readable.set(0)
    else:
        readable.set(1)
    for name, value in figures.items():
        Gauge(f"liaodan_{name}", name.replace("_", " "), registry=registry).set(value)
    return generate_latest(registry)
