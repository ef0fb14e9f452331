"""Entry of a client process: runs user code that runs apps, for the program behind descriptors 3 and 4."""

if __name__ == "__main__":
    from spawnpoint.run.main import main

    main()
