"""How an AWS data export or legacy report is configured: granularity, resource ids, refresh, versioning. Needs optional permissions."""

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from costsieve.diagnosis.observation import Observation, State
from costsieve.errors import SourceError
from costsieve.sources.aws.sessions import BRISK, explained

_REGION = "us-east-1"
"""Billing and Cost Management answers in this region only."""

_CALLER = "the default credentials"


def export_observations(source: str, location: str) -> Iterator[Observation]:
    """Find the export that delivers to ``location`` and say what about it a night would want otherwise."""
    session = boto3.Session()
    try:
        with explained("bcm-data-exports", _REGION, _CALLER):
            found = _data_export(session, location)
    except SourceError as error:
        found = None
        yield _observed(source, "export", "unknown", _unknown(error, "bcm-data-exports:ListExports and bcm-data-exports:GetExport"))
        if not isinstance(error.__cause__, ClientError):
            return
    if found is not None:
        yield from _export(source, found)
        return
    try:
        with explained("cur", _REGION, _CALLER):
            report = _legacy_report(session, location)
    except SourceError as error:
        yield _observed(source, "report", "unknown", _unknown(error, "cur:DescribeReportDefinitions"))
        return
    if report is not None:
        yield from _report(source, report)


def _data_export(session: boto3.Session, location: str) -> Mapping[str, Any] | None:
    client = session.client("bcm-data-exports", region_name=_REGION, config=BRISK)
    for page in client.get_paginator("list_exports").paginate():
        for listed in page["Exports"]:
            export: Mapping[str, Any] = client.get_export(ExportArn=listed["ExportArn"])
            destination = export["Export"]["DestinationConfigurations"]["S3Destination"]
            if _is_below(location, destination["S3Bucket"], destination["S3Prefix"], export["Export"]["Name"]):
                return export
    return None


def _legacy_report(session: boto3.Session, location: str) -> Mapping[str, Any] | None:
    client = session.client("cur", region_name=_REGION, config=BRISK)
    for page in client.get_paginator("describe_report_definitions").paginate():
        reports: list[Mapping[str, Any]] = page["ReportDefinitions"]
        for report in reports:
            if _is_below(location, report["S3Bucket"], report["S3Prefix"], report["ReportName"]):
                return report
    return None


def _is_below(location: str, bucket: str, prefix: str, name: str) -> bool:
    folder = "/".join(part for part in (prefix.strip("/"), name) if part)
    return location.rstrip("/") == f"s3://{bucket}/{folder}"


def _export(source: str, answer: Mapping[str, Any]) -> Iterator[Observation]:
    export, status = answer["Export"], answer.get("ExportStatus", {})
    if status.get("StatusCode", "HEALTHY") == "HEALTHY":
        yield _observed(source, "export status", "ok", f"last refreshed {status.get('LastRefreshedAt', 'not told')}")
    else:
        yield _observed(source, "export status", "failed", f"unhealthy: {status.get('StatusReason', 'no reason given')}")
    configured: dict[str, str] = {}
    for table in export["DataQuery"].get("TableConfigurations", {}).values():
        configured.update(table)
    if any("FOCUS" in table for table in export["DataQuery"].get("TableConfigurations", {})):
        return
    yield _wanted(source, "granularity", configured.get("TIME_GRANULARITY", "HOURLY"), "HOURLY", "commitments are sized on hourly usage")
    yield _wanted(source, "resource ids", configured.get("INCLUDE_RESOURCES", "FALSE"), "TRUE", "every rule works by resource")
    written = export["DestinationConfigurations"]["S3Destination"]["S3OutputConfigurations"]
    yield _wanted(source, "format", written["Format"], "PARQUET", "CSV has to be converted every night")
    yield _wanted(source, "write mode", written["Overwrite"], "OVERWRITE_REPORT", "every refresh is kept and paid for")


def _report(source: str, report: Mapping[str, Any]) -> Iterator[Observation]:
    status = report.get("ReportStatus", {})
    failed = status.get("lastStatus", "SUCCESS") != "SUCCESS"
    told = f"last delivery {status.get('lastDelivery', 'not told')}"
    yield _observed(source, "report status", "failed" if failed else "ok", f"{told}: {status['lastStatus']}" if failed else told)
    resources = "TRUE" if "RESOURCES" in report.get("AdditionalSchemaElements", []) else "FALSE"
    yield _wanted(source, "granularity", report["TimeUnit"], "HOURLY", "commitments are sized on hourly usage")
    yield _wanted(source, "resource ids", resources, "TRUE", "every rule works by resource")
    yield _wanted(source, "format", report["Format"], "Parquet", "CSV has to be converted every night")
    refresh = str(report.get("RefreshClosedReports", False)).upper()
    yield _wanted(source, "refresh of closed months", refresh, "TRUE", "credits and refunds after the close would be missed")
    yield _wanted(source, "write mode", report["ReportVersioning"], "OVERWRITE_REPORT", "every refresh is kept and paid for")


def _wanted(source: str, point: str, found: str, wanted: str, why: str) -> Observation:
    if found.upper() == wanted.upper():
        return _observed(source, point, "ok", found)
    return _observed(source, point, "warning", f"{found}, better {wanted}: {why}")


def _unknown(error: SourceError, permission: str) -> str:
    return f"could not be asked, which takes {permission}: {error}"


def _observed(source: str, point: str, state: State, finding: str) -> Observation:
    return Observation(source, "aws_cur", point, state, finding)
