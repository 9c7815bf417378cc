"""Two nodes of Ray on this machine, a processor each, read images: `cluster.py IMAGES OUT NOMINA…`. Prints a line of JSON."""

import json
import sys
import time

import ray
from ray.cluster_utils import Cluster

from nomina_cluster.read import ReadOptions, read
from nomina_cluster.sources import list_sources

images, out, *nomina = sys.argv[1:]
node = {"num_cpus": 1, "object_store_memory": 100_000_000}
cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
cluster.add_node(**node)
ray.init(address=cluster.address, log_to_driver=False)
cluster.wait_for_nodes()
started = time.monotonic()
report = read(list_sources([images]), out, ReadOptions(nomina=tuple(nomina), batch=64))
seconds = time.monotonic() - started
print(json.dumps({"read": report.fields, "seconds": seconds, "nodes": len(report.nodes or {})}))
ray.shutdown()
cluster.shutdown()
