"""What CPython's tests use of test.support."""
import gc
import io
import sys
import unittest

verbose = 0
failfast = False
use_resources = None
max_memuse = 0
real_max_memuse = 0
MAX_Py_ssize_t = sys.maxsize
_1G, _2G, _4G = 1 << 30, 1 << 31, 1 << 32
SHORT_TIMEOUT, LONG_TIMEOUT, LOOPBACK_TIMEOUT, INTERNET_TIMEOUT = 30.0, 300.0, 5.0, 60.0
HAVE_DOCSTRINGS = True
MISSING_C_DOCSTRINGS = False
HAVE_ASAN_FORK_BUG = False
Py_DEBUG = False
is_jython = is_android = is_emscripten = is_wasi = False
is_apple = False
has_fork_support = has_subprocess_support = True
NHASHBITS = 64
SHORT_TIMEOUT_S = 30
TEST_HOME_DIR = "."


class Error(Exception):
    pass


class TestFailed(Error):
    pass


class ResourceDenied(unittest.SkipTest):
    pass


def is_resource_enabled(resource):
    return False


def requires(resource, msg=None):
    raise ResourceDenied(msg or f"resource {resource!r}")


def requires_resource(resource):
    return unittest.skip(f"resource {resource!r}")


def check_impl_detail(**guards):
    if guards:
        return guards.get(sys.implementation.name, not list(guards.values())[0])
    return sys.implementation.name == "cpython"


def impl_detail(msg=None, **guards):
    return (lambda item: item) if check_impl_detail(**guards) else unittest.skip(msg or "a detail of CPython")


def cpython_only(test):
    return impl_detail(cpython=True)(test)


def no_tracing(func):
    return func


def refcount_test(test):
    return test


def anticipate_failure(condition):
    return unittest.expectedFailure if condition else lambda item: item


def requires_debug_ranges(reason=""):
    return lambda item: item


def has_no_debug_ranges():
    return False


def skip_if_pgo_task(item):
    return item


def requires_docstrings(item):
    return item


def requires_IEEE_754(item):
    return item


def requires_subprocess():
    return lambda item: item


def requires_fork():
    return lambda item: item


def requires_specialization(item):
    return unittest.skip("specialization of CPython")(item)


def requires_legacy_unicode_capi(item):
    return unittest.skip("C API of CPython")(item)


def requires_gil_enabled(item):
    return item


def requires_zlib(reason=""):
    return unittest.skip("zlib")


requires_gzip = requires_bz2 = requires_lzma = requires_zlib


def skip_if_buggy_ucrt_strfptime(test):
    return test


def bigmemtest(size, memuse, dry_run=True):
    def decorate(function):
        def wrapper(self):
            if not dry_run:
                raise unittest.SkipTest("needs much memory")
            return function(self, 5147)
        return wrapper
    return decorate


def bigaddrspacetest(function):
    return unittest.skip("needs much memory")(function)


def gc_collect():
    gc.collect()
    gc.collect()
    gc.collect()


class _Context:
    """A context manager from a generator function, without contextlib; also a decorator."""

    def __init__(self, function, args, kwargs):
        self.made_of = function, args, kwargs

    def __call__(self, decorated):
        function, args, kwargs = self.made_of

        def wrapper(*inner, **kw):
            with _Context(function, args, kwargs):
                return decorated(*inner, **kw)

        return wrapper

    def __enter__(self):
        function, args, kwargs = self.made_of
        self.generator = function(*args, **kwargs)
        return next(self.generator)

    def __exit__(self, kind, value, tb):
        if kind is None:
            next(self.generator, None)
            return False
        try:
            self.generator.throw(value)
        except StopIteration:
            return True
        except BaseException as error:
            if error is not value:
                raise
            return False


def context(function):
    return lambda *args, **kwargs: _Context(function, args, kwargs)


@context
def disable_gc():
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@context
def captured_output(name):
    before = getattr(sys, name)
    setattr(sys, name, io.StringIO())
    try:
        yield getattr(sys, name)
    finally:
        setattr(sys, name, before)


def captured_stdout():
    return captured_output("stdout")


def captured_stderr():
    return captured_output("stderr")


def captured_stdin():
    return captured_output("stdin")


@context
def swap_attr(obj, attr, new):
    if hasattr(obj, attr):
        before = getattr(obj, attr)
        setattr(obj, attr, new)
        try:
            yield before
        finally:
            setattr(obj, attr, before)
    else:
        setattr(obj, attr, new)
        try:
            yield
        finally:
            if hasattr(obj, attr):
                delattr(obj, attr)


