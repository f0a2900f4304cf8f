"""The Qt toolkit from which screens are made: it knows no feature, no SQL and no record."""
