"""Uploads stay in memory and under a limit; nothing is ever unpacked."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class BoundedMemory(FileUploadHandler):
    """Collect a file; stop the connection once it is too large."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- the base class's signature
        super().new_file(*args, **kwargs)
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.STANCH_MAX_UPLOAD_BYTES:
            raise StopUpload(connection_reset=True)
        self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._held.seek(0)
        return InMemoryUploadedFile(self._held, self.field_name, self.file_name or "file", self.content_type or "", file_size, self.charset)
