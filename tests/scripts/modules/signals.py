"""Signal handlers, timers, masks."""
import signal
import time

seen = []


def handler(signo, frame):
    seen.append((signo, frame.f_code.co_name))


def interrupted():
    for _ in range(10_000_000):
        if seen:
            return "seen"


print(signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL, signal.getsignal(signal.SIGINT) is signal.default_int_handler)
print(signal.signal(signal.SIGUSR1, handler) == signal.SIG_DFL, signal.getsignal(signal.SIGUSR1) is handler)
signal.raise_signal(signal.SIGUSR1)
print(seen)
seen.clear()
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.01)
print(interrupted(), seen)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
seen.clear()
while len(seen) < 3:
    signal.pause()
print([n for n, _ in seen], signal.setitimer(signal.ITIMER_REAL, 0)[1])


class Late(Exception):
    pass


def late(signo, frame):
    raise Late(signo)


signal.signal(signal.SIGALRM, late)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    time.sleep(30)
except Late as e:
    print("late", e)
try:
    signal.raise_signal(signal.SIGINT)
    print("not reached")
except KeyboardInterrupt:
    print("interrupt")
old = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
seen.clear()
signal.raise_signal(signal.SIGUSR1)
print(sorted(old), seen, [int(s) for s in signal.sigpending()])
signal.pthread_sigmask(signal.SIG_SETMASK, old)
print([n for n, _ in seen])
for wrong in (0, 65, 10**10, "a"):
    try:
        signal.signal(wrong, handler)
    except (ValueError, OverflowError, TypeError) as e:
        print(type(e).__name__, e)
try:
    signal.signal(signal.SIGUSR1, 17)
except TypeError as e:
    print(e)
try:
    signal.signal(signal.SIGKILL, handler)
except OSError as e:
    print(e)
print(signal.strsignal(signal.SIGSEGV), signal.SIGKILL + 0, len(signal.valid_signals()), signal.alarm(0))
