def kind(source):
    try:
        compile(source, "<test>", "exec")
        return "ok"
    except (SyntaxError, RecursionError, MemoryError) as e:
        return type(e).__name__


n = 100000
print(kind("(" * n + ")" * n), kind("[" * n), kind("-" * n + "1"), kind("lambda:" * n + "1"), kind("x" + ".x" * n))
print(kind("1" + "+1" * n), kind("not " * n + "1"), kind("".join(" " * i + "if 1:\n" for i in range(200))), kind("x" + "[0]" * n))
print(kind("(" * 150 + ")" * 150), kind("x = " * 500 + "1"), kind("1" + "+1" * 500), kind("f" + "()" * 500))
