"""The GCP side of the demo estate: bill, utilization, inventory and what is wasted in them. AWS and the S3 bucket are elsewhere."""
