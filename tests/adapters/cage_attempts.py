"""What a process in the cage tries, each in one of its own: `python -m tests.adapters.cage_attempts` says what became
of every attempt, as JSON: the error's name, `ended` (by the kernel, at the call), `done`, or another signal's name.

This process is the parent of them all: it is what a decoder that was taken over would reach for. Nothing here does harm
where it succeeds.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import mmap
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from itertools import repeat

from ostiary.adapters.cage.kernel import forbid_paths
from ostiary.adapters.cage.system_calls import ARCHITECTURES
from ostiary.adapters.isolation.confinement import enclose

PARENT, MACHINE = os.getpid(), os.uname().machine
SECRET = ctypes.create_string_buffer(b"a master key, let us say", 64)
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NAME, PR_SET_PTRACER, PR_CAP_AMBIENT = 4, 22, 15, 0x59616D61, 47
PTRACE_ATTACH, PTRACE_SEIZE = 16, 0x4206
NEW_USER, NEW_PID, SHARED_MEMORY, PROT_EXEC = 0x1000_0000, 0x2000_0000, 0x100, 4
OTHERS = {
    "x86_64": {
        "openat": 257, "prctl": 157, "prlimit64": 302, "setpriority": 141, "sched_setaffinity": 203, "ioctl": 16,
        "pipe2": 293, "dup": 32, "getdents64": 217, "unlinkat": 263, "timer_create": 222, "setuid": 105, "capset": 126,
        "readlinkat": 267, "kcmp": 312, "pkey_mprotect": 329, "uname": 63,
    },
    "aarch64": {
        "openat": 56, "prctl": 167, "prlimit64": 261, "setpriority": 140, "sched_setaffinity": 122, "ioctl": 29,
        "pipe2": 59, "dup": 23, "getdents64": 61, "unlinkat": 35, "timer_create": 107, "setuid": 146, "capset": 91,
        "readlinkat": 78, "kcmp": 272, "pkey_mprotect": 288, "uname": 160,
    },
}  # fmt: skip
"""Numbers of calls that the table in the product does not name: whatever it does not name is refused."""


def call(name: str, *arguments: int, offset: int = 0) -> None:
    """Makes a system call. Raises OSError for its error."""
    number = OTHERS[MACHINE].get(name) or ARCHITECTURES[MACHINE].number(name)
    assert number is not None
    six = [ctypes.c_long(argument) for argument in (*arguments, *(0,) * (6 - len(arguments)))]
    if LIBC.syscall(ctypes.c_long(number + offset), *six) < 0:
        raise OSError(ctypes.get_errno(), name)


def in_a_thread(work: Callable[[], object]) -> None:
    """Raises what it raises."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except OSError as problem:
            raised.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def executable() -> None:
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    call("mprotect", address, 4096, PROT_EXEC | mmap.PROT_READ)


def read_parent_directly() -> None:
    here = ctypes.create_string_buffer(64)
    local, other = ((ctypes.c_void_p * 2)(ctypes.addressof(each), 64) for each in (here, SECRET))
    call("process_vm_readv", PARENT, ctypes.addressof(local), 1, ctypes.addressof(other), 1, 0)


def write_parent_directly() -> None:
    here = ctypes.create_string_buffer(SECRET.raw, 64)
    local, other = ((ctypes.c_void_p * 2)(ctypes.addressof(each), 64) for each in (here, SECRET))
    call("process_vm_writev", PARENT, ctypes.addressof(local), 1, ctypes.addressof(other), 1, 0)


def limits_of(pid: int) -> None:
    new = (ctypes.c_ulong * 2)(64, 64)
    call("prlimit64", pid, resource.RLIMIT_NOFILE, ctypes.addressof(new), 0)


def a_mask() -> int:
    return ctypes.addressof(BUFFER)


BUFFER = ctypes.create_string_buffer(b"\xff" * 128, 128)
SIBLING = 0
"""A process that sleeps, started by the parent as another decoder would be."""

