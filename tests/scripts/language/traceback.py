# stderr: exact
class Thing:
    def method(self, value):
        return self.other(
            value,
            key=1,
        )

    def other(self, value, key):
        return value[
            key
        ] + undefined


def go():
    try:
        {}["missing"]
    except KeyError as e:
        raise ValueError("bad") from e


try:
    go()
except ValueError:
    Thing().method("ab")
