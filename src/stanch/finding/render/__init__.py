"""A report in the forms that people and tools read. Each is a pure function."""
