"""What is fast, measured. Nothing here is part of the product."""
