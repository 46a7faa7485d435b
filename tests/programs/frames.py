"""One scene for each way a Python frame comes to be; each scene ends in a thread that waits for ever.

frames.py NAME     that scene in the main thread
frames.py all      each scene in a thread of its name, and the first one in the main thread
Only what every runtime under test understands; scenes that need more are in threads.py.
"""
import sys
import threading

import truth

NEVER = threading.Lock()
NEVER.acquire()
SCENES = {}


def scene(function):
    SCENES[function.__name__] = function
    return function


def hold(*_):
    NEVER.acquire()


@scene
def plain():
    one, two = 1, "two"
    hold(one, two)


@scene
def nested_generators():
    def inner(limit):
        for number in range(limit):
            yield hold(number)

    def middle():
        yield 0
        yield from inner(3)

    def outer():
        for item in middle():
            yield item

    for item in outer():
        pass


@scene
def generator_expression():
    return sum(hold(item) for item in [1, 2])


@scene
def class_body():
    class Outer:
        first = 1

        class Inner:
            second = hold()


@scene
def closure():
    base = 10

    def add(number, scale=2):
        total = base + number * scale

        def show():
            hold(total, base)
        return show()
    add(5)


@scene
def decorator():
    def decorate(text):
        def wrap(function):
            hold(text)
            return function
        return wrap

    @decorate(
        "text",
    )
    def decorated():
        pass


@scene
def decorated_call():
    def twice(function):
        def wrapper(*args, **kwargs):
            function(*args, **kwargs)
            return function(*args, **kwargs)
        return wrapper

    @twice
    def work(number, *, key):
        if calls:
            hold()
        calls.append(number)

    calls = []
    work(1, key="k")


@scene
def lambdas():
    call = lambda a, *rest, **named: hold(a)
    (lambda function: function(1, 2, 3, z=4))(call)


@scene
def comprehension():
    return [[hold(x, y)
             for y in range(2)]
            for x in range(2)]


@scene
def dict_comprehension():
    return {key: hold(key) for key in ("a", "b")}


@scene
def multi_line_call():
    def first(number):
        return number

    def second(*numbers):
        return hold(
            numbers,
        )

    return first(
        first(1),
    ) + first(
        second(
            first(2),
            3
        ),
    )


@scene
def multi_line_expression():
    value = 1
    return (value +
            value *
            hold() -
            3)


@scene
def loops():
    count = 0
    while True:
        for letter in "abc":
            count += 1
            if count == 5:
                hold()


@scene
def deep():
    def down(levels):
        if levels == 0:
            return hold()
        return down(levels - 1)
    down(90)


@scene
def mutual():
    def even(n):
        return hold() if n == 0 else odd(n - 1)

    def odd(n):
        return even(n - 1)
    even(8)


class Guard:
    def __init__(self, *when):
        self.when = when

    def reach(self, what):
        if what in self.when:
            hold()
        return self

    def __enter__(self):
        return self.reach("enter")

    def __exit__(self, *exception):
        self.reach("exit")

    def __call__(self, number):
        return self.reach("call")

    def __getattr__(self, name):
        return self.reach("getattr")

    def __add__(self, other):
        return self.reach("add")

    def __getitem__(self, key):
        return self.reach("getitem")

    def __len__(self):
        self.reach("len")
        return 1

    @property
    def prop(self):
        return self.reach("prop")

    @staticmethod
    def static(number):
        hold(number)

    @classmethod
    def of_class(cls, number):
        hold(number)


class Child(Guard):
    def __init__(self, *when):
        super().__init__(*when)
        self.reach("init")

    def reach(self, what):
        return super().reach(what)


@scene
def in_except():
    try:
        raise ValueError("boom")
    except ValueError as error:
        with Guard():
            hold()


@scene
def in_finally():
    try:
        return 1
    finally:
        hold()


@scene
def in_with_exit():
    with Guard("exit"):
        inside = 1


@scene
def in_with_enter():
    with Guard(), Guard("enter") as second:
        pass


@scene
def in_init():
    Child("init")


@scene
def in_call():
    Child("call")(1)


@scene
def in_getattr():
    Guard("getattr").missing


@scene
def in_operator():
    Guard("add") + 1


@scene
def in_getitem():
    Child("getitem")["key"]


@scene
def in_len():
    len(Child("len"))


@scene
def in_property():
    Child("prop").prop


@scene
def in_static():
    Guard.static(1)


@scene
def in_class_method():
    Child.of_class(1)


@scene
def sort_key():
    def callback(item):
        return hold(item)
    sorted([3, 1, 2], key=callback)


@scene
def map_function():
    def callback(item):
        return hold(item)
    list(map(callback, [1]))


@scene
def many_arguments():
    def callee(a, b=2, *args, c, d=4, **kwargs):
        e = a + b + c + d
        hold()
    callee(1, *(20, 30, 40), c=3, **{"x": 5, "y": 6})


@scene
def in_format():
    return f"{1}{hold()}"


@scene
def in_assert():
    number = 1
    assert number == 2, hold(
        number)


