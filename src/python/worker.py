"""Entry of a worker process: runs the inputs of one deployed function, for the engine behind descriptors 3 and 4."""

if __name__ == "__main__":
    from spawnpoint.worker.main import main

    main()
