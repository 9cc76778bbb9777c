"""The sections of the table; each module measures one and returns its rows."""