class Waited:
    """What a coroutine waits for: hold() below a coroutine's frames, or what ends it at once."""

    def __init__(self, *held):
        self.held = held

    def __await__(self):
        if self.held:
            hold(*self.held)
        return self
        yield

    async def __aenter__(self):
        return await self

    async def __aexit__(self, *exception):
        await Waited("exit")


def run(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration:
        pass


@scene
def coroutine():
    async def inner(number):
        await Waited()
        return await Waited(number)

    async def outer(text):
        return await inner(len(text))

    run(outer("abc"))


@scene
def async_generator():
    async def numbers(limit):
        for number in range(limit):
            await Waited()
            yield number
            await Waited(number)

    async def consume():
        async for number in numbers(2):
            doubled = number * 2

    run(consume())


@scene
def async_generator_closed():
    async def numbers():
        try:
            yield 1
        finally:
            await Waited("finally")

    async def consume():
        generator = numbers()
        first = await generator.asend(None)
        await generator.aclose()

    run(consume())


@scene
def async_generator_thrown():
    async def numbers():
        try:
            yield 1
        except ValueError as error:
            await Waited(*error.args)

    async def consume():
        generator = numbers()
        async for number in generator:
            await generator.athrow(ValueError("thrown"))

    run(consume())


@scene
def async_with_exit():
    async def body():
        async with Waited() as first, Waited():
            inside = 1

    run(body())


@scene
def async_with_enter():
    async def body():
        async with Waited(), Waited("enter"):
            inside = 1

    run(body())


@scene
def async_iterator():
    class Numbers:
        def __aiter__(self):
            return self

        async def __anext__(self):
            await Waited("next")

    async def body(numbers):
        async for number in numbers:
            pass

    run(body(Numbers()))


@scene
def async_comprehension():
    async def numbers():
        yield 1
        yield 2

    async def body():
        return [number
                async for number in numbers()
                if await Waited(number)]

    run(body())


@scene
def generator_thrown():
    def numbers():
        try:
            yield 1
        except KeyError as error:
            hold(error.args)

    generator = numbers()
    next(generator)
    generator.throw(KeyError("key"))


@scene
def generator_closed():
    def inner():
        try:
            yield 1
        finally:
            hold()

    def outer():
        yield from inner()

    generator = outer()
    next(generator)
    generator.close()


@scene
def generator_dropped():
    def numbers():
        try:
            yield 1
        finally:
            hold()

    generator = numbers()
    next(generator)
    del generator


@scene
def generators_deep():
    def down(levels):
        if levels:
            yield from down(levels - 1)
        else:
            yield hold()

    for item in down(80):
        pass


@scene
def dynamic():
    names = {"hold": hold}
    exec("def made(number):\n    below = number - 1\n    eval('hold(below)', dict(globals(), below=below))\n\n"
         "class Made:\n    made(\n        2)\n", names)


@scene
def exceptions_chained():
    def first():
        raise KeyError("first")

    def second():
        try:
            first()
        except KeyError as error:
            raise ValueError("second") from error

    try:
        try:
            second()
        finally:
            third = 3
    except (TypeError, ValueError) as error:
        caught = str(error)
        hold(caught)


class Meta(type):
    def __new__(cls, name, bases, body, **words):
        return super().__new__(cls, name, bases, body)

    def __init__(cls, name, bases, body, **words):
        super().__init__(name, bases, body)
        if "init" in words:
            hold()

    def __call__(cls, *numbers):
        hold(*numbers)


class Noted:
    def __set_name__(self, owner, name):
        hold(name)


class Base:
    def __init_subclass__(cls, **words):
        hold(words)


@scene
def metaclass_init():
    class Made(metaclass=Meta, init=True):
        pass


@scene
def metaclass_call():
    class Made(metaclass=Meta):
        pass

    Made(1, 2)


@scene
def set_name():
    class Made:
        attribute = Noted()


@scene
def init_subclass():
    class Made(Base, word="word"):
        pass


class Key:
    def __init__(self, held):
        self.held = held

    def __hash__(self):
        if self.held == "hash":
            hold()
        return 1

    def __eq__(self, other):
        return hold(self.held == "equal")

    def __del__(self):
        if self.held == "del":
            hold()

    def __iter__(self):
        return self

    def __next__(self):
        return hold()

    def __format__(self, spec):
        return hold(spec)

    def __bool__(self):
        return hold() is None


@scene
def in_hash():
    {Key("hash"): 1}


@scene
def in_equal():
    {Key("equal"): 1,
     Key("equal"): 2}


@scene
def in_finalizer():
    key = Key("del")
    key = None


@scene
def in_next():
    first, *rest = Key(None)


@scene
def in_format_method():
    return f"{Key(None):>{10}}"


@scene
def in_bool():
    if not Key(None):
        pass


def main():
    wanted = sys.argv[1]
    if wanted == "all":
        for name in SCENES:
            threading.Thread(target=SCENES[name], name=name, daemon=True).start()
        wanted = "plain"
    truth.watch()
    SCENES[wanted]()


if __name__ == "__main__":
    main()
