"""Real servers for tests: started on free ports of the loopback, in temporary folders, ended by their process id."""
