"""Entry of a worker process: runs the inputs of one deployed function. Started by the engine, which holds descriptors 3 and 4."""

if __name__ == "__main__":
    from spawnpoint.worker.main import main

    main()
