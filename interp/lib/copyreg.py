# SPDX-License-Identifier: BSD-2-Clause
"""How objects are taken apart and made again, for pickle and copy."""

__all__ = ["pickle", "constructor", "add_extension", "remove_extension", "clear_extension_cache"]

dispatch_table = {}
_extension_registry = {}
_inverted_registry = {}
_extension_cache = {}
_HEAPTYPE = 1 << 9


def pickle(ob_type, pickle_function, constructor_ob=None):
    if not callable(pickle_function):
        raise TypeError("reduction functions must be callable")
    dispatch_table[ob_type] = pickle_function
    if constructor_ob is not None:
        constructor(constructor_ob)


def constructor(object):
    if not callable(object):
        raise TypeError("constructors must be callable")


def __newobj__(cls, *args):
    return cls.__new__(cls, *args)


def __newobj_ex__(cls, args, kwargs):
    return cls.__new__(cls, *args, **kwargs)


def _reconstructor(cls, base, state):
    if base is object:
        return object.__new__(cls)
    made = base.__new__(cls, state)
    if base.__init__ != object.__init__:
        base.__init__(made, state)
    return made


def _slotnames(cls):
    """The slots of a class and its bases that hold state, mangled; kept in __slotnames__."""
    names = cls.__dict__.get("__slotnames__")
    if names is not None:
        return names
    names = []
    for c in cls.__mro__:
        slots = c.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name in ("__dict__", "__weakref__"):
                continue
            if name.startswith("__") and not name.endswith("__"):
                stripped = c.__name__.lstrip("_")
                name = f"_{stripped}{name}" if stripped else name
            names.append(name)
    try:
        cls.__slotnames__ = names
    except Exception:
        pass
    return names


def _default_state(obj, required=False):
    """object.__getstate__: the dict, or (dict or None, slots) where there are slots."""
    cls = type(obj)
    state = getattr(obj, "__dict__", None)
    names = _slotnames(cls)
    if required and cls.__itemsize__:
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    slots = {name: getattr(obj, name) for name in names if hasattr(obj, name)}
    if slots:
        return state or None, slots
    return state or None


def _state(obj, required=False):
    if type(obj).__getstate__ is object.__getstate__ and "__getstate__" not in getattr(obj, "__dict__", ()):
        return _default_state(obj, required)
    return obj.__getstate__()


def _solid_base(cls):
    """The nearest base that is not a class statement's."""
    for base in cls.__mro__:
        if not base.__flags__ & _HEAPTYPE:
            return base
    return object


def _reduce_ex(self, proto):
    """Protocols 0 and 1."""
    cls = type(self)
    base = _solid_base(cls)
    if base is cls:
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    state = None if base is object else base(self)
    args = cls, base, state
    try:
        getstate = self.__getstate__
    except AttributeError:
        state = getattr(self, "__dict__", None)
    else:
        if getattr(self, "__slots__", None) and type(self).__getstate__ is object.__getstate__ and \
                getattr(cls, "__getstate__", None) is object.__getstate__:
            raise TypeError(f"a class that defines __slots__ without defining __getstate__ "
                            f"cannot be pickled with protocol {proto}")
        state = getstate()
    return (_reconstructor, args, state) if state else (_reconstructor, args)


def _arguments(obj):
    """(args, kwargs or None, whether it said so) that __new__ wants."""
    cls = type(obj)
    getter = getattr(cls, "__getnewargs_ex__", None)
    if getter is not None:
        result = getter(obj)
        if not isinstance(result, tuple):
            raise TypeError(f"__getnewargs_ex__ should return a tuple, not '{type(result).__name__}'")
        if len(result) != 2:
            raise ValueError(f"__getnewargs_ex__ should return a tuple of length 2, not {len(result)}")
        args, kwargs = result
        if not isinstance(args, tuple):
            raise TypeError("first item of the tuple returned by __getnewargs_ex__ must be a tuple, "
                            f"not '{type(args).__name__}'")
        if not isinstance(kwargs, dict):
            raise TypeError("second item of the tuple returned by __getnewargs_ex__ must be a dict, "
                            f"not '{type(kwargs).__name__}'")
        return args, kwargs, True
    getter = getattr(cls, "__getnewargs__", None)
    if getter is None:
        return (), None, False
    args = getter(obj)
    if not isinstance(args, tuple):
        raise TypeError(f"__getnewargs__ should return a tuple, not '{type(args).__name__}'")
    return args, None, True


def _object_reduce(obj, proto):
    """object.__reduce_ex__ once no class has one of its own."""
    if isinstance(obj, (set, frozenset)):
        return type(obj), (list(obj),), _state(obj)
    if isinstance(obj, BaseException):
        state = _state(obj)
        return (type(obj), obj.args) if state is None else (type(obj), obj.args, state)
    if isinstance(obj, bytearray):
        return type(obj), (bytes(obj),) if obj else (), _state(obj)
    if proto < 2:
        return _reduce_ex(obj, proto)
    cls = type(obj)
    if cls.__new__ is None or isinstance(obj, type(__import__("sys"))) and cls is type(__import__("sys")):
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    args, kwargs, said = _arguments(obj)
    if not said and not cls.__flags__ & _HEAPTYPE and cls is not object:
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    state = _state(obj, not said and not isinstance(obj, (list, dict)))
    items = iter(obj) if isinstance(obj, list) else None
    pairs = iter(obj.items()) if isinstance(obj, dict) else None
    if kwargs:
        return __newobj_ex__, (cls, args, kwargs), state, items, pairs
    return __newobj__, (cls, *args), state, items, pairs


def add_extension(module, name, code):
    code = int(code)
    if not 1 <= code <= 0x7fffffff:
        raise ValueError("code out of range")
    key = module, name
    if _extension_registry.get(key) == code and _inverted_registry.get(code) == key:
        return
    if key in _extension_registry:
        raise ValueError(f"key {key} is already registered with code {_extension_registry[key]}")
    if code in _inverted_registry:
        raise ValueError(f"code {code} is already in use for key {_inverted_registry[code]}")
    _extension_registry[key] = code
    _inverted_registry[code] = key


def remove_extension(module, name, code):
    key = module, name
    if _extension_registry.get(key) != code or _inverted_registry.get(code) != key:
        raise ValueError(f"key {key} is not registered with code {code}")
    del _extension_registry[key]
    del _inverted_registry[code]
    _extension_cache.pop(code, None)


def clear_extension_cache():
    _extension_cache.clear()


pickle(complex, lambda c: (complex, (c.real, c.imag)))
