"""Elastic IP addresses, NAT gateways and VPC endpoints. Load balancers are in load_balancers."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, tags_of, utc, utc_or_none

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import AddressTypeDef, NatGatewayTypeDef, VpcEndpointTypeDef

_GONE = {"deleted", "deleting"}
_ENDPOINT_KINDS = {"GatewayLoadBalancer": "gateway_load_balancer"}


def nat_gateways(place: Place) -> "list[NatGatewayTypeDef]":
    """List NAT gateways; deleted ones, which EC2 lists for an hour, are gone."""
    listed = place.listed("ec2", "describe_nat_gateways", "NatGateways")
    return [gateway for gateway in listed if gateway["State"] not in _GONE]


def vpc_endpoints(place: Place) -> "list[VpcEndpointTypeDef]":
    """List VPC endpoints."""
    listed = place.listed("ec2", "describe_vpc_endpoints", "VpcEndpoints")
    return [endpoint for endpoint in listed if endpoint["State"].lower() not in _GONE]


def _address_rows(place: Place) -> Sequence[Row]:
    return [_address(address) for address in place.asked("ec2", "describe_addresses")["Addresses"]]


def _address(address: "AddressTypeDef") -> Row:
    tags = tags_of(address)
    return {
        "resource_id": address.get("AllocationId", address["PublicIp"]),
        "resource_name": tags.get("Name") or address["PublicIp"],
        "resource_type": "ip_address",
        "state": "in_use" if address.get("AssociationId") else "available",
        "attached_to": (address.get("InstanceId") or address.get("NetworkInterfaceId")) if address.get("AssociationId") else None,
        "tags": tags,
    }


def _nat_rows(place: Place) -> Sequence[Row]:
    gateways = nat_gateways(place)
    tables = unless_refused(lambda: place.listed("ec2", "describe_route_tables", "RouteTables"))
    routes = None
    if tables is not None:
        routes = Counter(route["NatGatewayId"] for table in tables for route in table["Routes"] if route.get("NatGatewayId"))
    return [_nat_gateway(gateway, None if routes is None else routes[gateway["NatGatewayId"]]) for gateway in gateways]


def _nat_gateway(gateway: "NatGatewayTypeDef", route_count: int | None) -> Row:
    tags = tags_of(gateway)
    return {
        "resource_id": gateway["NatGatewayId"],
        "resource_name": tags.get("Name"),
        "resource_type": "nat_gateway",
        "state": snake(gateway["State"]),
        "created_at": utc(gateway["CreateTime"]),
        "tags": tags,
        "attributes": attributes(route_count=route_count),
    }


def _endpoint_rows(place: Place) -> Sequence[Row]:
    return [_endpoint(endpoint) for endpoint in vpc_endpoints(place)]


def _endpoint(endpoint: "VpcEndpointTypeDef") -> Row:
    tags, kind = tags_of(endpoint), endpoint["VpcEndpointType"]
    return {
        "resource_id": endpoint["VpcEndpointId"],
        "resource_name": tags.get("Name") or endpoint["ServiceName"],
        "resource_type": "vpc_endpoint",
        "state": snake(endpoint["State"]),
        "created_at": utc_or_none(endpoint.get("CreationTimestamp")),
        "tags": tags,
        "attributes": attributes(endpoint_kind=_ENDPOINT_KINDS.get(kind, snake(kind))),
    }


LISTERS = (
    Lister("ec2", "ip_address", _address_rows),
    Lister("ec2", "nat_gateway", _nat_rows),
    Lister("ec2", "vpc_endpoint", _endpoint_rows),
)
