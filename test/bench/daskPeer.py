"""The same work through Dask distributed, with processes of one thread each.

Usage: daskPeer.py WORKERS. Prints what processPool.py prints.
"""

import sys

import processPool
from distributed import Client, LocalCluster


class DaskPool:
    """Looks like an executor."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def submit(self, function, value):
        return self._client.submit(function, value, pure=False)

    def map(self, function, values):
        return self._client.gather(self._client.map(function, values, pure=False))


if __name__ == "__main__":
    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(n_workers=int(sys.argv[1]), **options) as cluster, Client(cluster) as client:
        processPool.measure(DaskPool(client), rounds=1)
