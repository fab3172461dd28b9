"""A request as code, in the language and the flavour that somebody chose."""

from __future__ import annotations

from types import MappingProxyType

from vision_studio.core.code_curl import curl_code
from vision_studio.core.code_python import python_code
from vision_studio.core.code_request import CodeRequest, Flavour, Language, slots, without_thoughts
from vision_studio.core.code_typescript import typescript_code

_WRITERS = MappingProxyType(
    {Language.PYTHON: python_code, Language.TYPESCRIPT: typescript_code, Language.CURL: curl_code}
)
FILE_NAMES = MappingProxyType(
    {Language.PYTHON: "ask.py", Language.TYPESCRIPT: "ask.mts", Language.CURL: "ask.sh"}
)


def code(request: CodeRequest, language: Language, flavour: Flavour) -> str:
    """Return a program that makes the request, and prints the answer as it comes."""
    if flavour is Flavour.URL and slots(request.body["messages"][:-1]):
        request = without_thoughts(request)
    return _WRITERS[language](request, flavour)
