"""One file for each parser: `target`, `seeds` and MAX_BYTES, as `fuzz.target` reads them."""
