"""What binds a process that opens hostile bytes by the kernel's means: system calls that it may make, and paths."""
