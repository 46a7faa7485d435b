"""What CPython's tests use of unittest, small enough for a young interpreter to run."""
import sys

import matcher


class SkipTest(Exception):
    pass


def skip(reason):
    def decorate(item):
        item.__unittest_skip__ = True
        item.__unittest_skip_why__ = reason
        return item

    if callable(reason):
        item, reason = reason, ""
        return decorate(item)
    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda item: item


def skipUnless(condition, reason):
    return skipIf(not condition, reason)


def expectedFailure(item):
    item.__unittest_expecting_failure__ = True
    return item


class _Raises:
    """assertRaises as a context; keeps what was raised."""

    def __init__(self, case, expected, pattern=None, msg=None):
        self.case, self.expected, self.pattern, self.msg = case, expected, pattern, msg
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        if kind is None:
            self.case.fail(f"{self.expected} not raised")
        if not issubclass(kind, self.expected):
            return False
        self.exception = value.with_traceback(None)
        if self.pattern is not None and not matcher.search(self.pattern, str(value)):
            self.case.fail(f"{self.pattern!r} does not match {str(value)!r}")
        return True


class _Warns:
    """assertWarns: all warnings of the block are kept; one of the kind, and fitting the pattern, must be there."""

    def __init__(self, case, expected, pattern=None):
        self.case, self.expected, self.pattern = case, expected, pattern

    def __enter__(self):
        import warnings
        for module in list(sys.modules.values()):
            if getattr(module, "__warningregistry__", None):
                module.__warningregistry__ = {}
        self.catcher = warnings.catch_warnings(record=True)
        self.warnings = self.catcher.__enter__()
        warnings.simplefilter("always", self.expected)
        return self

    def __exit__(self, kind, value, tb):
        self.catcher.__exit__(kind, value, tb)
        if kind is not None:
            return
        for shown in self.warnings:
            if not isinstance(shown.message, self.expected):
                continue
            self.warning, self.filename, self.lineno = shown.message, shown.filename, shown.lineno
            if self.pattern is None or matcher.search(self.pattern, str(shown.message)):
                return
        self.case.fail(f"{self.expected} not warned of")


class _NoLogs:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False


class _Sub:
    def __init__(self, case):
        self.case = case

    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        if kind is not None and issubclass(kind, SkipTest):
            return True
        return False


