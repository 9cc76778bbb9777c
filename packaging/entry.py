"""What the packaged program starts: the same `main` as `python -m glomviewer`."""

import sys

from glomviewer.__main__ import main

sys.exit(main())
