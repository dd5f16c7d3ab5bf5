"""Line items of accounts, not of resources: negotiated discounts, credits, refunds, support and tax."""

from collections.abc import Iterator, Mapping

import polars as pl

from costsieve.estate.aws.fleet import PAYER_NAME
from costsieve.estate.aws.line_items import AMOUNT, NET_UNBLENDED, UNBLENDED, LineItems, Texts, combine, from_rows, months_of
from costsieve.estate.aws.prices import GRID
from costsieve.estate.aws.texts import bill_texts
from costsieve.estate.plan import EstatePlan

_CENT = GRID // 100
_SUPPORT_MINIMUM = 5_000 * GRID
_ACCOUNT = "line_item_usage_account_name"
_PRODUCT = "line_item_product_code"

Row = tuple[Texts, Mapping[str, int | float]]


def account_lines(charged: LineItems, plan: EstatePlan) -> list[LineItems]:
    """Return what is computed from all other line items."""
    discounts = _discounts(charged)
    one_offs = from_rows(_one_offs(plan))
    support = from_rows(_support(charged, plan))
    return [discounts, one_offs, support, from_rows(_taxes(combine([charged, support]), plan))]


def _discounts(charged: LineItems) -> LineItems:
    """Return one EdpDiscount row per day, account and product.

    The net columns of other rows already hold after-discount values, so the net cost of these rows is zero.
    """
    by_kind = charged.facts.group_by("kind", pl.col("start") // 24).agg((pl.col(NET_UNBLENDED) - pl.col(UNBLENDED)).sum().alias(UNBLENDED))
    facts = (
        charged.described(by_kind, _ACCOUNT, _PRODUCT)
        .group_by(_ACCOUNT, _PRODUCT, "start")
        .agg(pl.col(UNBLENDED).sum())
        .filter(pl.col(UNBLENDED) != 0)
        .sort(_ACCOUNT, _PRODUCT, "start")
    )
    groups = facts.select(_ACCOUNT, _PRODUCT).unique(maintain_order=True)
    kinds = [_discount_texts(account, product) for account, product in groups.iter_rows()]
    facts = facts.join(groups.with_columns(kind=pl.int_range(pl.len(), dtype=pl.Int64)), on=[_ACCOUNT, _PRODUCT], maintain_order="left")
    zero = pl.lit(0, pl.Int64)
    facts = facts.with_columns(pl.col("start") * 24, span=pl.lit(24, pl.Int64), **{NET_UNBLENDED: zero, AMOUNT: pl.lit(1.0)})
    return LineItems(kinds, facts.drop(_ACCOUNT, _PRODUCT).lazy())


def _discount_texts(account: str, product: str) -> Texts:
    return {
        **bill_texts(account, product, "EdpDiscount"),
        "line_item_line_item_description": "Enterprise Discount Program Discount",
    }


def _one_offs(plan: EstatePlan) -> Iterator[Row]:
    months = months_of(plan)
    for _, first, last in months:
        texts = bill_texts("ml-training", "AmazonSageMaker", "Credit")
        yield {**texts, "line_item_line_item_description": "Promotional credit for model training"}, _whole(first, last, -1_500 * GRID)
    _, first, _ = months[len(months) // 2]
    texts = bill_texts("ml-serving", "AWSELB", "Refund")
    refund = _whole(first + 24 * 4, first + 24 * 5, -21_235 * _CENT)
    yield {**texts, "line_item_line_item_description": "Refund for a service level breach of Elastic Load Balancing"}, refund


def _support(charged: LineItems, plan: EstatePlan) -> Iterator[Row]:
    for _, first, last in months_of(plan):
        net = charged.between(first, last).select(pl.col(NET_UNBLENDED).sum()).collect().item()
        tenth = int(net) // 10 // GRID * GRID
        texts = bill_texts(PAYER_NAME, "AWSSupportEnterprise", "Fee")
        yield {**texts, "line_item_line_item_description": "AWS Support (Enterprise)"}, _whole(first, last, max(tenth, _SUPPORT_MINIMUM))


def _taxes(charged: LineItems, plan: EstatePlan) -> Iterator[Row]:
    """Yield two percent of each account's month, product by product, in whole cents."""
    for _, first, last in months_of(plan):
        by_kind = charged.between(first, last).group_by("kind").agg(pl.col(NET_UNBLENDED).sum())
        month = charged.described(by_kind, _ACCOUNT, _PRODUCT)
        totals = month.group_by(_ACCOUNT, _PRODUCT).agg(pl.col(NET_UNBLENDED).sum()).sort(_ACCOUNT, _PRODUCT)
        for account, product, net in totals.iter_rows():
            tax = net // 50 // _CENT * _CENT
            texts = {**bill_texts(account, product, "Tax"), "line_item_line_item_description": f"Tax for product code {product}"}
            yield {**texts, "line_item_tax_type": "USSalesTax"}, _whole(first, last, tax)


def _whole(first: int, last: int, cost: int) -> Mapping[str, int | float]:
    return {"start": first, "span": last - first, AMOUNT: 1.0, UNBLENDED: cost, NET_UNBLENDED: cost}
