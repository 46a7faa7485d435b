# SPDX-License-Identifier: BSD-2-Clause
"""Abstract base classes."""
from weakref import WeakSet as _WeakSet

_registrations = 0  # since when a negative answer holds


def abstractmethod(funcobj):
    """Marks what a class that can be instantiated has to override."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractclassmethod(classmethod):
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractstaticmethod(staticmethod):
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractproperty(property):
    __isabstractmethod__ = True


def get_cache_token():
    """Changes with each registration."""
    return _registrations


def _abstract_names(cls, namespace):
    names = {name for name, value in namespace.items() if getattr(value, "__isabstractmethod__", False)}
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if getattr(getattr(cls, name, None), "__isabstractmethod__", False):
                names.add(name)
    return frozenset(names)


def update_abstractmethods(cls):
    """Recomputes what is abstract in a class that was changed."""
    if hasattr(cls, "__abstractmethods__"):
        cls.__abstractmethods__ = _abstract_names(cls, cls.__dict__)
    return cls


class _State:
    __slots__ = "registry", "yes", "no", "no_since"

    def __init__(self):
        self.registry, self.yes, self.no = _WeakSet(), _WeakSet(), _WeakSet()
        self.no_since = _registrations


class ABCMeta(type):
    """Metaclass of classes that may declare methods abstract and be asked about classes that know nothing of them."""

    def __new__(mcls, name, bases, namespace, /, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        cls.__abstractmethods__ = _abstract_names(cls, namespace)
        cls._abc_impl = _State()
        return cls

    def register(cls, subclass):
        """Makes a class a virtual subclass."""
        global _registrations
        if not isinstance(subclass, type):
            raise TypeError("Can only register classes")
        if issubclass(subclass, cls):
            return subclass
        if issubclass(cls, subclass):
            raise RuntimeError("Refusing to create an inheritance cycle")
        cls._abc_impl.registry.add(subclass)
        _registrations += 1
        if hasattr(cls, "__abc_tpflags__"):  # what match statements ask for
            try:
                type.__setattr__(subclass, "__abc_tpflags__", cls.__abc_tpflags__)
            except TypeError:
                pass  # a built-in type is known
        return subclass

    def _dump_registry(cls, file=None):
        print(f"Class: {cls.__module__}.{cls.__qualname__}", file=file)
        print(f"Inv. counter: {get_cache_token()}", file=file)
        state = cls._abc_impl
        print(f"_abc_registry: {set(state.registry)!r}", file=file)
        print(f"_abc_cache: {set(state.yes)!r}", file=file)
        print(f"_abc_negative_cache: {set(state.no)!r}", file=file)
        print(f"_abc_negative_cache_version: {state.no_since!r}", file=file)

    def _abc_registry_clear(cls):
        cls._abc_impl.registry.clear()

    def _abc_caches_clear(cls):
        cls._abc_impl.yes.clear()
        cls._abc_impl.no.clear()

    def __instancecheck__(cls, instance):
        """isinstance(instance, cls)"""
        subclass = instance.__class__
        if subclass in cls._abc_impl.yes:
            return True
        kind = type(instance)
        if kind is subclass:
            return cls.__subclasscheck__(subclass)
        return cls.__subclasscheck__(subclass) or cls.__subclasscheck__(kind)

    def __subclasscheck__(cls, subclass):
        """issubclass(subclass, cls)"""
        if not isinstance(subclass, type):
            raise TypeError("issubclass() arg 1 must be a class")
        state = cls._abc_impl
        if subclass in state.yes:
            return True
        if state.no_since < _registrations:
            state.no = _WeakSet()
            state.no_since = _registrations
        elif subclass in state.no:
            return False
        answer = cls.__subclasshook__(subclass)
        if answer is NotImplemented:
            answer = (cls in getattr(subclass, "__mro__", ())
                      or any(issubclass(subclass, other) for other in list(state.registry))
                      or any(issubclass(subclass, other) for other in cls.__subclasses__()))
        elif not isinstance(answer, bool):
            raise AssertionError("__subclasshook__ must return either False, True, or NotImplemented")
        (state.yes if answer else state.no).add(subclass)
        return answer


class ABC(metaclass=ABCMeta):
    """An abstract class by inheritance."""
    __slots__ = ()
