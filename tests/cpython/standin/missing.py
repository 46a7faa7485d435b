"""A module that cannot be imported stands as an object that says so when it is used."""


class Missing:
    def __init__(self, name, error):
        self.__dict__.update(name=name, error=error)

    def __getattr__(self, attribute):
        raise ImportError(f"{self.name}: {self.error}")

    def __call__(self, *args, **kwargs):
        raise ImportError(f"{self.name}: {self.error}")


def bind(namespace, error, *names):
    for name in names:
        top = name.split(".")[0]
        if top in namespace:
            continue
        try:
            namespace[top] = __import__(top)
        except Exception:
            namespace[top] = Missing(name, error)
