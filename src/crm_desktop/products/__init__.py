"""What the company sells: products, their prices by customer and level, their cost."""
