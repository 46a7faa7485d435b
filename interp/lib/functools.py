# SPDX-License-Identifier: BSD-2-Clause
"""Functions that take or make functions."""
from _functools import _lru_cache_wrapper, cmp_to_key, partial, reduce

__all__ = ["update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES", "total_ordering", "cache", "cmp_to_key",
           "lru_cache", "reduce", "partial", "partialmethod", "singledispatch", "singledispatchmethod", "cached_property"]

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)
_missing = object()


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        value = getattr(wrapped, name, _missing)
        if value is not _missing:
            setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    return lambda wrapper: update_wrapper(wrapper, wrapped, assigned, updated)


class _CacheInfo(tuple):
    __slots__ = ()
    _fields = __match_args__ = ("hits", "misses", "maxsize", "currsize")

    def __new__(cls, hits, misses, maxsize, currsize):
        return tuple.__new__(cls, (hits, misses, maxsize, currsize))

    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __getnewargs__(self):
        return tuple(self)

    def _asdict(self):
        return dict(zip(self._fields, self))

    def __repr__(self):
        return "CacheInfo(hits=%r, misses=%r, maxsize=%r, currsize=%r)" % self


_CacheInfo.__name__ = _CacheInfo.__qualname__ = "CacheInfo"


def lru_cache(maxsize=128, typed=False):
    """Remembers the results of the last maxsize different calls; None: of all."""
    if isinstance(maxsize, int):
        maxsize = max(maxsize, 0)
    elif callable(maxsize) and isinstance(typed, bool):
        return _cached(maxsize, 128, typed)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")
    return lambda function: _cached(function, maxsize, typed)


def cache(user_function, /):
    """Remembers the results of all calls."""
    return lru_cache(maxsize=None)(user_function)


def _cached(function, maxsize, typed):
    wrapper = _lru_cache_wrapper(function, maxsize, typed, _CacheInfo)
    wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return update_wrapper(wrapper, function)


class cached_property:
    """A property that is computed once for each instance and then an ordinary attribute."""

    def __init__(self, func):
        self.func, self.attrname, self.__doc__ = func, None, func.__doc__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(f"Cannot assign the same cached_property to two different names ({self.attrname!r} and {name!r}).")

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        try:
            found = instance.__dict__
        except AttributeError:
            raise TypeError(f"No '__dict__' attribute on {type(instance).__name__!r} instance to cache {self.attrname!r} property.") from None
        value = found.get(self.attrname, _missing)
        if value is _missing:
            value = self.func(instance)
            try:
                found[self.attrname] = value
            except TypeError:
                raise TypeError(f"The '__dict__' attribute on {type(instance).__name__!r} instance does not support "
                                f"item assignment for caching {self.attrname!r} property.") from None
        return value

    __class_getitem__ = classmethod(type(list[int]))


