"""dis: minipy's own instructions, through CPython's interface."""
import dis
import io


def add(first, *rest):
    def inner():
        return first
    for item in rest:
        first += item
    try:
        return first < 10
    except TypeError as error:
        print(error)
    return inner


instructions = list(dis.get_instructions(add))
print(all(dis.opname[i.opcode] == i.opname for i in instructions), dis.opmap["LOAD_CONST"] in dis.hasconst)
# expect: True True
print([i.argval for i in instructions if i.opname == "STORE_FAST"], [i.argval for i in instructions if i.opname == "STORE_DEREF"])
# expect: ['inner', 'item', 'error', 'error', 'error'] ['first']
print([i.argrepr for i in instructions if i.opcode in dis.hascompare], [i.argrepr for i in instructions if i.opname == "BINARY_OP"])
# expect: ['<'] ['+=']
print([line for _, line in dis.findlinestarts(add.__code__)][1:6])
# expect: [7, 9, 10, 11, 12]
jumps = [i for i in instructions if i.opcode in dis.hasjrel]
starts = {i.offset for i in instructions}
print(all(i.argval in starts for i in jumps), sorted({i.argval for i in jumps}) == sorted(dis.findlabels(add.__code__)))
# expect: True True
print(all(i.is_jump_target for i in instructions if i.offset in dis.findlabels(add.__code__)))
# expect: True
print({i.positions.lineno for i in instructions if i.argval == "print"}, [i.arg for i in instructions if i.opname == "POP_TOP"][:1])
# expect: {14} [None]
out = io.StringIO()
dis.dis(add, file=out)
text = out.getvalue()
print("ExceptionTable:" in text, text.count("Disassembly of <code object inner"), "LOAD_DEREF" in text)
# expect: True 1 True
print(dis.Bytecode(add).dis() == text[:len(dis.Bytecode(add).dis())], repr(dis.Bytecode("1 + x")))
# expect: True Bytecode('1 + x')
print(*(line for line in dis.code_info(add).splitlines() if line[:5] in ("Name:", "Argum", "Flags")), sep="\n")
# expect: Name:              add
# expect: Argument count:    1
# expect: Flags:             OPTIMIZED, NEWLOCALS, VARARGS
long = compile("\n".join(f"v{i} = {i} + n" for i in range(400)), "long", "exec")
print([i.argval for i in dis.get_instructions(long) if i.opname == "STORE_NAME"] == [f"v{i}" for i in range(400)])
# expect: True
try:
    dis.dis(5)
except TypeError as error:
    print(error)
# expect: don't know how to disassemble int objects
try:
    1 // 0
except ZeroDivisionError as error:
    print("-->" in dis.Bytecode.from_traceback(error.__traceback__).dis())
# expect: True
