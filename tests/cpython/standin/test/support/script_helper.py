"""What CPython's tests use of test.support.script_helper; programs are run by the interpreter under test."""
import os
import sys


class Result:
    def __init__(self, rc, out, err):
        self.rc, self.out, self.err = rc, out, err

    def __iter__(self):
        return iter((self.rc, self.out, self.err))


def run_python_until_end(*args, **env):
    import subprocess
    env.pop("__isolated", None)
    cwd = env.pop("__cwd", None)
    done = subprocess.run([sys.executable, *args], capture_output=True, cwd=cwd, env=dict(os.environ, **env))
    return Result(done.returncode, done.stdout, done.stderr), [sys.executable, *args]


def assert_python_ok(*args, **env):
    result, command = run_python_until_end(*args, **env)
    if result.rc:
        raise AssertionError(f"{command} ended with {result.rc}: {result.err!r}")
    return result


def assert_python_failure(*args, **env):
    result, command = run_python_until_end(*args, **env)
    if not result.rc:
        raise AssertionError(f"{command} ended well")
    return result


def make_script(directory, base, source, omit_suffix=False):
    name = os.path.join(directory, base if omit_suffix else base + ".py")
    with open(name, "w", encoding="utf-8") as script:
        script.write(source)
    return name


def spawn_python(*args, **kw):
    import subprocess
    return subprocess.Popen([sys.executable, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, **kw)


def kill_python(p):
    p.stdin.close()
    data = p.stdout.read()
    p.stdout.close()
    p.wait()
    return data


def interpreter_requires_environment():
    return False
