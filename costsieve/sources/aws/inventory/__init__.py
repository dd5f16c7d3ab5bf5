"""What there is in AWS accounts, one module per service. How busy it is, is in costsieve.sources.aws.cloudwatch; costs are in the bill."""
