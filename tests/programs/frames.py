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
