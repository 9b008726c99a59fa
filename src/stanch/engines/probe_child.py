"""Runs inside the traced application's own interpreter: lists its routes, and who reads an attribute while requests are served.

Stands alone: imports nothing but the standard library, because stanch is not installed there. Takes a job as JSON on standard input, gives JSON on standard output.
No value that the application handles is given: names, files and lines only. Sockets to other machines are refused.
"""

import ast
import asyncio
import importlib
import io
import json
import os
import socket
import sys

MAX_READS = 40
MAX_FRAMES = 60


def main():
    out = os.dup(1)
    os.dup2(2, 1)
    job = json.load(sys.stdin)
    refuse_network()
    sys.path.insert(0, job["root"])
    for folder in job["paths"]:
        sys.path.insert(0, folder)
    app = load(job["app"])
    answer = {"routes": routes(app, job["root"]), "reads": reads(app, job) if job["requests"] else []}
    with os.fdopen(out, "w") as stream:
        json.dump(answer, stream)


def refuse_network():
    def refused(self, address, *rest):
        raise OSError("the network is closed while an application is looked into")

    socket.socket.connect = refused
    socket.socket.connect_ex = refused


def load(target):
    """Import ``module:expression``; ``django:settings.module`` sets Django up."""
    module, _, expression = target.partition(":")
    if module == "django":
        os.environ["DJANGO_SETTINGS_MODULE"] = expression
        return importlib.import_module("django.core.wsgi").get_wsgi_application()
    found = importlib.import_module(module)
    tree = ast.parse(expression, mode="eval").body
    app = getattr(found, (tree.func if isinstance(tree, ast.Call) else tree).id)
    if isinstance(tree, ast.Call):
        app = app(*map(ast.literal_eval, tree.args), **{k.arg: ast.literal_eval(k.value) for k in tree.keywords})
    return app


def routes(app, root):
    if hasattr(app, "url_map") and hasattr(app, "view_functions"):
        return [
            row(sorted(rule.methods - {"HEAD", "OPTIONS"}), rule.rule, app.view_functions[rule.endpoint], root) for rule in app.url_map.iter_rules()
        ]
    if hasattr(app, "routes"):
        return list(starlette(app.routes, "", root))
    if "django" in sys.modules:
        resolver = importlib.import_module("django.urls").get_resolver()
        return list(django(resolver.url_patterns, "", root))
    return []


def starlette(listed, above, root):
    for route in listed:
        path = above + getattr(route, "path", "")
        if getattr(route, "endpoint", None) is not None and not getattr(route, "routes", None):
            yield row(sorted(getattr(route, "methods", None) or ["GET"]), path, route.endpoint, root)
        yield from starlette(getattr(route, "routes", None) or [], path, root)


def django(patterns, above, root):
    for item in patterns:
        path = above + str(item.pattern)
        if hasattr(item, "url_patterns"):
            yield from django(item.url_patterns, path, root)
        else:
            view = item.callback
            actions = getattr(view, "actions", None) or {}
            for method, action in actions.items() or [("*", "")]:
                yield row([method.upper()], path, view, root, action)


def row(methods, template, view, root, action=""):
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    code = getattr(getattr(view, "__func__", view), "__code__", None)
    target = cls or view
    file = sys.modules[cls.__module__].__file__ if cls else code.co_filename if code else ""
    return {
        "methods": methods,
        "template": template,
        "file": inside(file, root),
        "symbol": target.__qualname__.replace("<locals>.", "") if hasattr(target, "__qualname__") else "",
        "is_class": cls is not None,
        "action": action,
    }


def inside(file, root):
    real = os.path.realpath(file or "")
    base = os.path.realpath(root) + os.sep
    return os.path.relpath(real, base) if real.startswith(base) and "site-packages" not in real else ""


