"""`python -m confserver` is `confserver`."""

from confserver.cli import main

if __name__ == "__main__":
    main()
