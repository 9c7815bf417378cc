import sys

from nomina_cluster.command import main

sys.exit(main())
