"""How a process of the command line ends, for the shell that started it."""

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2
"""Done; could not be done, said on standard error; wrong usage."""
