"""Deploys the apps of a file by Modal's own package, which the interpreter has.

This folder has no `modal`, and the one beside it comes last, after all that is installed.
"""

import os
import sys

if __name__ == "__main__":
    sys.path.append(os.path.dirname(sys.path.pop(0)))

    from spawnpoint.publish.main import main

    main()
