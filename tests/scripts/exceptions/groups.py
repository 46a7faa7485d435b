eg = ExceptionGroup("top", [ValueError(1), ExceptionGroup("in", [TypeError(2), ValueError(3)]), OSError(4)])
eg.add_note("note")
m, r = eg.split(ValueError)
print(repr(m), repr(r), m.__notes__)
print(repr(eg.subgroup((TypeError, OSError))), eg.subgroup(KeyError), eg.split(lambda e: isinstance(e, TypeError)))
for bad in (3, "x", (ValueError, 3)):
    try:
        eg.split(bad)
    except TypeError as e:
        print(e)
class My(ExceptionGroup):
    def derive(self, excs): return My(self.message, excs)
print(type(My("a", [ValueError(1), TypeError(2)]).subgroup(ValueError)).__name__)
def run(exc):
    try:
        try:
            raise exc
        except* ValueError as e:
            print("values", repr(e))
        except* TypeError as e:
            print("types", repr(e))
            raise KeyError("new")
    except BaseException as e:
        print("left", repr(e), repr(e.__context__))
    else:
        print("all handled")
run(eg)
run(ValueError("naked"))
run(OSError("other"))
run(ExceptionGroup("v", [ValueError(1)]))
run(ExceptionGroup("t", [TypeError(1), OSError(2)]))
