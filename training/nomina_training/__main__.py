"""`python -m nomina_training` is `nomina-train`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
