"""One contract per table: columns, types, units, nullability, meaning. Nothing here reads or writes data."""
