"""`python -m desk`: the whole speaker on this machine, until Ctrl-C. Usually called by `./setup.sh run`."""

import sys

if __name__ == "__main__":
    try:
        from desk.run import main

        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # so soon that nothing was begun which would have to be ended
        sys.exit(130)
