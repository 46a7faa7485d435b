# SPDX-License-Identifier: BSD-2-Clause
"""What objects are, the source they come from, the frames that run, and how functions are called."""
import linecache
import sys
import types
from collections import OrderedDict, namedtuple

CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS, CO_NESTED = 1, 2, 4, 8, 16
CO_GENERATOR, CO_NOFREE, CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR = 32, 64, 128, 256, 512


# --- what an object is

def ismodule(object):
    return isinstance(object, types.ModuleType)


def isclass(object):
    return isinstance(object, type)


def ismethod(object):
    return isinstance(object, types.MethodType)


def isfunction(object):
    return isinstance(object, types.FunctionType)


def isbuiltin(object):
    return isinstance(object, types.BuiltinFunctionType)


def istraceback(object):
    return isinstance(object, types.TracebackType)


def isframe(object):
    return isinstance(object, types.FrameType)


def iscode(object):
    return isinstance(object, types.CodeType)


def isgenerator(object):
    return isinstance(object, types.GeneratorType)


def iscoroutine(object):
    return isinstance(object, types.CoroutineType)


def isasyncgen(object):
    return isinstance(object, types.AsyncGeneratorType)


def isroutine(object):
    return isbuiltin(object) or isfunction(object) or ismethod(object) or ismethoddescriptor(object) or \
        isinstance(object, types.MethodWrapperType)


def ismethoddescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    kind = type(object)
    return hasattr(kind, "__get__") and not hasattr(kind, "__set__")


def isdatadescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    kind = type(object)
    return hasattr(kind, "__set__") or hasattr(kind, "__delete__")


def ismemberdescriptor(object):
    return isinstance(object, types.MemberDescriptorType)


def isgetsetdescriptor(object):
    return isinstance(object, types.GetSetDescriptorType)


def isabstract(object):
    return isinstance(object, type) and bool(object.__flags__ & 1 << 20)


def _has_flag(function, flag):
    while hasattr(function, "func") and hasattr(function, "keywords"):  # functools.partial
        function = function.func
    function = getattr(function, "__func__", function)
    return isfunction(function) and bool(function.__code__.co_flags & flag)


def isgeneratorfunction(obj):
    return _has_flag(obj, CO_GENERATOR)


def iscoroutinefunction(obj):
    return _has_flag(obj, CO_COROUTINE)


def isasyncgenfunction(obj):
    return _has_flag(obj, CO_ASYNC_GENERATOR)


def isawaitable(object):
    return (iscoroutine(object) or isgenerator(object) and bool(object.gi_code.co_flags & CO_ITERABLE_COROUTINE)
            or hasattr(type(object), "__await__"))


def getmembers(object, predicate=None):
    """(name, value) of all attributes, sorted by name."""
    found = []
    for name in sorted(set(dir(object))):
        try:
            value = getattr(object, name)
        except AttributeError:
            continue
        if not predicate or predicate(value):
            found.append((name, value))
    return found


def getmro(cls):
    return cls.__mro__


def unwrap(func, *, stop=None):
    """What a chain of __wrapped__ ends in."""
    first, seen = func, {id(func): func}
    while hasattr(func, "__wrapped__") and not (stop and stop(func)):
        func = func.__wrapped__
        if id(func) in seen or len(seen) >= sys.getrecursionlimit():
            raise ValueError(f"wrapper loop when unwrapping {first!r}")
        seen[id(func)] = func
    return func


# --- where it comes from

def getfile(object):
    if ismodule(object):
        if getattr(object, "__file__", None):
            return object.__file__
        raise TypeError(f"{object!r} is a built-in module")
    if isclass(object):
        module = sys.modules.get(getattr(object, "__module__", None))
        if getattr(module, "__file__", None):
            return module.__file__
        if object.__module__ == "__main__":
            raise OSError("source code not available")
        raise TypeError(f"{object!r} is a built-in class")
    code = _code_of(object)
    if code is not None:
        return code.co_filename
    raise TypeError("module, class, method, function, traceback, frame, or code object was expected, got "
                    f"{type(object).__name__}")


getsourcefile = getfile


def _code_of(object):
    object = getattr(object, "__func__", object)
    object = getattr(object, "__code__", object)
    object = getattr(object, "tb_frame", object)
    object = getattr(object, "f_code", object)
    return object if iscode(object) else None