class partialmethod:
    """partial() for methods: the arguments follow the instance."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        if isinstance(func, partialmethod):
            func, args, keywords = func.func, func.args + args, {**func.keywords, **keywords}
        self.func, self.args, self.keywords = func, args, keywords

    def __repr__(self):
        cls = type(self)
        parts = [repr(self.func), *map(repr, self.args), *(f"{k}={v!r}" for k, v in self.keywords.items())]
        return f"{cls.__module__}.{cls.__qualname__}({', '.join(parts)})"

    def _method(self):
        def _method(cls_or_self, /, *args, **keywords):
            return self.func(cls_or_self, *self.args, *args, **{**self.keywords, **keywords})

        _method.__isabstractmethod__ = self.__isabstractmethod__
        _method._partialmethod = self
        return _method

    def __get__(self, obj, cls=None):
        bind = getattr(self.func, "__get__", None)
        bound = bind(obj, cls) if bind is not None else self.func
        if bound is self.func:  # a plain callable, or a function reached through its class
            return self._method().__get__(obj, cls)
        result = partial(bound, *self.args, **self.keywords)
        if hasattr(bound, "__self__"):
            result.__self__ = bound.__self__
        return result

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)

    __class_getitem__ = classmethod(type(list[int]))


def _place(cls, base):
    """How far base is from cls: its place in the MRO, or behind the last class there that is a base by registration,
    and behind the abstract classes that this one names as its own bases, but before a base of its own."""
    mro = cls.__mro__
    if base in mro:
        return mro.index(base)
    nearest = max(i for i, c in enumerate(mro) if issubclass(c, base))
    named = mro[nearest].__bases__
    while named and not hasattr(named[-1], "__abstractmethods__"):
        named = named[:-1]
    behind = max(nearest, *map(mro.index, named), -1) + 0.5
    return min([behind, *(i - 0.5 for i, c in enumerate(mro[:-1]) if i > nearest and issubclass(base, c))])


def _best(cls, registry):
    """Of the classes in registry the one that fits cls best."""
    candidates = [base for base in registry if issubclass(cls, base)]
    if not candidates:
        return None
    nearest = min(_place(cls, base) for base in candidates)
    rivals = [base for base in candidates if _place(cls, base) == nearest]
    best = rivals[0]
    for rival in rivals[1:]:
        if issubclass(rival, best):
            best = rival
    for rival in rivals:
        if not issubclass(best, rival):
            raise RuntimeError(f"Ambiguous dispatch: {best} or {rival}")
    return best


def _classes(annotation):
    """The classes that a class or a union of classes stands for, or None."""
    members = annotation.__args__ if isinstance(annotation, type(int | str)) else (annotation,)
    if all(isinstance(m, type) and not isinstance(m, type(list[int])) for m in members):
        return members
    return None


def _first_hint(func):
    """(name, annotation) of the first annotated parameter."""
    name, hint = next(iter(func.__annotations__.items()))
    if isinstance(hint, str):
        hint = eval(hint, getattr(func, "__globals__", {}))
    return name, hint


def singledispatch(func):
    """Turns a function into one whose implementation depends on the class of the first argument."""
    from weakref import WeakKeyDictionary
    try:
        from abc import get_cache_token
    except ImportError:
        get_cache_token = int
    registry, cache, token = {}, WeakKeyDictionary(), get_cache_token()

    def dispatch(cls):
        """The implementation for the class."""
        nonlocal token
        if token != get_cache_token():
            cache.clear()
            token = get_cache_token()
        found = cache.get(cls)
        if found is None:
            found = cache[cls] = registry.get(cls) or registry.get(_best(cls, registry))
        return found

    def register(cls, func=None):
        """register(cls, func), or as a decorator @register(cls), or @register of an annotated function."""
        classes = _classes(cls)
        if classes is not None and func is None:
            return lambda f: register(cls, f)
        if classes is None:
            if func is not None:
                raise TypeError(f"Invalid first argument to `register()`. {cls!r} is not a class or union type.")
            if not getattr(cls, "__annotations__", {}):
                raise TypeError(f"Invalid first argument to `register()`: {cls!r}. Use either `@register(some_class)` "
                                "or plain `@register` on an annotated function.")
            func = cls
            name, hint = _first_hint(func)
            classes = _classes(hint)
            if classes is None:
                what = "not all arguments are classes" if hasattr(hint, "__args__") and type(hint).__name__ != "GenericAlias" else "is not a class"
                raise TypeError(f"Invalid annotation for {name!r}. {hint!r} {what}.")
        for each in classes:
            registry[each] = func
        cache.clear()
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError(f"{name} requires at least 1 positional argument")
        return dispatch(args[0].__class__)(*args, **kw)

    name = getattr(func, "__name__", "singledispatch function")
    registry[object] = func
    wrapper.register, wrapper.dispatch, wrapper._clear_cache = register, dispatch, cache.clear
    wrapper.registry = type(type.__dict__)(registry)
    return update_wrapper(wrapper, func)


class singledispatchmethod:
    """singledispatch() for methods and other descriptors: by the first argument after the instance."""

    def __init__(self, func):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        self.func, self.dispatcher = func, singledispatch(func)

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def _method(*args, **kwargs):
            return self.dispatcher.dispatch(args[0].__class__).__get__(obj, cls)(*args, **kwargs)

        _method.__isabstractmethod__ = self.__isabstractmethod__
        _method.register = self.register
        return update_wrapper(_method, self.func)

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, "__isabstractmethod__", False)


def _derived(name, root):
    """__NAME__ of two operands, from the root comparison and ==."""
    strict = root in ("__lt__", "__gt__")

    def compare(self, other):
        result = getattr(type(self), root)(self, other)
        if result is NotImplemented:
            return result
        if name[2] == root[2]:  # lt from le, le from lt
            return (result or self == other) if strict else (result and self != other)
        if strict:  # gt from lt: not less and not equal; ge from lt: not less
            return not result and self != other if name[3] == "t" else not result
        return not result if name[3] == "t" else not result or self == other

    compare.__name__ = name
    compare.__doc__ = getattr(int, name).__doc__
    return compare


def total_ordering(cls):
    """Fills in the comparisons that a class with one of them and __eq__ lacks."""
    names = ("__lt__", "__le__", "__gt__", "__ge__")
    roots = [name for name in names if getattr(cls, name) is not getattr(object, name)]
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(roots)
    for name in names:
        if name not in roots:
            setattr(cls, name, _derived(name, root))
    return cls
