"""How a browser is called in a few words."""

import re

# What a browser calls itself, before the ones that it pretends to be.
BROWSERS = {
    r"Edg(?:e|A|iOS)?/(\d+)": "Edge",
    r"360(?:SE|EE)()": "360",
    r"QQBrowser/(\d+)": "QQ",
    r"MicroMessenger/(\d+)": "WeChat",
    r"UOS Browser()": "UOS",
    r"(?:Firefox|FxiOS)/(\d+)": "Firefox",
    r"(?:Chrome|CriOS)/(\d+)": "Chrome",
    r"Version/(\d+)[.\d]* .*Safari/": "Safari",
    r"(?:MSIE |Trident/.*rv:)(\d+)": "Internet Explorer",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone|iPad": "iOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux|X11": "Linux",
}


def browser_words(user_agent: str) -> str:
    """As “Edge 120, Windows”; empty where nothing is known. What a browser says of itself proves
    nothing: it only helps to tell one's own."""
    found = [(re.search(sign, user_agent), name) for sign, name in BROWSERS.items()]
    browser = next((f"{name} {match[1]}".strip() for match, name in found if match), "")
    system = next((name for sign, name in SYSTEMS.items() if re.search(sign, user_agent)), "")
    return ", ".join(filter(None, [browser, system]))