ATTEMPTS: dict[str, tuple[str, Callable[[], object]]] = {
    # paths
    "open a file": ("EPERM", lambda: open("/etc/hostname")),  # noqa: SIM115
    "open a folder": ("EPERM", lambda: os.listdir("/")),
    "open a file by openat": ("EPERM", lambda: call("openat", -100, a_mask(), 0)),
    "look whether a path exists": ("EPERM", lambda: os.stat("/etc/passwd")),
    "read a link": ("EPERM", lambda: os.readlink("/proc/self/exe")),
    "make a file": ("EPERM", lambda: os.open("/tmp/cage-made", os.O_CREAT | os.O_WRONLY)),  # noqa: S108
    "remove a file": ("EPERM", lambda: os.unlink("/tmp/cage-not-there")),  # noqa: S108
    "rename a file": ("EPERM", lambda: os.rename("/tmp/cage-not-there", "/tmp/cage-other")),  # noqa: S108
    "change a file's mode": ("EPERM", lambda: os.chmod("/tmp", 0o1777)),  # noqa: S103, S108
    "go to a folder": ("EPERM", lambda: os.chdir("/proc")),
    "open by a handle": ("ended", lambda: call("open_by_handle_at", -100, a_mask(), 0)),
    "ask for another handle": ("EPERM", lambda: os.dup(1)),
    "ask for a pipe": ("EPERM", os.pipe),
    # memory of others
    "open the parent's memory": ("EPERM", lambda: open(f"/proc/{PARENT}/mem", "rb")),  # noqa: SIM115
    "open the parent's environment": ("EPERM", lambda: open(f"/proc/{PARENT}/environ", "rb")),  # noqa: SIM115
    "open its own memory": ("EPERM", lambda: open("/proc/self/mem", "rb")),  # noqa: SIM115
    "trace the parent": ("ended", lambda: call("ptrace", PTRACE_SEIZE, PARENT, 0, 0)),
    "attach to the parent": ("ended", lambda: call("ptrace", PTRACE_ATTACH, PARENT, 0, 0)),
    "be traced": ("ended", lambda: call("ptrace", 0)),
    "read the parent's memory": ("ended", read_parent_directly),
    "write the parent's memory": ("ended", write_parent_directly),
    "compare with the parent": ("ended", lambda: call("kcmp", os.getpid(), PARENT, 0, 0, 0)),
    "hold the parent": ("ended", lambda: call("pidfd_open", PARENT, 0)),
    "take the parent's handle": ("ended", lambda: call("pidfd_getfd", 1, 1, 0)),
    "advise on another's memory": ("ended", lambda: call("process_madvise", 1, a_mask(), 1, 21, 0)),
    # signals
    "signal the parent": ("ended", lambda: os.kill(PARENT, signal.SIGCONT)),
    "signal a sibling": ("ended", lambda: os.kill(SIBLING, signal.SIGCONT)),
    "signal everybody": ("ended", lambda: os.kill(-1, 0)),
    "signal its group": ("ended", lambda: os.killpg(0, 0)),
    "signal a thread of the parent": ("ended", lambda: call("tgkill", PARENT, PARENT, signal.SIGCONT)),
    "signal a thread by tkill": ("ended", lambda: call("tkill", PARENT, signal.SIGCONT)),
    "queue a signal for the parent": ("ended", lambda: call("rt_sigqueueinfo", PARENT, signal.SIGCONT, a_mask())),
    "signal by a held process": ("ended", lambda: call("pidfd_send_signal", 1, signal.SIGCONT, 0, 0)),
    "have the kernel signal the parent": ("EPERM", lambda: fcntl.fcntl(1, fcntl.F_SETOWN, PARENT)),
    "have a device signal the parent": ("EPERM", lambda: fcntl.ioctl(1, 0x8901, BUFFER.raw[:4])),  # FIOSETOWN
    "have a timer signal": ("EPERM", lambda: call("timer_create", 0, 0, a_mask())),
    "catch its end": ("EPERM", lambda: signal.signal(signal.SIGXCPU, signal.SIG_IGN)),
    # other processes
    "fork": ("ended", os.fork),
    "fork by clone": ("ended", lambda: call("clone", signal.SIGCHLD)),
    "a process that shares memory": ("ended", lambda: call("clone", SHARED_MEMORY | signal.SIGCHLD, a_mask())),
    "a process in a namespace of its own": ("ended", lambda: call("clone", NEW_USER | NEW_PID | signal.SIGCHLD)),
    "flags of a thread and one more": ("ended", lambda: call("clone", 0x3D0F00 | 0x8000, a_mask())),
    "flags in the upper half": ("ended", lambda: call("clone", 0x3D0F00 | 1 << 33, a_mask())),
    "a process by clone3": ("ENOSYS", lambda: call("clone3", a_mask(), 88)),
    "run a program": ("ended", lambda: os.execv("/bin/true", ["true"])),  # noqa: S606
    "run a program by handle": ("ended", lambda: call("execveat", 0, a_mask(), 0, 0, 0x1000)),
    "leave its group": ("ended", lambda: os.setpgid(0, 0)),
    "join another group": ("ended", lambda: os.setpgid(0, PARENT)),
    "leave its session": ("ended", os.setsid),
    # ways out
    "a socket": ("ended", socket.socket),
    "a pair of sockets": ("ended", socket.socketpair),
    "connect": ("ended", lambda: call("connect", 1, a_mask(), 16)),
    "send": ("ended", lambda: call("sendmsg", 1, a_mask(), 0)),
    "be handed a handle": ("ended", lambda: call("recvmsg", 0, a_mask(), 0)),
    "a namespace of its own": ("ended", lambda: call("unshare", NEW_USER)),
    "another's namespace": ("ended", lambda: call("setns", 1, 0)),
    "mount": ("ended", lambda: call("mount", 0, 0, 0, 0, 0)),
    "mount the new way": ("ended", lambda: call("fsopen", a_mask(), 0)),
    "another root": ("ended", lambda: os.chroot("/")),
    # looser bounds
    "its own limits raised": ("EPERM", lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))),
    "its own limits raised by prlimit": ("EPERM", lambda: limits_of(0)),
    "the parent's limits lowered": ("EPERM", lambda: limits_of(PARENT)),
    "another priority for the parent": ("EPERM", lambda: os.setpriority(os.PRIO_PROCESS, PARENT, 19)),
    "another processor for the parent": ("EPERM", lambda: os.sched_setaffinity(PARENT, {0})),
    "outliving the parent": ("EPERM", lambda: call("prctl", PR_SET_PDEATHSIG, 0)),
    "dumpable": ("EPERM", lambda: call("prctl", PR_SET_DUMPABLE, 1)),
    "a tracer": ("EPERM", lambda: call("prctl", PR_SET_PTRACER, -1)),
    "another filter": ("EPERM", lambda: call("prctl", PR_SET_SECCOMP, 2, a_mask())),
    "another filter by seccomp": ("ended", lambda: call("seccomp", 1, 0, a_mask())),
    "rights kept": ("EPERM", lambda: call("prctl", PR_CAP_AMBIENT, 2, 21)),
    "another user": ("EPERM", lambda: call("setuid", 0)),
    "more rights": ("EPERM", lambda: call("capset", a_mask(), a_mask())),
    "another personality": ("ended", lambda: call("personality", 0xFFFFFFFF)),
    "its alarm put off": ("EPERM", lambda: call("setitimer", 0, a_mask(), 0)),
    "its timer put off": ("EPERM", lambda: signal.setitimer(signal.ITIMER_PROF, 0)),
    # code
    "memory to execute": ("EPERM", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)),
    "memory made executable": ("EPERM", executable),
    "memory made executable by its key": ("EPERM", lambda: call("pkey_mprotect", a_mask() & -4096, 4096, 5, -1)),
    "a file in memory": ("ended", lambda: call("memfd_create", a_mask(), 0)),
    "memory for itself only": ("ended", lambda: call("memfd_secret", 0)),
    # the kernel
    "io_uring": ("ended", lambda: call("io_uring_setup", 1, a_mask())),
    "asynchronous input": ("ended", lambda: call("io_setup", 1, a_mask())),
    "bpf": ("ended", lambda: call("bpf", 0, a_mask(), 0)),
    "userfaultfd": ("ended", lambda: call("userfaultfd", 1)),
    "keys": ("ended", lambda: call("keyctl", 0, -3, 0)),
    "add a key": ("ended", lambda: call("add_key", a_mask(), a_mask(), 0, 0, -3)),
    "counters": ("ended", lambda: call("perf_event_open", a_mask(), 0, -1, -1, 0)),
    "watch files": ("ended", lambda: call("inotify_init1", 0)),
    "shared memory": ("ended", lambda: call("shmget", 0, 4096, 0o1600)),
    "shared memory of others": ("ended", lambda: call("shmat", 0, 0, 0)),
    "queues": ("ended", lambda: call("mq_open", a_mask(), 0, 0, 0)),
    "a module": ("ended", lambda: call("finit_module", 1, a_mask(), 0)),
    "another kernel": ("ended", lambda: call("kexec_load", 0, 0, 0, 0)),
    "what machine it is": ("EPERM", lambda: call("uname", a_mask())),
    "a call that there is not": ("EPERM", lambda: call("read", offset=9_000)),
    # from a thread
    "open a file in a thread": ("EPERM", lambda: in_a_thread(lambda: open("/etc/hostname"))),  # noqa: SIM115
    # what is left
    "memory": ("done", lambda: bytearray(30_000_000)),
    "a large block grown": ("done", lambda: bytearray(3_000_000).extend(repeat(0, 3_000_000))),
    "time": ("done", lambda: time.sleep(min(time.time(), time.monotonic(), 0.001))),
    "chance": ("done", lambda: os.getrandom(16)),
    "a thread": ("done", lambda: in_a_thread(lambda: bytearray(1_000_000))),
    "output": ("done", lambda: os.write(1, b"")),
    "its own end by abort": ("SIGABRT", os.abort),
}  # fmt: skip
if MACHINE == "x86_64":
    ATTEMPTS["a call of another kind (x32)"] = "ended", lambda: call("getpid", offset=0x4000_0000)
    ATTEMPTS["fork the old way"] = "ended", lambda: call("fork")
    ATTEMPTS["vfork"] = "ended", lambda: call("vfork")
    ATTEMPTS["ports"] = "ended", lambda: call("iopl", 3)

