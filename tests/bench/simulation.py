"""Events in order of time: a heap of tuples, objects that schedule one another."""


class Heap:
    def __init__(self):
        self.items = []

    def push(self, item):
        items = self.items
        items.append(item)
        i = len(items) - 1
        while i and items[(i - 1) // 2] > items[i]:
            items[i], items[(i - 1) // 2] = items[(i - 1) // 2], items[i]
            i = (i - 1) // 2

    def pop(self):
        items = self.items
        last = items.pop()
        if not items:
            return last
        first, items[0] = items[0], last
        i, n = 0, len(items)
        while 2 * i + 1 < n:
            child = 2 * i + 1
            if child + 1 < n and items[child + 1] < items[child]:
                child += 1
            if items[i] <= items[child]:
                break
            items[i], items[child] = items[child], items[i]
            i = child
        return first


class Machine:
    def __init__(self, number):
        self.number, self.done = number, 0

    def work(self, now, events):
        self.done += 1
        events.push((now + 1 + (self.number * 7919 + self.done * 104729) % 97, self.number))


events = Heap()
machines = [Machine(n) for n in range(40)]
for machine in machines:
    machine.work(0, events)
for _ in range(25000):
    now, number = events.pop()
    machines[number].work(now, events)
print(now, sum(m.done for m in machines), machines[7].done)
