# The side that holds the answer's code: runs it, then calls its function with the arguments that come in, a line each, and sends back what it
# returns. The code may do here what it likes; all that it can change is what is sent back, which the other side compares.
import ast, json, os, sys


def take_wire():
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    read, write = os.pipe()
    os.close(write)
    os.dup2(read, 0)        # an input that has ended
    os.close(read)
    os.dup2(2, 1)           # what the code prints is no message
    return incoming, outgoing


def pack(value):
    """A plain value as a literal; subclasses as what they are based on."""
    if value is None or isinstance(value, bool):
        return ascii(value)
    if isinstance(value, int):
        return ascii(int(value))
    if isinstance(value, float):
        return ascii(float(value)).replace("inf", "1e999")
    for kind in (str, bytes, complex):
        if isinstance(value, kind):
            return ascii(kind(value))
    if isinstance(value, list):
        return "[" + ",".join(map(pack, value)) + "]"
    if isinstance(value, tuple):
        return "(" + "".join(pack(item) + "," for item in value) + ")"
    if isinstance(value, (set, frozenset)):
        return "{" + ",".join(map(pack, value)) + "}" if value else "set()"
    if isinstance(value, dict):
        return "{" + ",".join(pack(key) + ":" + pack(item) for key, item in value.items()) + "}"
    raise TypeError("a value of the type " + type(value).__name__ + " cannot be compared here")


def complete(job):
    """A whole program with the function, or one that goes on where the prompt stops."""
    problem = None
    for source in (job["Code"], job["Prompt"] + job["Code"]):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError) as error:
            problem = problem or error
            continue
        if any(getattr(part, "name", None) == job["EntryPoint"] for part in tree.body) or job["EntryPoint"] in {
            target.id for part in tree.body if isinstance(part, ast.Assign) for target in part.targets if isinstance(target, ast.Name)
        }:
            return source
    raise problem or NameError("it has no function " + job["EntryPoint"])


def main():
    incoming, outgoing = take_wire()

    def send(kind, text):
        outgoing.write((kind + " " + text + "\n").encode("ascii"))
        outgoing.flush()

    job = json.loads(incoming.readline())
    names = {"__name__": "answer"}
    try:
        try:
            exec(compile(job["Prompt"], "<prompt>", "exec"), names)     # its helpers, which answers need not repeat
        except SyntaxError:
            pass                                                        # a head without a body
        exec(compile(complete(job), "<answer>", "exec"), names)
        function = names[job["EntryPoint"]]
    except BaseException as error:
        send("x", ascii("the code raised " + type(error).__name__ + ": " + str(error)[:200]))
        return
    send("r", "''")
    for line in incoming:
        try:
            arguments, named = ast.literal_eval(line.decode("ascii"))
            reply = pack(function(*arguments, **named))
        except BaseException as error:
            send("x", ascii("the code raised " + type(error).__name__ + ": " + str(error)[:200]))
        else:
            send("v", reply)


main()
