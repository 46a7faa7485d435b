# SPDX-License-Identifier: BSD-2-Clause
"""Names of the built-in types that have none among the builtins, and classes made at run time."""
import sys as _sys


def _function():
    cell = 1

    def inner():
        return cell
    yield inner


async def _coroutine():
    pass


async def _async_generator():
    yield


FunctionType = LambdaType = type(_function)
CodeType = type(_function.__code__)
MappingProxyType = type(type.__dict__)
SimpleNamespace = type(_sys.implementation)
GeneratorType = type(_function())
CellType = type(next(_function()).__closure__[0])
_c = _coroutine()
CoroutineType = type(_c)
_c.close()
AsyncGeneratorType = type(_async_generator())
MethodType = type((lambda self: 0).__get__(1))
BuiltinFunctionType = BuiltinMethodType = type(len)
WrapperDescriptorType = type(object.__init__)
MethodWrapperType = type(object().__str__)
MethodDescriptorType = type(str.join)
ClassMethodDescriptorType = type(dict.__dict__["fromkeys"])
ModuleType = type(_sys)
try:
    raise TypeError
except TypeError as _e:
    TracebackType = type(_e.__traceback__)
    FrameType = type(_e.__traceback__.tb_frame)
GetSetDescriptorType = type(FunctionType.__dict__["__code__"])
MemberDescriptorType = type(FunctionType.__dict__["__globals__"])
GenericAlias = type(list[int])
UnionType = type(int | str)
EllipsisType = type(Ellipsis)
NoneType = type(None)
NotImplementedType = type(NotImplemented)
del _function, _coroutine, _async_generator, _c


def new_class(name, bases=(), kwds=None, exec_body=None):
    """A class as a class statement makes it; exec_body fills the namespace."""
    resolved = resolve_bases(bases)
    meta, namespace, words = prepare_class(name, resolved, kwds)
    if exec_body is not None:
        exec_body(namespace)
    if resolved is not bases:
        namespace["__orig_bases__"] = bases
    return meta(name, resolved, namespace, **words)


def resolve_bases(bases):
    """The bases with what their __mro_entries__ say in their place."""
    resolved = []
    changed = False
    for base in bases:
        if isinstance(base, type) or not hasattr(base, "__mro_entries__"):
            resolved.append(base)
            continue
        changed = True
        entries = base.__mro_entries__(bases)
        if not isinstance(entries, tuple):
            raise TypeError("__mro_entries__ must return a tuple")
        resolved.extend(entries)
    return tuple(resolved) if changed else bases


def prepare_class(name, bases=(), kwds=None):
    """(metaclass, namespace, keywords without metaclass) of a class to be."""
    words = dict(kwds or ())
    if "metaclass" in words:
        meta = words.pop("metaclass")
    else:
        meta = type(bases[0]) if bases else type
    if isinstance(meta, type):
        for base in bases:
            other = type(base)
            if issubclass(other, meta):
                meta = other
            elif not issubclass(meta, other):
                raise TypeError("metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                                "subclass of the metaclasses of all its bases")
    prepare = getattr(meta, "__prepare__", None)
    return meta, prepare(name, bases, **words) if prepare else {}, words


class DynamicClassAttribute:
    """A property of instances; of the class itself, __getattr__ of the metaclass decides."""

    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget, self.fset, self.fdel = fget, fset, fdel
        self.overwrite_doc = doc is None
        self.__doc__ = fget.__doc__ if doc is None and fget else doc
        self.__isabstractmethod__ = bool(getattr(fget, "__isabstractmethod__", False))

    def __get__(self, instance, owner=None):
        if instance is None:
            if self.__isabstractmethod__:
                return self
            raise AttributeError
        if self.fget is None:
            raise AttributeError("unreadable attribute")
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError("can't delete attribute")
        self.fdel(instance)

    def getter(self, fget):
        result = type(self)(fget, self.fset, self.fdel, fget.__doc__ if self.overwrite_doc else self.__doc__)
        result.overwrite_doc = self.overwrite_doc
        return result

    def setter(self, fset):
        result = type(self)(self.fget, fset, self.fdel, self.__doc__)
        result.overwrite_doc = self.overwrite_doc
        return result

    def deleter(self, fdel):
        result = type(self)(self.fget, self.fset, fdel, self.__doc__)
        result.overwrite_doc = self.overwrite_doc
        return result


class _GeneratorWrapper:
    """A generator-like object of another type, made awaitable."""

    def __init__(self, gen):
        self._wrapped = gen
        self.__name__ = getattr(gen, "__name__", None)
        self.__qualname__ = getattr(gen, "__qualname__", None)

    def send(self, value):
        return self._wrapped.send(value)

    def throw(self, *args):
        return self._wrapped.throw(*args)

    def close(self):
        return self._wrapped.close()

    def __next__(self):
        return next(self._wrapped)

    def __iter__(self):
        return self

    __await__ = __iter__


def coroutine(func):
    """Makes a generator function one whose generators can be awaited."""
    if not callable(func):
        raise TypeError("types.coroutine() expects a callable")
    if isinstance(func, FunctionType):
        flags = func.__code__.co_flags
        if flags & 0x180:  # CO_COROUTINE, CO_ITERABLE_COROUTINE
            return func
        if flags & 0x20:  # CO_GENERATOR
            func.__code__ = func.__code__.replace(co_flags=flags | 0x100)
            return func
    import functools

    @functools.wraps(func)
    def wrapped(*args, **kwargs):
        made = func(*args, **kwargs)
        if isinstance(made, (CoroutineType, _GeneratorWrapper)):
            return made
        if isinstance(made, GeneratorType) and made.gi_code.co_flags & 0x100:
            return made
        if hasattr(made, "send") and hasattr(made, "throw") and not hasattr(made, "__await__"):
            return _GeneratorWrapper(made)
        return made
    return wrapped


__all__ = [name for name in globals() if name[:1] != "_"]
