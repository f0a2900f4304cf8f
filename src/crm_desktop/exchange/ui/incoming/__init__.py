"""The wizard that brings a file in, and the list of past imports."""
