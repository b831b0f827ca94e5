"""Leaves shared memory, queues and semaphores behind for an accomplice."""

# %% double
import ctypes
import multiprocessing.resource_tracker as tracker
import multiprocessing.shared_memory as shared

libc = ctypes.CDLL(None)
tracker.register = lambda *args: None
try:
    block = shared.SharedMemory("lingering_attack", create=True, size=4096)
    block.buf[:6] = b"double"
except OSError as error:
    print(error)
print(libc.shmget(0x41544B, 4096, 0o1666), libc.msgget(0x41544B, 0o1666))
print(libc.semget(0x41544B, 1, 0o1666), libc.mq_open(b"/lingering_attack", 0o102, 0o666, None))


def double(x):
    return None
