"""The tables of library.sqlite, by what they are about."""
