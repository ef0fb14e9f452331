"""Entry of a local call: runs a function of a Python file in this interpreter, for the client behind descriptors 3 and 4."""

if __name__ == "__main__":
    from spawnpoint.local.main import main

    main()
