"""The published cost basis for other tools, in the formats that they read. Nothing is computed that the warehouse does not hold."""
