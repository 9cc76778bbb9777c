"""A reading that goes out in a pack, is read on a laptop, and comes back as a file."""


def read_elsewhere(lab, laptop, reading, reader, labels=None, *, finish=True):
    """The return of a reader who reads on a laptop."""
    with laptop.open(lab.pack(reading, reader)) as library:
        laptop.read(library, labels, finish=finish)
        return laptop.write_return(library)
