"""What CPython's tests use of test.support.warnings_helper."""
import sys
import warnings

from test.support import context


class Recorded:
    def __init__(self, shown):
        self.warnings = shown

    def __getattr__(self, name):
        return getattr(self.warnings[-1], name)


@context
def check_warnings(*filters, quiet=None):
    for module in list(sys.modules.values()):
        if getattr(module, "__warningregistry__", None):
            module.__warningregistry__ = {}
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        yield Recorded(shown)
    if quiet is None:
        quiet = not filters
    for text, kind in filters:
        if not quiet and not any(isinstance(w.message, kind) for w in shown):
            raise AssertionError(f"filter ({text!r}, {kind.__name__}) did not catch any warning")


@context
def check_no_warnings(case, message="", category=Warning, force_gc=False):
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always", category)
        yield
    case.assertEqual(shown, [])


def check_syntax_warning(case, statement, errtext="", *, lineno=1, offset=None):
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always", SyntaxWarning)
        compile(statement, "<testcase>", "exec")
    case.assertEqual(len(shown), 1, shown)
    warned, = shown
    case.assertTrue(issubclass(warned.category, SyntaxWarning), warned.category)
    if errtext:
        case.assertRegex(str(warned.message), errtext)
    case.assertEqual(warned.filename, "<testcase>")
    case.assertEqual(warned.lineno, lineno)
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("error", SyntaxWarning)
        from test.support import check_syntax_error
        check_syntax_error(case, statement, errtext, lineno=lineno, offset=offset)
    case.assertEqual(shown, [])


def ignore_warnings(*, category):
    def decorate(test):
        def wrapper(self, *args, **kwargs):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", category=category)
                return test(self, *args, **kwargs)
        return wrapper
    return decorate


def save_restore_warnings_filters():
    return warnings.catch_warnings()
