"""What there is on GCP, from Cloud Asset Inventory: one module per kind of resource."""
