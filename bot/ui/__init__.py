"""Cards, forms, routing and pictures: everything Discord shows."""