def getmodule(object, _filename=None):
    if ismodule(object):
        return object
    return sys.modules.get(getattr(object, "__module__", None))


def getmodulename(path):
    name = path.rpartition("/")[2]
    return name[:-3] if name.endswith(".py") else None


def cleandoc(doc):
    """A docstring without the indentation that its source gave it."""
    lines = doc.expandtabs().split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    lines = [lines[0].lstrip()] + [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def getdoc(object):
    doc = getattr(object, "__doc__", None)
    return cleandoc(doc) if isinstance(doc, str) else None


# --- frames

_Traceback = namedtuple("_Traceback", "filename lineno function code_context index")
_FrameInfo = namedtuple("_FrameInfo", ("frame",) + _Traceback._fields)
ArgInfo = namedtuple("ArgInfo", "args varargs keywords locals")
Arguments = namedtuple("Arguments", "args, varargs, varkw")


class Traceback(_Traceback):
    def __new__(cls, filename, lineno, function, code_context, index, *, positions=None):
        made = super().__new__(cls, filename, lineno, function, code_context, index)
        made.positions = positions
        return made

    def __repr__(self):
        return (f"Traceback(filename={self.filename!r}, lineno={self.lineno!r}, function={self.function!r}, "
                f"code_context={self.code_context!r}, index={self.index!r}, positions={self.positions!r})")


class FrameInfo(_FrameInfo):
    def __new__(cls, frame, filename, lineno, function, code_context, index, *, positions=None):
        made = super().__new__(cls, frame, filename, lineno, function, code_context, index)
        made.positions = positions
        return made

    def __repr__(self):
        return (f"FrameInfo(frame={self.frame!r}, filename={self.filename!r}, lineno={self.lineno!r}, "
                f"function={self.function!r}, code_context={self.code_context!r}, index={self.index!r}, "
                f"positions={self.positions!r})")


def currentframe():
    return sys._getframe(1)


def getlineno(frame):
    return frame.f_lineno


def getframeinfo(frame, context=1):
    """File, line, function and source lines of a frame or traceback."""
    if istraceback(frame):
        lasti, lineno, frame = frame.tb_lasti, frame.tb_lineno, frame.tb_frame
    elif isframe(frame):
        lasti, lineno = frame.f_lasti, frame.f_lineno
    else:
        raise TypeError(f"{frame!r} is not a frame or traceback object")
    code = frame.f_code
    lines = index = None
    if context > 0:
        source = linecache.getlines(code.co_filename, frame.f_globals)
        if source:
            start = max(0, min(lineno - 1 - context // 2, len(source) - context))
            lines, index = source[start:start + context], lineno - 1 - start
    places = list(code.co_positions())
    from dis import Positions
    place = Positions(*places[lasti // 2]) if 0 <= lasti // 2 < len(places) else None
    return Traceback(code.co_filename, lineno, code.co_name, lines, index, positions=place)


def getouterframes(frame, context=1):
    """A FrameInfo for the frame and each that called it."""
    found = []
    while frame:
        info = getframeinfo(frame, context)
        found.append(FrameInfo(frame, *info, positions=info.positions))
        frame = frame.f_back
    return found


def getinnerframes(tb, context=1):
    """A FrameInfo for the frame of a traceback and each further in."""
    found = []
    while tb:
        info = getframeinfo(tb, context)
        found.append(FrameInfo(tb.tb_frame, *info, positions=info.positions))
        tb = tb.tb_next
    return found


def stack(context=1):
    return getouterframes(sys._getframe(1), context)


def trace(context=1):
    error = sys.exc_info()[1]
    return getinnerframes(error.__traceback__ if error else None, context)


def getargs(co):
    """Names of a code object's parameters."""
    if not iscode(co):
        raise TypeError(f"{co!r} is not a code object")
    names, n = co.co_varnames, co.co_argcount + co.co_kwonlyargcount
    varargs = varkw = None
    if co.co_flags & CO_VARARGS:
        varargs = names[n]
        n += 1
    if co.co_flags & CO_VARKEYWORDS:
        varkw = names[n]
    return Arguments(list(names[:co.co_argcount + co.co_kwonlyargcount]), varargs, varkw)


def getargvalues(frame):
    return ArgInfo(*getargs(frame.f_code), frame.f_locals)


GEN_CREATED, GEN_RUNNING, GEN_SUSPENDED, GEN_CLOSED = "GEN_CREATED", "GEN_RUNNING", "GEN_SUSPENDED", "GEN_CLOSED"
CORO_CREATED, CORO_RUNNING, CORO_SUSPENDED, CORO_CLOSED = "CORO_CREATED", "CORO_RUNNING", "CORO_SUSPENDED", "CORO_CLOSED"


def _state(running, frame, suspended):
    return "RUNNING" if running else "CLOSED" if frame is None else "SUSPENDED" if suspended else "CREATED"


def getgeneratorstate(generator):
    return "GEN_" + _state(generator.gi_running, generator.gi_frame, generator.gi_suspended)


def getcoroutinestate(coroutine):
    return "CORO_" + _state(coroutine.cr_running, coroutine.cr_frame, coroutine.cr_suspended)


def getgeneratorlocals(generator):
    if not isgenerator(generator):
        raise TypeError(f"{generator!r} is not a Python generator")
    return generator.gi_frame.f_locals if generator.gi_frame is not None else {}


def getcoroutinelocals(coroutine):
    return coroutine.cr_frame.f_locals if coroutine.cr_frame is not None else {}


# --- signatures

class _empty:
    """Stands for a default or annotation that is not there."""


class _Kind(int):
    _names = "POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD"
    _descriptions = "positional-only", "positional or keyword", "variadic positional", "keyword-only", "variadic keyword"

    @property
    def name(self):
        return self._names[self]

    @property
    def description(self):
        return self._descriptions[self]

    __str__ = name.fget

    def __repr__(self):
        return f"<_ParameterKind.{self.name}: {int(self)}>"


_KINDS = tuple(map(_Kind, range(5)))


def formatannotation(annotation, base_module=None):
    if isinstance(annotation, types.GenericAlias):
        return str(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ in ("builtins", base_module):
            return annotation.__qualname__
        return annotation.__module__ + "." + annotation.__qualname__
    return repr(annotation)


class Parameter:
    __slots__ = "name", "kind", "default", "annotation"
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = _KINDS
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        if kind not in _KINDS:
            raise ValueError(f"value {kind!r} is not a valid Parameter.kind")
        kind = _KINDS[kind]
        if default is not _empty and kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            raise ValueError(f"{kind.description} parameters cannot have default values")
        if not isinstance(name, str):
            raise TypeError(f"name must be a str, not a {type(name).__name__}")
        if not name.isidentifier():
            raise ValueError(f"{name!r} is not a valid parameter name")
        self.name, self.kind, self.default, self.annotation = name, kind, default, annotation

    def replace(self, **changes):
        values = {"name": self.name, "kind": self.kind, "default": self.default, "annotation": self.annotation} | changes
        return type(self)(values.pop("name"), values.pop("kind"), **values)

    def __str__(self):
        text = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}.get(self.kind, "") + self.name
        if self.annotation is not _empty:
            text += f": {formatannotation(self.annotation)}"
        if self.default is not _empty:
            text += (" = " if self.annotation is not _empty else "=") + repr(self.default)
        return text

    def __repr__(self):
        return f'<{self.__class__.__name__} "{self}">'

    def __hash__(self):
        return hash((self.name, self.kind, self.annotation, self.default))

    def __eq__(self, other):
        if not isinstance(other, Parameter):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Parameter.__slots__)


class BoundArguments:
    __slots__ = "arguments", "_signature"

    def __init__(self, signature, arguments):
        self.arguments, self._signature = arguments, signature

    @property
    def signature(self):
        return self._signature

    @property
    def args(self):
        found = []
        for name, parameter in self._signature.parameters.items():
            if parameter.kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD) or name not in self.arguments:
                break
            value = self.arguments[name]
            found += value if parameter.kind == Parameter.VAR_POSITIONAL else [value]
        return tuple(found)

    @property
    def kwargs(self):
        found, by_name = {}, False
        for name, parameter in self._signature.parameters.items():
            by_name = by_name or parameter.kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD) or name not in self.arguments
            if by_name and name in self.arguments:
                found.update(self.arguments[name] if parameter.kind == Parameter.VAR_KEYWORD else {name: self.arguments[name]})
        return found

    def apply_defaults(self):
        filled = {}
        for name, parameter in self._signature.parameters.items():
            if name in self.arguments:
                filled[name] = self.arguments[name]
            elif parameter.default is not _empty:
                filled[name] = parameter.default
            elif parameter.kind == Parameter.VAR_POSITIONAL:
                filled[name] = ()
            elif parameter.kind == Parameter.VAR_KEYWORD:
                filled[name] = {}
        self.arguments = filled

    def __eq__(self, other):
        if not isinstance(other, BoundArguments):
            return NotImplemented
        return self.signature == other.signature and self.arguments == other.arguments

    def __repr__(self):
        return f"<{self.__class__.__name__} ({', '.join(f'{k}={v!r}' for k, v in self.arguments.items())})>"


class Signature:
    __slots__ = "_parameters", "_return_annotation"
    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty):
        ordered, least, defaults = {}, 0, False
        for parameter in parameters or ():
            kind, name = parameter.kind, parameter.name
            if kind < least:
                raise ValueError(f"wrong parameter order: {_KINDS[least].description} parameter before "
                                 f"{kind.description} parameter")
            least = kind
            if kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
                if parameter.default is not _empty:
                    defaults = True
                elif defaults:
                    raise ValueError("non-default argument follows default argument")
            if name in ordered:
                raise ValueError(f"duplicate parameter name: {name!r}")
            ordered[name] = parameter
        self._parameters = types.MappingProxyType(OrderedDict(ordered))
        self._return_annotation = return_annotation

    @classmethod
    def from_callable(cls, obj, *, follow_wrapped=True):
        return _signature(obj, cls, follow_wrapped)

    @property
    def parameters(self):
        return self._parameters

    @property
    def return_annotation(self):
        return self._return_annotation

    def replace(self, *, parameters=_empty, return_annotation=_empty):
        return type(self)(self.parameters.values() if parameters is _empty else parameters,
                          return_annotation=self._return_annotation if return_annotation is _empty else return_annotation)

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        return (list(self.parameters.values()) == list(other.parameters.values())
                and self.return_annotation == other.return_annotation)

    def __hash__(self):
        return hash((tuple(self.parameters.values()), self.return_annotation))

    def _bind(self, args, kwargs, partial):
        args, kwargs, bound = list(args), dict(kwargs), {}
        for name, parameter in self.parameters.items():
            kind = parameter.kind
            if kind == Parameter.VAR_POSITIONAL:
                if args:
                    bound[name] = tuple(args)
                    args = []
            elif kind == Parameter.VAR_KEYWORD:
                if kwargs:
                    bound[name] = kwargs
                    kwargs = {}
            elif args and kind != Parameter.KEYWORD_ONLY:
                if name in kwargs and kind == Parameter.POSITIONAL_OR_KEYWORD:
                    raise TypeError(f"multiple values for argument {name!r}")
                bound[name] = args.pop(0)
            elif name in kwargs and kind != Parameter.POSITIONAL_ONLY:
                bound[name] = kwargs.pop(name)
            elif parameter.default is _empty and not partial:
                raise TypeError(f"missing a required argument: {name!r}")
        if args:
            raise TypeError("too many positional arguments")
        if kwargs:
            raise TypeError(f"got an unexpected keyword argument {next(iter(kwargs))!r}")
        return BoundArguments(self, bound)

    def bind(self, /, *args, **kwargs):
        return self._bind(args, kwargs, False)

    def bind_partial(self, /, *args, **kwargs):
        return self._bind(args, kwargs, True)

    def __str__(self):
        parts, star, slash = [], False, False
        for parameter in self.parameters.values():
            if parameter.kind == Parameter.POSITIONAL_ONLY:
                slash = True
            elif slash:
                parts.append("/")
                slash = False
            if parameter.kind == Parameter.VAR_POSITIONAL:
                star = True
            elif parameter.kind == Parameter.KEYWORD_ONLY and not star:
                parts.append("*")
                star = True
            parts.append(str(parameter))
        if slash:
            parts.append("/")
        text = f"({', '.join(parts)})"
        return text if self.return_annotation is _empty else f"{text} -> {formatannotation(self.return_annotation)}"

    def __repr__(self):
        return f"<{self.__class__.__name__} {self}>"


def _of_function(function, cls):
    code, notes = function.__code__, getattr(function, "__annotations__", {})
    names, n = code.co_varnames, code.co_argcount
    defaults = dict(zip(reversed(names[:n]), reversed(function.__defaults__ or ())))
    defaults.update(function.__kwdefaults__ or {})
    kinds = [(name, Parameter.POSITIONAL_ONLY if i < code.co_posonlyargcount else Parameter.POSITIONAL_OR_KEYWORD)
             for i, name in enumerate(names[:n])]
    at = n + code.co_kwonlyargcount
    if code.co_flags & CO_VARARGS:
        kinds.append((names[at], Parameter.VAR_POSITIONAL))
        at += 1
    kinds += [(name, Parameter.KEYWORD_ONLY) for name in names[n:n + code.co_kwonlyargcount]]
    if code.co_flags & CO_VARKEYWORDS:
        kinds.append((names[at], Parameter.VAR_KEYWORD))
    return cls([Parameter(name.replace(".", "implicit"), kind, default=defaults.get(name, _empty),
                          annotation=notes.get(name, _empty)) for name, kind in kinds],
               return_annotation=notes.get("return", _empty))


def _without_first(signature):
    parameters = list(signature.parameters.values())
    if not parameters or parameters[0].kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD):
        raise ValueError("invalid method signature")
    if parameters[0].kind != Parameter.VAR_POSITIONAL:
        parameters = parameters[1:]
    return signature.replace(parameters=parameters)


