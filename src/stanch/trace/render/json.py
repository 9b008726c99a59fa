"""JSON (``stanch.trace/1``): the form that others rely on; docs/trace.md describes it."""

import orjson

from stanch.trace.model import SCHEMA, Cause, Chain, Fix, Place, Risk, Route, Step, Trace, Traced


def render_json(trace: Trace) -> bytes:
    """Write the trace; the same sources and report give the same bytes."""
    document = {
        "schema": SCHEMA,
        "source": {
            "n_files": trace.n_files,
            "n_lines": trace.n_lines,
            "n_routes": trace.n_routes,
            "unread": [{"file": file, "reason": reason} for file, reason in trace.unread],
        },
        "causes": [cause_dict(c) for c in trace.causes],
        "findings": [traced_dict(t) for t in trace.findings],
        "risks": [risk_dict(r) for r in trace.risks],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def cause_dict(c: Cause) -> dict[str, object]:
    return {
        **place_dict(c.step.place),
        "kind": c.step.kind,
        "confidence": c.confidence,
        "fields": list(c.fields),
        "findings": list(c.findings),
        "siblings": [route_dict(r) for r in c.siblings],
        "fix": fix_dict(c.fix) if c.fix else None,
    }


def fix_dict(f: Fix) -> dict[str, object]:
    return {"file": f.file, "safe": f.safe, "why": f.why, "diff": f.diff}


def traced_dict(t: Traced) -> dict[str, object]:
    return {
        "fingerprint": t.fingerprint,
        "endpoint": t.endpoint,
        "path": t.path,
        "datatype": t.datatype,
        "severity": t.severity,
        "route": route_dict(t.route) if t.route else None,
        "chains": [chain_dict(c) for c in t.chains],
        "abstained": t.abstained,
    }


def chain_dict(c: Chain) -> dict[str, object]:
    cause = {**place_dict(c.cause.place), "kind": c.cause.kind}
    return {"confidence": c.confidence, "cause": cause, "steps": [step_dict(s) for s in c.steps], "ends": c.ends}


def step_dict(s: Step) -> dict[str, object]:
    return {"kind": s.kind, **place_dict(s.place), "how": s.how}


def route_dict(r: Route) -> dict[str, object]:
    return {"method": r.method, "template": r.template, "framework": r.framework, "handler": place_dict(r.handler)}


def risk_dict(r: Risk) -> dict[str, object]:
    return {"rule": r.rule, "severity": r.severity, **place_dict(r.place), "says": r.says, "routes": [route_dict(x) for x in r.routes]}


def place_dict(p: Place) -> dict[str, object]:
    return {"file": p.file, "line": p.line, "symbol": p.symbol}
