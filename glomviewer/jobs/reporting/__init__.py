"""The report of a reading: built from a library, and written as HTML, PDF and CSV. No Qt."""