def _of_class(obj, cls, follow):
    call = getattr(type(obj), "__call__", None)
    if isfunction(call):  # a metaclass's own
        return _without_first(_signature(call, cls, follow))
    for kind in obj.__mro__:
        for name in "__new__", "__init__":
            method = kind.__dict__.get(name)
            method = getattr(method, "__func__", method)
            if isfunction(method):
                return _without_first(_signature(method, cls, follow))
    if object in obj.__bases__ or obj is object or all(base.__flags__ & 1 << 9 for base in obj.__mro__[:-1]):
        return cls([])
    raise ValueError(f"no signature found for builtin type {obj!r}")


def _signature(obj, cls=Signature, follow=True):
    if not callable(obj):
        raise TypeError(f"{obj!r} is not a callable object")
    if isinstance(obj, types.MethodType):
        return _without_first(_signature(obj.__func__, cls, follow))
    if follow:
        obj = unwrap(obj, stop=lambda f: hasattr(f, "__signature__"))
        if isinstance(obj, types.MethodType):
            return _signature(obj, cls)
    own = getattr(obj, "__signature__", None)
    if own is not None:
        return own
    if isfunction(obj):
        return _of_function(obj, cls)
    if isclass(obj):
        return _of_class(obj, cls, follow)
    call = getattr(type(obj), "__call__", None)
    if isfunction(call):
        return _without_first(_signature(call, cls, follow))
    raise ValueError(f"no signature found for builtin {obj!r}")


def signature(obj, *, follow_wrapped=True):
    """How a callable is called."""
    return _signature(obj, Signature, follow_wrapped)


FullArgSpec = namedtuple("FullArgSpec", "args, varargs, varkw, defaults, kwonlyargs, kwonlydefaults, annotations")


def getfullargspec(func):
    func = getattr(func, "__func__", func)
    if not isfunction(func):
        raise TypeError("unsupported callable")
    code = func.__code__
    names, varargs, varkw = getargs(code)
    return FullArgSpec(names[:code.co_argcount], varargs, varkw, func.__defaults__, names[code.co_argcount:],
                       func.__kwdefaults__, dict(func.__annotations__))


_missing = object()


def getattr_static(obj, attr, default=_missing):
    """An attribute as it is stored: no descriptor runs, no __getattr__."""
    kinds = obj.__mro__ if isinstance(obj, type) else type(obj).__mro__
    if not isinstance(obj, type):
        own = getattr(obj, "__dict__", {})
        if attr in own:
            return own[attr]
    for kind in kinds:
        if attr in kind.__dict__:
            return kind.__dict__[attr]
    if default is not _missing:
        return default
    raise AttributeError(attr)
