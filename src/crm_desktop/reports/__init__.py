"""Paper: letterhead, business documents and reports as PDF; knows no feature."""
