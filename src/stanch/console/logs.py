"""Log lines as JSON that say what kind of thing happened and where in our code, never what stood in a request."""

import json
import logging
from datetime import UTC, datetime


class Bare(logging.Formatter):
    """Leave out message and arguments: paths hold one-time secrets, and errors quote values."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"), "level": record.levelname, "logger": record.name}
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            line["status"] = str(status)
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "place": innermost(record)}
        return json.dumps(line)


def innermost(record: logging.LogRecord) -> str:
    place = record.exc_info[2] if record.exc_info else None
    while place and place.tb_next:
        place = place.tb_next
    return f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else ""
