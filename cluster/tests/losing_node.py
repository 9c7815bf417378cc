"""Two nodes of Ray, of which one is lost while they read: `losing_node.py SECONDS SCANS OUT MODEL NOMINA…`."""

import sys
import threading

import ray
from ray.cluster_utils import Cluster

from nomina_cluster.read import ReadOptions, read
from nomina_cluster.sources import list_sources

seconds, scans, out, model, *nomina = sys.argv[1:]
node = {"num_cpus": 1, "object_store_memory": 100_000_000}
cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
lost = cluster.add_node(**node)
ray.init(address=cluster.address, log_to_driver=False)
cluster.wait_for_nodes()
losing = threading.Timer(float(seconds), lambda: cluster.remove_node(lost, allow_graceful=False))
losing.start()
read(list_sources([scans]), out, ReadOptions(nomina=tuple(nomina), model=model, provider="cpu", batch=4))
losing.join()
ray.shutdown()
cluster.shutdown()
