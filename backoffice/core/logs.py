"""Log lines: one JSON object a line, UTC, whatever the text holds (LOG-01), and never a token (design 4.19)."""

import json
import re

import structlog

# A piece of an address that may open something: mailed links, and payment pages, whose 128 bits take 22 characters. A
# public id (UUID) opens nothing.
_TOKEN = re.compile(r"/(?!(?:[0-9a-f]+-){4}[0-9a-f]{12}(?![\w-]))(?:[\w-]{24,}|[\w-]{22}(?![\w-]))", re.ASCII)


def without_tokens(
    _logger: structlog.typing.WrappedLogger, _method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The line with the tokens of addresses masked: Django writes down the path of whatever it refuses."""
    return {key: _TOKEN.sub("/•••", value) if isinstance(value, str) else value for key, value in line.items()}


_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


class JsonLines(structlog.stdlib.ProcessorFormatter):
    """Formats every record, ours and the libraries', as one line of ASCII JSON: CR, LF, ESC and U+2028 are escaped."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[*_PROCESSORS, structlog.stdlib.ExtraAdder(allow=["incident"])],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_tokens,
                structlog.processors.JSONRenderer(serializer=json.dumps),
            ],
        )