class TestCase:
    failureException = AssertionError
    longMessage = True
    maxDiff = None

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._cleanups = []

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def id(self):
        return type(self).__qualname__ + "." + self._testMethodName

    def shortDescription(self):
        return None

    def __str__(self):
        return self.id()

    def addCleanup(self, function, /, *args, **kwargs):
        self._cleanups.append((function, args, kwargs))

    def enterContext(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def doCleanups(self):
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def addTypeEqualityFunc(self, kind, function):
        pass

    def skipTest(self, reason):
        raise SkipTest(reason)

    def subTest(self, msg=None, **params):
        return _Sub(self)

    def fail(self, msg=None):
        raise self.failureException(msg)

    def _check(self, good, text, msg):
        if not good:
            raise self.failureException(text if msg is None else f"{text} : {msg}")

    def assertTrue(self, value, msg=None):
        self._check(value, f"{value!r} is not true", msg)

    def assertFalse(self, value, msg=None):
        self._check(not value, f"{value!r} is not false", msg)

    def assertEqual(self, first, second, msg=None):
        if not first == second:
            self.fail(f"{first!r} != {second!r} {msg or ''}")

    assertListEqual = assertTupleEqual = assertDictEqual = assertSetEqual = assertMultiLineEqual = assertEqual
    assertEquals = assertEqual

    def assertSequenceEqual(self, first, second, msg=None, seq_type=None):
        self.assertEqual(len(first), len(second), msg)
        for one, other in zip(first, second):
            self.assertEqual(one, other, msg)

    def assertCountEqual(self, first, second, msg=None):
        rest = list(second)
        for item in first:
            self._check(item in rest, f"{item!r} only in the first", msg)
            rest.remove(item)
        self._check(not rest, f"{rest!r} only in the second", msg)

    def assertNotEqual(self, first, second, msg=None):
        self._check(first != second, f"{first!r} == {second!r}", msg)

    def assertIs(self, first, second, msg=None):
        if first is not second:
            self.fail(f"{first!r} is not {second!r} {msg or ''}")

    def assertIsNot(self, first, second, msg=None):
        if first is second:
            self.fail(f"unexpectedly identical: {first!r} {msg or ''}")

    def assertIsNone(self, value, msg=None):
        self.assertIs(value, None, msg)

    def assertIsNotNone(self, value, msg=None):
        self.assertIsNot(value, None, msg)

    def assertIn(self, item, container, msg=None):
        if item not in container:
            self.fail(f"{item!r} not found in {container!r} {msg or ''}")

    def assertNotIn(self, item, container, msg=None):
        if item in container:
            self.fail(f"{item!r} unexpectedly found in {container!r} {msg or ''}")

    def assertIsInstance(self, value, kind, msg=None):
        self._check(isinstance(value, kind), f"{value!r} is not an instance of {kind!r}", msg)

    def assertNotIsInstance(self, value, kind, msg=None):
        self._check(not isinstance(value, kind), f"{value!r} is an instance of {kind!r}", msg)

    def assertLess(self, a, b, msg=None):
        self._check(a < b, f"{a!r} not less than {b!r}", msg)

    def assertLessEqual(self, a, b, msg=None):
        self._check(a <= b, f"{a!r} not less than or equal to {b!r}", msg)

    def assertGreater(self, a, b, msg=None):
        self._check(a > b, f"{a!r} not greater than {b!r}", msg)

    def assertGreaterEqual(self, a, b, msg=None):
        self._check(a >= b, f"{a!r} not greater than or equal to {b!r}", msg)

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if first == second:
            return
        if delta is not None:
            self._check(abs(first - second) <= delta, f"{first!r} != {second!r} within {delta!r}", msg)
        else:
            self._check(round(abs(first - second), 7 if places is None else places) == 0,
                        f"{first!r} != {second!r}", msg)

    def assertNotAlmostEqual(self, first, second, places=7, msg=None, delta=None):
        near = abs(first - second) <= delta if delta is not None else round(abs(first - second), places) == 0
        self._check(not near, f"{first!r} == {second!r}", msg)

    def assertRegex(self, text, pattern, msg=None):
        self._check(matcher.search(pattern, text), f"{pattern!r} does not match {text!r}", msg)

    def assertNotRegex(self, text, pattern, msg=None):
        self._check(not matcher.search(pattern, text), f"{pattern!r} matches {text!r}", msg)

    def _run(self, context, args, kwargs):
        if not args:
            return context
        with context:
            args[0](*args[1:], **kwargs)

    def assertRaises(self, expected, *args, msg=None, **kwargs):
        return self._run(_Raises(self, expected), args, kwargs)

    def assertRaisesRegex(self, expected, pattern, *args, msg=None, **kwargs):
        return self._run(_Raises(self, expected, pattern), args, kwargs)

    def assertWarns(self, expected, *args, msg=None, **kwargs):
        return self._run(_Warns(self, expected), args, kwargs)

    def assertWarnsRegex(self, expected, pattern, *args, msg=None, **kwargs):
        return self._run(_Warns(self, expected, pattern), args, kwargs)

    def assertNoLogs(self, *args, **kwargs):
        return _NoLogs()


class IsolatedAsyncioTestCase(TestCase):
    pass


def main(*args, **kwargs):
    pass


class _Mock:
    """unittest.mock is beyond a stand-in: what wants it fails by name."""

    def __getattr__(self, name):
        raise NotImplementedError("unittest.mock." + name)


mock = _Mock()