BY_LANDLOCK: dict[str, tuple[int, Callable[[], object]]] = {
    "open a file": (1, lambda: open("/etc/hostname")),  # noqa: SIM115
    "open a folder": (1, lambda: os.listdir("/")),
    "make a file": (1, lambda: os.open("/tmp/cage-made", os.O_CREAT | os.O_WRONLY)),  # noqa: S108
    "open the parent's memory": (1, lambda: open(f"/proc/{PARENT}/mem", "rb")),  # noqa: SIM115
    "attach to the parent": (1, lambda: call("ptrace", PTRACE_SEIZE, PARENT, 0, 0)),
    "read the parent's memory": (1, read_parent_directly),
    "run a program": (1, lambda: os.execv("/bin/true", ["true"])),  # noqa: S606
    "connect by TCP": (4, lambda: socket.create_connection(("127.0.0.1", 9), 1)),
    "listen by TCP": (4, lambda: socket.socket().bind(("127.0.0.1", 0))),
    "signal the parent": (6, lambda: os.kill(PARENT, signal.SIGCONT)),
}
"""From which version of Landlock on it refuses this by itself, without the filter."""


def outcome(bind: Callable[[], object], attempt: Callable[[], object]) -> str:
    """What became of it, in a process that binds itself first."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        try:
            bind()
            attempt()
            answer = "done"
        except OSError as problem:
            answer = errno.errorcode.get(problem.errno or 0, "no number")
        except ValueError:  # what `resource` makes of it
            answer = "EPERM"
        except BaseException as problem:
            answer = type(problem).__name__
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answered:
        output = answered.read().decode()
    status = os.waitpid(pid, 0)[1]
    if not os.WIFSIGNALED(status):
        return output
    number = os.WTERMSIG(status)
    return "ended" if number == signal.SIGSYS else signal.Signals(number).name


def main() -> None:
    global SIBLING
    SIBLING = os.fork()
    if not SIBLING:
        time.sleep(60)
        os._exit(0)
    try:
        caged = {name: outcome(lambda: enclose(threads=True), attempt) for name, (_, attempt) in ATTEMPTS.items()}
        alone = {name: outcome(forbid_paths, attempt) for name, (_, attempt) in BY_LANDLOCK.items()}
    finally:
        os.kill(SIBLING, signal.SIGKILL)
        os.waitpid(SIBLING, 0)
    json.dump({"caged": caged, "landlock": alone, "secret": SECRET.raw.rstrip(b"\0").decode()}, sys.stdout)


if __name__ == "__main__":
    main()