@context
def swap_item(obj, item, new):
    if item in obj:
        before = obj[item]
        obj[item] = new
        try:
            yield before
        finally:
            obj[item] = before
    else:
        obj[item] = new
        try:
            yield
        finally:
            if item in obj:
                del obj[item]


@context
def adjust_int_max_str_digits(digits):
    before = sys.get_int_max_str_digits()
    try:
        sys.set_int_max_str_digits(digits)
        yield
    finally:
        sys.set_int_max_str_digits(before)


@context
def infinite_recursion(max_depth=100):
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(max_depth)
        yield
    finally:
        sys.setrecursionlimit(before)


def set_recursion_limit(limit):
    return infinite_recursion(limit)


def get_recursion_depth():
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth - 1


def setswitchinterval(interval):
    sys.setswitchinterval(max(interval, 1e-4))


class SuppressCrashReport:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass


class catch_unraisable_exception:
    def __enter__(self):
        self.unraisable = None
        self._before = sys.unraisablehook
        sys.unraisablehook = self._hook
        return self

    def _hook(self, unraisable):
        self._object = unraisable.object
        self.unraisable = unraisable

    def __exit__(self, *exc):
        sys.unraisablehook = self._before
        self.__dict__.pop("unraisable", None)
        self.__dict__.pop("_object", None)


def check_syntax_error(case, statement, errtext="", *, lineno=None, offset=None):
    with case.assertRaisesRegex(SyntaxError, errtext) as caught:
        compile(statement, "<test string>", "exec")
    error = caught.exception
    case.assertIsNotNone(error.lineno)
    if lineno is not None:
        case.assertEqual(error.lineno, lineno)
    case.assertIsNotNone(error.offset)
    if offset is not None:
        case.assertEqual(error.offset, offset)


def check_free_after_iterating(test, iter, cls, args=()):
    done = False

    class A(cls):
        def __del__(self):
            nonlocal done
            done = True
            try:
                next(it)
            except StopIteration:
                pass

    it = iter(A(*args))
    test.assertRaises(StopIteration, next, it)
    gc_collect()
    test.assertTrue(done)


def check_disallow_instantiation(testcase, tp, *args, **kwds):
    testcase.assertRaises(TypeError, tp, *args, **kwds)


def check__all__(test_case, module, *args, **kwargs):
    test_case.skipTest("a list of names")


def get_attribute(obj, name):
    try:
        return getattr(obj, name)
    except AttributeError:
        raise unittest.SkipTest(f"object {obj!r} has no attribute {name!r}")


def run_with_locale(*args):
    return lambda function: function


def run_in_subinterp(code):
    raise unittest.SkipTest("subinterpreters")


def wait_process(pid, *, exitcode, timeout=None):
    import os
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == exitcode


def reap_children():
    pass


def sortdict(d):
    return "{" + ", ".join("%r: %r" % pair for pair in sorted(d.items())) + "}"


def with_pymalloc():
    return False


def maybe_get_event_loop_policy():
    return None


def collision_stats(nbins, nballs):
    n, k = nbins, nballs
    mean = k - n + n * (1 - 1 / n) ** k
    return mean, max(1.0, mean) ** 0.5


def check_sizeof(test, o, size):
    raise unittest.SkipTest("sizes of CPython's objects")


def calcobjsize(fmt):
    raise unittest.SkipTest("sizes of CPython's objects")


calcvobjsize = calcobjsize


class _ALWAYS_EQ:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False


class _NEVER_EQ:
    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    def __hash__(self):
        return 1


class _LARGEST:
    def __eq__(self, other):
        return isinstance(other, _LARGEST)

    def __lt__(self, other):
        return False

    def __gt__(self, other):
        return not self == other

    def __le__(self, other):
        return self == other

    def __ge__(self, other):
        return True


class _SMALLEST:
    def __eq__(self, other):
        return isinstance(other, _SMALLEST)

    def __gt__(self, other):
        return False

    def __lt__(self, other):
        return not self == other

    def __ge__(self, other):
        return self == other

    def __le__(self, other):
        return True


ALWAYS_EQ, NEVER_EQ, LARGEST, SMALLEST = _ALWAYS_EQ(), _NEVER_EQ(), _LARGEST(), _SMALLEST()
