TEXT = '{"name": "value", "list": [1, 2, 3, 45, 678], "nested": {"a": true, "b": null, "c": "text here"}, "n": 12345}'


class Parser:
    def __init__(self, text):
        self.text = text
        self.pos = 0

    def peek(self):
        text = self.text
        while text[self.pos] in " \n\t":
            self.pos += 1
        return text[self.pos]

    def value(self):
        c = self.peek()
        if c == "{":
            return self.object()
        if c == "[":
            return self.array()
        if c == '"':
            return self.string()
        start = self.pos
        while self.text[self.pos] not in ",]} ":
            self.pos += 1
        word = self.text[start : self.pos]
        if word.isdigit():
            return int(word)
        return {"true": True, "false": False, "null": None}[word]

    def string(self):
        self.pos += 1
        start = self.pos
        while self.text[self.pos] != '"':
            self.pos += 1
        self.pos += 1
        return self.text[start : self.pos - 1]

    def array(self):
        result = []
        self.pos += 1
        while self.peek() != "]":
            result.append(self.value())
            if self.peek() == ",":
                self.pos += 1
        self.pos += 1
        return result

    def object(self):
        result = {}
        self.pos += 1
        while self.peek() != "}":
            key = self.string()
            self.peek()
            self.pos += 1
            result[key] = self.value()
            if self.peek() == ",":
                self.pos += 1
        self.pos += 1
        return result


for _ in range(5000):
    data = Parser(TEXT).value()
print(data)