class Watch:
    """Patches the leaking classes, and notes the application's frames whenever a leaking attribute is read."""

    def __init__(self, root, wanted):
        self.root = root
        self.current = None
        self.found = []
        self.n_patched = 0
        names = {}
        for name, attribute in wanted:
            names.setdefault(name, set()).add(attribute)
        for module in list(sys.modules.values()):
            for name, attributes in names.items():
                cls = getattr(module, name, None)
                if isinstance(cls, type) and cls.__module__ == getattr(module, "__name__", "") and inside(getattr(module, "__file__", ""), root):
                    self.patch(cls, attributes)

    def patch(self, cls, attributes):
        plain = cls.__getattribute__
        watch = self

        def reading(self, name):
            if name in attributes and watch.current is not None:
                watch.note(cls.__name__, name)
            return plain(self, name)

        cls.__getattribute__ = reading
        self.n_patched += 1

    def note(self, cls, name):
        if len(self.found) >= MAX_READS * 50:
            return
        frame = sys._getframe(2)
        frames = []
        while frame is not None and len(frames) < MAX_FRAMES:
            file = inside(frame.f_code.co_filename, self.root)
            own = type(frame.f_locals.get("self")) if "self" in frame.f_locals else None
            home = inside(getattr(sys.modules.get(own.__module__), "__file__", ""), self.root) if own else ""
            if file or home:
                symbol = getattr(frame.f_code, "co_qualname", frame.f_code.co_name)
                frames.append({"file": file, "line": frame.f_lineno, "symbol": symbol, "self": own.__qualname__ if home else "", "self_file": home})
            frame = frame.f_back
        self.found.append({"request": self.current, "cls": cls, "attribute": name, "frames": frames})


def reads(app, job):
    watch = Watch(job["root"], job["wanted"])
    undo = hold_changes()
    fresh = {}
    for number, request in enumerate(job["requests"]):
        if request["method"] not in ("GET", "HEAD") and not request["signs_in"] and undo is None:
            continue
        watch.current = number if request["evidence"] else None
        for old, new in fresh.items():
            request = json.loads(json.dumps(request).replace(old, new))
        body = ask(app, request)
        watch.current = None
        learn(request, body, fresh)
        if undo is not None and not request["signs_in"]:
            undo()
    seen = set()
    return [r for r in watch.found if (key := json.dumps(r)) not in seen and not seen.add(key)]


def hold_changes():
    """Keep requests from changing anything for good: SQLAlchemy's commits become flushes, and are rolled back."""
    orm = sys.modules.get("sqlalchemy.orm")
    if orm is None:
        return None
    sessions = []

    def held(self, *args):
        self.flush()
        sessions.append(self)

    plain = orm.Session.commit
    orm.Session.commit = held
    del plain

    def undo():
        while sessions:
            sessions.pop().rollback()

    return undo


def learn(request, body, fresh):
    try:
        document = json.loads(body)
    except ValueError:
        return
    now = dict(leaves(document, "$"))
    for path, old in request["hands_out"].items():
        if now.get(path) and now[path] != old:
            fresh[old] = now[path]


def leaves(value, path):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{path}.{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value


def ask(app, request):
    try:
        if asyncio.iscoroutinefunction(getattr(app, "__call__", None)) or asyncio.iscoroutinefunction(app):
            return asyncio.run(ask_asgi(app, request))
        return ask_wsgi(app, request)
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__} while a request was served\n")
        return b""


def ask_wsgi(app, request):
    body = request["body"].encode()
    environ = {
        "REQUEST_METHOD": request["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": request["path"],
        "QUERY_STRING": request["query"],
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
    }
    for name, value in request["headers"]:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    answer = app(environ, lambda *told: None)
    try:
        return b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()


async def ask_asgi(app, request):
    sent = []
    inbox = [{"type": "http.request", "body": request["body"].encode(), "more_body": False}]

    async def receive():
        return inbox.pop(0) if inbox else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request["method"],
        "scheme": "http",
        "path": request["path"],
        "raw_path": request["path"].encode(),
        "query_string": request["query"].encode(),
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "headers": [(n.lower().encode(), v.encode()) for n, v in request["headers"]],
    }
    await app(scope, receive, send)
    return b"".join(sent)


if __name__ == "__main__":
    main()
