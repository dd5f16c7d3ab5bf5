"""Utilization from the HTTP API of Prometheus and of what speaks it: Thanos, Mimir, VictoriaMetrics."""
