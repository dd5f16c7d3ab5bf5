"""The Compute Engine flexible committed use discount (one year) as a product. Resource-based CUDs are another product.

Sustained use: covered usage forfeits its automatic discount. A level of N1 usage costs at most 70 % of its price when it runs
the whole month, less than the 72 % that a one-year flexible CUD charges, so the CUD never pays on N1 (cloud.google.com/compute
/docs/sustained-use-discounts). N2, N2D and C2 keep 80 %: see rates.flexible_cud_rates. The price and the on-demand cost are both
taken from the list price: sustained use shows as a credit whose amount changes over the month.
"""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from costsieve.recommendations.commitments.look_back import BillSpan, LookBack
from costsieve.recommendations.commitments.product import Product
from costsieve.recommendations.commitments.rates import Item, Rate, flexible_cud_rates
from costsieve.warehouse import Connection


def _known_rates(_connection: Connection, _window: LookBack, _covered: pl.DataFrame) -> Mapping[Item, Rate]:
    return flexible_cud_rates()


def _command(span: BillSpan, commitment: Decimal) -> str:
    return (
        f"Google Cloud console: https://console.cloud.google.com/billing/{span.account_id}/commitments -> Purchase -> Compute flexible"
        f" commitment, 1 year, {span.currency} {commitment:.3f} an hour (gcloud sells resource-based commitments only)"
    )


FLEXIBLE_CUD = Product(
    kind="flexible_cud",
    name="flexible CUD",
    provider="GCP",
    hours_model="gcp_on_demand_hours",
    days_model="gcp_on_demand_days",
    covered_model="gcp_covered_compute",
    rates=_known_rates,
    never_pays={"N1": "its sustained use discount reaches 30 %, which covered usage forfeits, and the flexible CUD gives 28 %"},
    forfeits_discounts=True,
    command=_command,
    payment="Billed monthly",
    assumptions=(
        "Only cores and memory of Compute Engine machines are counted; GPUs, local SSDs and licences have no flexible CUD.",
        "The commitment is in discounted dollars an hour, as Google sells it since 2026-01-21, and cannot be cancelled.",
        (
            "Its price is a share of the list price, and covered usage forfeits its other discounts: on-demand usage is valued at what it"
            " costs after those, with sustained use (N2, N2D, C2) at its full 20 %, so savings are never overstated by them."
        ),
    ),
)
