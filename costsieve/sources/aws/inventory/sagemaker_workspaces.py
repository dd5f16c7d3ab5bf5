"""SageMaker notebook instances, Studio apps and Studio domains. Whether somebody works in them, only apps tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from costsieve.sources.aws.inventory.place import VANISHED, Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, utc, utc_or_none
from costsieve.sources.aws.inventory.tags import tags_by_arn, tags_for

if TYPE_CHECKING:
    from mypy_boto3_sagemaker.type_defs import (
        AppDetailsTypeDef,
        DescribeAppResponseTypeDef,
        DescribeDomainResponseTypeDef,
        DescribeNotebookInstanceOutputTypeDef,
    )

_RUNNING = "InService"
_GONE = {"Deleted", "Deleting"}
_SETTINGS = {"JupyterLab": "JupyterLabAppSettings", "CodeEditor": "CodeEditorAppSettings"}
"""Kinds of apps that can stop themselves when idle, and where their settings are."""


def _notebook_rows(place: Place) -> Sequence[Row]:
    tags = tags_by_arn(place, "sagemaker")
    names = [each["NotebookInstanceName"] for each in place.listed("sagemaker", "list_notebook_instances", "NotebookInstances")]
    described = [place.asked_if_any("sagemaker", "describe_notebook_instance", VANISHED, NotebookInstanceName=name) for name in names]
    return [_notebook(each) | {"tags": tags_for(tags, each["NotebookInstanceArn"])} for each in described if each]


def _notebook(notebook: "DescribeNotebookInstanceOutputTypeDef") -> Row:
    """A stopped one was modified last when it stopped, or later: it stands still since then at least.

    Only a lifecycle configuration can stop a notebook instance when it is idle; whether the one it has does so is not known.
    """
    state = notebook["NotebookInstanceStatus"]
    return {
        "resource_id": notebook["NotebookInstanceArn"].lower(),
        "resource_name": notebook["NotebookInstanceName"],
        "resource_type": "notebook",
        "state": snake(state),
        "instance_type": notebook.get("InstanceType"),
        "instance_count": 1,
        "size_gib": float(notebook["VolumeSizeInGB"]) if "VolumeSizeInGB" in notebook else None,
        "created_at": utc(notebook["CreationTime"]),
        "attributes": attributes(
            stopped_at=notebook.get("LastModifiedTime") if state == "Stopped" else None,
            idle_shutdown_minutes=None if notebook.get("NotebookInstanceLifecycleConfigName") else "never",
        ),
    }


def _apps(place: Place) -> "list[AppDetailsTypeDef]":
    """List Studio apps; deleted ones, which SageMaker lists for a day, are gone."""
    return [app for app in place.listed("sagemaker", "list_apps", "Apps") if app["Status"] not in _GONE]


def _app_rows(place: Place) -> Sequence[Row]:
    tags = tags_by_arn(place, "sagemaker")
    rows = []
    for app in _apps(place):
        owner = {key: app[key] for key in ("UserProfileName", "SpaceName") if key in app}
        named = {"DomainId": app["DomainId"], "AppType": app["AppType"], "AppName": app["AppName"]}
        described = place.asked_if_any("sagemaker", "describe_app", VANISHED, **owner, **named)
        if not described:
            continue
        idle_minutes = unless_refused(lambda app=app: _idle_minutes(place, app))  # type: ignore[misc]  # bound per app
        rows.append(_app(described, idle_minutes) | {"tags": tags_for(tags, described["AppArn"])})
    return rows


def _app(app: "DescribeAppResponseTypeDef", idle_minutes: int | None) -> Row:
    return {
        "resource_id": app["AppArn"].lower(),
        "resource_name": f"{app.get('SpaceName') or app.get('UserProfileName')}/{app['AppName']}",
        "resource_type": "studio_app",
        "state": snake(app["Status"]),
        "instance_type": app.get("ResourceSpec", {}).get("InstanceType"),
        "instance_count": 1,
        "created_at": utc_or_none(app.get("CreationTime")),
        "last_activity_at": utc_or_none(app.get("LastUserActivityTimestamp")),
        "attributes": attributes(app_type=app["AppType"], domain_id=app["DomainId"], idle_shutdown_minutes=idle_minutes),
    }


def _idle_minutes(place: Place, app: "AppDetailsTypeDef") -> int | None:
    """Return after how many idle minutes an app stops itself, where its domain has that switched on; its space may set other minutes.

    Where the domain has not, a user profile still may, so that nothing is known.
    """
    if app["AppType"] not in _SETTINGS:
        return None
    domain = _idle_settings(_domain(place, app["DomainId"]).get("DefaultUserSettings", {}), app["AppType"])
    if domain.get("LifecycleManagement") != "ENABLED":
        return None
    of_space: Mapping[str, Any] = {}
    if "SpaceName" in app:
        space = place.asked("sagemaker", "describe_space", DomainId=app["DomainId"], SpaceName=app["SpaceName"])
        of_space = _idle_settings(space.get("SpaceSettings", {}), app["AppType"])
    minutes: int | None = of_space.get("IdleTimeoutInMinutes", domain.get("IdleTimeoutInMinutes"))
    return minutes


def _idle_settings(settings: Mapping[str, Any], app_type: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = settings.get(_SETTINGS[app_type], {}).get("AppLifecycleManagement", {}).get("IdleSettings", {})
    return found


def _domain(place: Place, domain_id: str) -> "DescribeDomainResponseTypeDef":
    domain: DescribeDomainResponseTypeDef = place.asked("sagemaker", "describe_domain", DomainId=domain_id)
    return domain


def _domain_rows(place: Place) -> Sequence[Row]:
    domains = [_domain(place, each["DomainId"]) for each in place.listed("sagemaker", "list_domains", "Domains")]
    tags = tags_by_arn(place, "sagemaker")
    apps = unless_refused(lambda: _apps(place)) if domains else []
    running = None if apps is None else Counter(app["DomainId"] for app in apps if app["Status"] == _RUNNING)
    return [_studio(each, running) | {"tags": tags_for(tags, each["DomainArn"])} for each in domains]


def _studio(domain: "DescribeDomainResponseTypeDef", running: Counter[str] | None) -> Row:
    return {
        "resource_id": domain["DomainArn"].lower(),
        "resource_name": domain["DomainName"],
        "resource_type": "studio_domain",
        "state": snake(domain["Status"]),
        "created_at": utc_or_none(domain.get("CreationTime")),
        "attributes": attributes(
            running_app_count=None if running is None else running[domain["DomainId"]],
            home_file_system_id=domain.get("HomeEfsFileSystemId"),
        ),
    }


LISTERS = (
    Lister("sagemaker", "notebook", _notebook_rows),
    Lister("sagemaker", "studio_app", _app_rows),
    Lister("sagemaker", "studio_domain", _domain_rows),
)
