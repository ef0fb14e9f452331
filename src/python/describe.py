"""Entry of a deployment: imports a Python file and writes what is in it, as one JSON object, to descriptor 3."""

if __name__ == "__main__":
    from spawnpoint.describe.main import main

    main()
