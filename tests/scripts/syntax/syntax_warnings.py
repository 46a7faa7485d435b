import warnings
for src in ['1 is x','x is not ()','x is None','assert (1,2)','assert (x, "msg")','1(2)','[1](2)','"a"(3)','f"{x}"()','{1}[2]','(1,2)["a"]','[1]["b"]','"abc"[1.5]','None[1]','(lambda: 1)[2]','"abc"[1]','[1][1:2]','{1:2}["a"]', '(x for x in y)[1]', 'x < 1 is y', '"a" "b"[x]', '[1, (2,3) (4,5)]', '[[1,2] [3,4]]']:
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter('always')
        compile(src, '<s>', 'exec')
    print(src, [(str(x.message), x.category.__name__, x.filename, x.lineno) for x in w])
    with warnings.catch_warnings():
        warnings.simplefilter('error', SyntaxWarning)
        try: compile(src, '<s>', 'exec')
        except SyntaxError as e: print(e, e.lineno, e.offset, e.end_offset)
def g(): warnings.warn('deprecated!', DeprecationWarning, stacklevel=2)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    g()
    warnings.warn('u')
print([(str(x.message), x.category.__name__, x.lineno) for x in w])
with warnings.catch_warnings():
    warnings.simplefilter('error')
    try: warnings.warn('zzz')
    except UserWarning as e: print(repr(e))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('default')
    for i in range(3): warnings.warn('once')
print(len(w))
print(warnings.formatwarning('m', UserWarning, 'nofile', 3), end='')
