"""A second Python as a library: two_pythons.py LIBPYTHON HOME. From 2.7 on, both.

The second one calls back into the first, which waits for ever. A line "FRAMES n [...]" is what each says of itself.
"""
import ctypes
import os
import sys
import time

RTLD_DEEPBIND = 8  # its names before ours
INNER = """
import sys

def frames(frame):
    chain = []
    while frame:
        chain.append((frame.f_code.co_name, frame.f_lineno + 2 * (not chain)))
        frame = frame.f_back
    return chain

def inner(text):
    sys.stdout.write("FRAMES 1 %r\\n" % frames(sys._getframe()))
    sys.stdout.flush()
    back()

def entered():
    inner("in the second")

entered()
"""


def frames(frame):
    chain = []
    while frame:
        chain.append((frame.f_code.co_name, frame.f_lineno + 3 * (not chain)))
        frame = frame.f_back
    return chain


def wait(text):
    sys.stdout.write("FRAMES 0 %r\n" % frames(sys._getframe()))
    sys.stdout.write("READY\n")
    sys.stdout.flush()
    time.sleep(1e6)


def back(module, args):
    wait("in the first")


class Method(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("call", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p)]


def main():
    second = ctypes.PyDLL(sys.argv[1], mode=RTLD_DEEPBIND)
    os.environ["PYTHONHOME"] = sys.argv[2]
    ctypes.c_int.in_dll(second, "Py_NoSiteFlag").value = 1
    second.Py_InitializeEx(0)
    call = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(back)
    method = Method(b"back", ctypes.cast(call, ctypes.c_void_p), 4, None)
    for name in "PyCFunction_NewEx", "PyImport_AddModule":
        getattr(second, name).restype = ctypes.c_void_p
    function = second.PyCFunction_NewEx(ctypes.byref(method), None, None)
    space = ctypes.c_void_p(second.PyImport_AddModule(b"__main__"))
    second.PyObject_SetAttrString(space, b"back", ctypes.c_void_p(function))
    second.PyRun_SimpleString(INNER.encode())


main()
