"""Entry of a debugged call: runs a function of a Python file in this interpreter, where the debugger is. Its argument is a request's file."""

if __name__ == "__main__":
    import sys

    from spawnpoint.local.debugged import main

    main(sys.argv[1])
