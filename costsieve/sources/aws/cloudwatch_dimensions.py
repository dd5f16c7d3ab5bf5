"""Under which dimensions CloudWatch knows a metric, for what only its reporter can name. Values are not asked for here."""

from costsieve.sources.aws.inventory.place import Place


def known_dimensions(place: Place, namespace: str, name: str | None = None) -> list[tuple[str, dict[str, str]]]:
    """Return names and dimensions of the metrics of a namespace; ListMetrics forgets what had no point for two weeks."""
    parameters = {"Namespace": namespace} if name is None else {"Namespace": namespace, "MetricName": name}
    listed = place.listed("cloudwatch", "list_metrics", "Metrics", **parameters)
    return [(metric["MetricName"], {each["Name"]: each["Value"] for each in metric["Dimensions"]}) for metric in listed]
