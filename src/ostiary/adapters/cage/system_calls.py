"""Which system calls a process in the cage may make, and what becomes of the others.

Three answers. **Allowed**: what reading and writing open handles, memory, threads, time and the end need. **Ended**:
what no decoder ever asks for and only serves to get at other processes, out of the cage, or at large parts of the
kernel; one try shows that the process is no longer ours, and there shall be no second. **Refused** (EPERM): everything
else, since libraries ask for much that they can do without: folders of fonts, the name of a thread, another limit.

Numbers are those of Linux's `unistd.h`; they never change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

READING = ("read", "readv", "write", "writev", "close", "lseek", "fstat")
"""Of handles that are open. `fcntl` and `ioctl` are not here: they make the kernel send signals to other processes."""
MEMORY = ("munmap", "mremap", "brk", "madvise")
"""`mmap` and `mprotect` besides, for memory that is not to be executed."""
WAITING = (
    "futex", "set_robust_list", "rseq", "set_tid_address", "getpid", "gettid", "getppid", "sched_yield",
    "sched_getaffinity", "getcpu", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
)  # fmt: skip
TIME = ("clock_gettime", "clock_getres", "gettimeofday", "time", "times", "nanosleep", "clock_nanosleep", "getrusage")
CHANCE = ("getrandom", "sysinfo")
END = ("exit", "exit_group")
ALLOWED = (*READING, *MEMORY, *WAITING, *TIME, *CHANCE, *END)
TIMERS = ("alarm", "setitimer")
"""For a process that takes one document after the other and times each; who asked it keeps the time as well."""
NOT_EXECUTED = ("mmap", "mprotect")
"""Allowed without PROT_EXEC."""

OF_OTHERS = (
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp",
    "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
)  # fmt: skip
NEW_PROCESSES = ("fork", "vfork", "execve", "execveat")
"""`clone` besides, but for threads where they are needed; `clone3`, whose flags a filter cannot see, is said not to be
there, and the C library takes `clone` then."""
WAYS_OUT = (
    "setpgid", "setsid", "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at", "socket", "socketpair", "connect",
    "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "recvmsg", "recvmmsg",
)  # fmt: skip
OF_THE_KERNEL = (
    "io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup", "bpf", "userfaultfd", "perf_event_open",
    "add_key", "request_key", "keyctl", "seccomp", "memfd_create", "memfd_secret", "shmget", "shmat", "msgget",
    "semget", "mq_open", "inotify_init", "inotify_init1", "fanotify_init", "init_module", "finit_module",
    "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "modify_ldt", "iopl",
    "ioperm", "personality",
)  # fmt: skip
ENDED = (*OF_OTHERS, *NEW_PROCESSES, *WAYS_OUT, *OF_THE_KERNEL)

NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "readv": (19, 65), "write": (1, 64), "writev": (20, 66), "close": (3, 57), "lseek": (8, 62),
    "fstat": (5, 80), "munmap": (11, 215), "mremap": (25, 216), "brk": (12, 214), "madvise": (28, 233),
    "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293), "set_tid_address": (218, 96),
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123), "getcpu": (309, 168), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "restart_syscall": (219, 128), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153), "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115), "getrusage": (98, 165), "getrandom": (318, 278), "sysinfo": (99, 179),
    "exit": (60, 93), "exit_group": (231, 94), "alarm": (37, None), "setitimer": (38, 103), "mmap": (9, 222),
    "mprotect": (10, 226), "tgkill": (234, 131), "clone": (56, 220), "clone3": (435, 435), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "kcmp": (312, 272), "kill": (62, 129), "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "fork": (57, None), "vfork": (58, None),
    "execve": (59, 221), "execveat": (322, 281), "setpgid": (109, 154), "setsid": (112, 157), "unshare": (272, 97),
    "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "open_by_handle_at": (304, 265),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "recvmsg": (47, 212), "recvmmsg": (299, 243), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_setup": (206, 0), "bpf": (321, 280), "userfaultfd": (323, 282),
    "perf_event_open": (298, 241), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "seccomp": (317, 277), "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180), "inotify_init": (253, None),
    "inotify_init1": (294, 26), "fanotify_init": (300, 262), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "modify_ldt": (154, None), "iopl": (172, None),
    "ioperm": (173, None), "personality": (135, 92), "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
}  # fmt: skip
"""On x86_64 and on aarch64; None where there is no such call."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """`audit` is the kernel's name of it (`linux/audit.h`); from `foreign_from` on numbers are another's (x32)."""

    machine: str
    audit: int
    column: int
    foreign_from: int | None = None

    def number(self, name: str) -> int | None:
        return NUMBERS[name][self.column]

    def numbers(self, *names: str) -> Iterator[int]:
        """Of those among these calls that there are."""
        yield from (number for name in names if (number := self.number(name)) is not None)


ARCHITECTURES = {
    architecture.machine: architecture
    for architecture in (
        Architecture("x86_64", 0xC000003E, 0, foreign_from=0x4000_0000),
        Architecture("aarch64", 0xC00000B7, 1),
    )
}
