"""Where deliveries lie: local folders and S3, listed, read and downloaded with care. Nothing here knows a bill."""
