"""Lists of the API: which rows, in which order, which page of them."""
