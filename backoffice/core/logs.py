"""Log lines: one JSON object a line, UTC, whatever the text holds (LOG-01)."""

import json

import structlog

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
                structlog.processors.JSONRenderer(serializer=json.dumps),
            ],
        )
