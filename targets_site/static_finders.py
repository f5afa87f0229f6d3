"""Which static files of other packages are ours to serve."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import drf_spectacular_sidecar
from django.contrib.staticfiles.finders import BaseStorageFinder
from django.core.files.storage import FileSystemStorage

FOLDER = Path(drf_spectacular_sidecar.__file__).parent / "static"
SWAGGER = "drf_spectacular_sidecar/swagger-ui-dist"


class SwaggerFinder(BaseStorageFinder):
    """The script and the style of Swagger's page, and the map that the style names. The package
    has five times as much, which the first start of a try-out would have to compress."""

    storage = FileSystemStorage(location=FOLDER)
    FILES = (
        f"{SWAGGER}/swagger-ui-bundle.js",
        f"{SWAGGER}/swagger-ui.css",
        f"{SWAGGER}/swagger-ui.css.map",
    )

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        return ((path, self.storage) for path in self.FILES)
